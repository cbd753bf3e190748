"""What is shown until there is a provider of the user's own: three steps, the first of which works at once.

The answer to the test message is seen here as it streams. Holds no page of its own: the first page shows it. What is asked
for leaves by signals.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from tray_app.state import AppState, TestMessage
from tray_app.ui import icons, theme
from tray_app.ui.text import translate
from tray_app.ui.tray_menu import SHELLS
from tray_app.ui.widgets import Panel, Quote, row, wrapped

WIDTH = 620
PICTURE = 56
NUMBER_WIDTH = 24


class Welcome(QScrollArea):
    """The first minutes.

    Signals:
        testMessageRequested(): send a short message through the proxy.
        addRequested(): a provider.
        setupCopyRequested(str): with a name out of `tray_menu.SHELLS`.
    """

    testMessageRequested = Signal()
    addRequested = Signal()
    setupCopyRequested = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._busy = self._can_send = False
        self.test = QPushButton(translate("Welcome", "Send a test &message"))
        self.add = QPushButton(translate("Welcome", "&Add a provider…"))
        self.copy = QPushButton(translate("Welcome", "&Copy setup"))
        self._speaker = theme.muted()
        self.answer = Quote()
        self.answer.setAccessibleName(translate("Welcome", "Answer"))
        self._steps = [
            _Step(
                1,
                translate("Welcome", "See it work"),
                translate(
                    "Welcome", "The built-in Demo answers without an account, by the road that every request takes."
                ),
                self.test,
            ),
            _Step(
                2,
                translate("Welcome", "Use your own provider"),
                translate("Welcome", "Choose it, paste its key, save. The key stays in the keyring of your system."),
                self.add,
            ),
            _Step(
                3,
                translate("Welcome", "Connect Claude Code"),
                translate("Welcome", "Paste the setup into a terminal and start Claude Code there."),
                self.copy,
            ),
        ]
        self._arrange()
        self.test.clicked.connect(self.testMessageRequested)
        self.add.clicked.connect(self.addRequested)
        self.show_message(TestMessage())

    def render_state(self, state: AppState) -> None:
        """Follow the state: without a running proxy no message can be sent."""
        self._can_send = state.url is not None
        self.test.setEnabled(self._can_send and not self._busy)
        self._speaker.setText(state.active.name if state.active is not None else "")

    def show_message(self, message: TestMessage) -> None:
        """The answer as far as it has come, or why there is none."""
        self._busy = message.running
        self.test.setEnabled(self._can_send and not self._busy)
        words = message.problem or message.text
        if message.running and not words:
            words = "…"
        self.answer.show_words(words)
        self._speaker.setVisible(bool(words))
        if message.text and not message.running and not message.problem:
            self._steps[0].mark_done()

    def _arrange(self) -> None:
        said = QVBoxLayout()
        said.setContentsMargins(NUMBER_WIDTH + theme.GAP, 0, 0, 0)
        said.addWidget(self._speaker)
        said.addWidget(self.answer)
        self._steps[0].box.addLayout(said)
        menu = QMenu(self.copy)
        for name, label in SHELLS:
            menu.addAction(label).triggered.connect(lambda _=False, name=name: self._copy(name))
        self.copy.setMenu(menu)
        column = QVBoxLayout()
        column.setContentsMargins(0, theme.PAD, 0, theme.PAD)
        column.setSpacing(theme.PAD)
        column.addLayout(_head())
        for step in self._steps:
            column.addWidget(step)
        column.addStretch(1)
        middle = QWidget()
        middle.setLayout(column)
        middle.setMaximumWidth(WIDTH)
        middle.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        body = Panel("plain", horizontal=True, pad=0)
        body.box.addStretch(1)
        body.box.addWidget(middle, 8)
        body.box.addStretch(1)
        self.setWidget(body)
        self.setWidgetResizable(True)
        self.viewport().setAutoFillBackground(False)  # the page's ground shows through
        self.setObjectName("plain")
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def _copy(self, shell: str) -> None:
        self.setupCopyRequested.emit(shell)
        self._steps[2].mark_done()


class _Step(Panel):
    """A number, what to do, and the button that does it."""

    def __init__(self, number: int, title: str, sentence: str, button: QPushButton) -> None:
        super().__init__()
        self._number = theme.heading(str(number), 1.4)
        self._number.setFixedWidth(NUMBER_WIDTH)
        self._number.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(theme.heading(title, 1.1))
        words.addWidget(theme.muted(sentence))
        line = row(self._number)
        line.addLayout(words, 1)
        line.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.box.addLayout(line)

    def mark_done(self) -> None:
        """Show that it worked."""
        self._number.setText("✓")
        self._number.setStyleSheet(f"color: {theme.OK}")
        self._number.setAccessibleName(translate("Welcome", "Done"))


def _head() -> QHBoxLayout:
    picture = QLabel()
    picture.setPixmap(icons.application().pixmap(PICTURE, PICTURE))
    head = theme.heading(translate("Welcome", "Welcome to Dragoman"), 1.5)
    sentence = wrapped(
        translate(
            "Welcome",
            "It stands between Claude Code and the provider you choose, and tells you what happens there.",
        )
    )
    words = QVBoxLayout()
    words.addWidget(head)
    words.addWidget(sentence)
    top = row(picture)
    top.setSpacing(theme.PAD)
    top.addLayout(words, 1)
    return top
