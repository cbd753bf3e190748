"""The messages of one request as they were on the wire: the client's side at the left, the provider's at the right.

One view shows headers, another bodies; each shows either the request or the answer. It asks for what it shows when it can be
seen, and only then: masking megabytes is not free. Counterpart: `control/recordings.py`, which answers.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QLineEdit, QPushButton, QSplitter, QStackedLayout, QVBoxLayout, QWidget

from tray_app.proxy.recorded import Recorded, Side
from tray_app.ui import theme
from tray_app.ui.models.request_log import RequestRow
from tray_app.ui.pages.message_pane import MessagePane
from tray_app.ui.text import translate
from tray_app.ui.widgets import row

NEEDLE_WIDTH: Final = 220
REQUEST: Final = (Side.CLIENT_REQUEST, Side.UPSTREAM_REQUEST)
ANSWER: Final = (Side.CLIENT_ANSWER, Side.UPSTREAM_ANSWER)


class MessageView(QWidget):
    """Two panes, a choice between request and answer, and a search over both.

    Signals:
        wanted(str, tuple, bool): messages (their sides) of the request with that id, with or without bodies.
        captureChosen(bool): record the bodies of requests from now on, or stop.
    """

    wanted = Signal(str, object, bool)
    captureChosen = Signal(bool)

    def __init__(self, *, bodies: bool) -> None:
        super().__init__()
        self._bodies = bodies
        self._request: RequestRow | None = None
        self._capturing = False
        self.asked = QPushButton(translate("Requests", "Re&quest"))
        self.answered = QPushButton(translate("Requests", "&Answer"))
        self.needle = QLineEdit()
        self.wrap = QCheckBox(translate("Requests", "&Wrap lines"))
        self.panes = (MessagePane(bodies=bodies), MessagePane(bodies=bodies))
        self.record = QPushButton(translate("Requests", "&Record bodies from now on"))
        self._found = theme.muted()
        self._words = theme.muted()
        self._arrange()
        self._connect()

    def show_row(self, request: RequestRow) -> None:
        """Show this request, now or when it can be seen."""
        self._request = request
        self._ask()

    def show_recorded(self, recorded: Recorded) -> None:
        """The answer to `wanted`; one for another request comes too late."""
        if self._request is None or recorded.id != self._request.started.id:
            return
        sides = self._sides()
        missing = self._missing(recorded)
        self._words.setText(missing)
        self.record.setVisible(self._bodies and not self._capturing)
        self._faces.setCurrentIndex(1 if missing else 0)
        for pane, side in zip(self.panes, sides, strict=True):
            pane.show_message(self._title(side), recorded.messages.get(side))
        self._count()

    def render_capturing(self, capturing: bool) -> None:
        """Whether bodies are being recorded."""
        if capturing != self._capturing:
            self._capturing = capturing
            self._ask()

    def search(self) -> None:
        """Go to the search."""
        self.needle.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.needle.selectAll()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask()

    def _ask(self) -> None:
        if self._request is not None and self.isVisible():
            self.wanted.emit(self._request.started.id, self._sides(), self._bodies)

    def _sides(self) -> tuple[Side, Side]:
        return REQUEST if self.asked.isChecked() else ANSWER

    def _title(self, side: Side) -> str:
        provider = self._request.started.profile_name if self._request is not None else ""
        return {
            Side.CLIENT_REQUEST: translate("Requests", "From the client"),
            Side.UPSTREAM_REQUEST: translate("Requests", "To %1"),
            Side.CLIENT_ANSWER: translate("Requests", "To the client"),
            Side.UPSTREAM_ANSWER: translate("Requests", "From %1"),
        }[side].replace("%1", provider or translate("Requests", "the provider"))

    def _missing(self, recorded: Recorded) -> str:
        """Why there is nothing to see, or an empty text."""
        if not recorded.messages:
            return translate(
                "Requests", "Nothing is kept of this request any more: only the newest 200 are remembered."
            )
        if not self._bodies or recorded.bodies:
            return ""
        if self._capturing:
            return translate("Requests", "The bodies of this request were not recorded, or made room for newer ones.")
        return translate(
            "Requests",
            "Bodies are not recorded. To see what is asked and answered, Dragoman can record the bodies of new requests: "
            "in memory only, 64 MB at most, keys masked, forgotten when you switch it off.",
        )

    # -- search

    def _count(self) -> None:
        words = self.needle.text()
        number = sum(pane.text.count(words) for pane in self.panes)
        self._found.setText(translate("Requests", "%1 found").replace("%1", str(number)) if words else "")

    def _begin_search(self) -> None:
        self._count()
        self._seek(anew=True)

    def _seek(self, *, backward: bool = False, anew: bool = False) -> None:
        """The next place in the pane that was searched last, then in the other, then round again."""
        words, views = self.needle.text(), [pane.text for pane in self.panes]
        if views[1].textCursor().hasSelection() and not anew:
            views.reverse()
        if not anew and views[0].seek(words, backward=backward):
            return
        for view in views:
            view.deselect()
        for view in views if anew else reversed(views):
            if view.seek(words, backward=backward, anew=True):
                return

    # -- build

    def _arrange(self) -> None:
        for button in (self.asked, self.answered):
            button.setCheckable(True)
            button.setAutoExclusive(True)
        self.asked.setChecked(True)
        self.needle.setPlaceholderText(translate("Requests", "Search in these (Ctrl+F)"))
        self.needle.setAccessibleName(translate("Requests", "Search in these messages"))
        self.needle.setClearButtonEnabled(True)
        self.needle.setFixedWidth(NEEDLE_WIDTH)
        self._found.setWordWrap(False)
        self.wrap.setChecked(True)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setObjectName("plain")
        split.setChildrenCollapsible(False)
        split.setHandleWidth(2 * theme.GAP)
        for pane in self.panes:
            split.addWidget(pane)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.GAP, 0, 0)
        column.addLayout(row(self.asked, self.answered, 1, self._found, self.needle, self.wrap))
        self._faces = QStackedLayout()
        self._faces.addWidget(split)
        self._faces.addWidget(self._nothing())
        column.addLayout(self._faces, 1)

    def _nothing(self) -> QWidget:
        face = QWidget()
        column = QVBoxLayout(face)
        column.addStretch(1)
        self._words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._words)
        column.addWidget(self.record, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)
        return face

    def _connect(self) -> None:
        self.asked.toggled.connect(self._ask)
        self.wrap.toggled.connect(self._wrap)
        self.needle.textChanged.connect(self._begin_search)
        self.needle.returnPressed.connect(self._seek)
        self.record.clicked.connect(lambda: self.captureChosen.emit(True))

    def _wrap(self, wrapped: bool) -> None:
        for pane in self.panes:
            pane.text.wrap(wrapped)
