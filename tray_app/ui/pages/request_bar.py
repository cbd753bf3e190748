"""The bar above the table of requests: search, state, provider, pause and follow. It says what is chosen, nothing more."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPushButton, QWidget

from tray_app.ui import icons, theme
from tray_app.ui.models.request_filter import StateChoice
from tray_app.ui.text import translate

SEARCH_WIDTH = 240
PROVIDER_WIDTH = 150


class RequestBar(QWidget):
    """The bar.

    Signals:
        chosen(StateChoice, str, str): state, provider's name (empty: any) and the words searched for.
        pauseChosen(bool), followChosen(bool): by the user.
        captureChosen(bool): record bodies from now on, or stop.
        leaveRequested(): the keyboard wants to go on to the table.
    """

    chosen = Signal(object, str, str)
    pauseChosen = Signal(bool)
    followChosen = Signal(bool)
    captureChosen = Signal(bool)
    leaveRequested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.search = QLineEdit()
        self.state = QComboBox()
        self.provider = QComboBox()
        self.pause = QPushButton(translate("Requests", "&Pause"))
        self.follow = QPushButton(translate("Requests", "F&ollow"))
        self.capturing = QPushButton(translate("Requests", "Recordin&g bodies"))
        self._fill()
        self._arrange()
        self.search.textChanged.connect(self._tell)
        self.search.returnPressed.connect(self.leaveRequested)
        for box in (self.state, self.provider):
            box.currentIndexChanged.connect(self._tell)
        self.pause.toggled.connect(self._pause)
        self.follow.clicked.connect(self.followChosen)
        self.capturing.clicked.connect(lambda: self.captureChosen.emit(False))

    def offer_providers(self, names: tuple[str, ...]) -> None:
        """The providers to choose from; the choice stays, also when its last request has left the log."""
        chosen = self.provider.currentData()
        wanted = ("", *dict.fromkeys((*names, *([chosen] if chosen else []))))
        if wanted == tuple(self.provider.itemData(n) for n in range(self.provider.count())):
            return
        self.provider.blockSignals(True)
        self.provider.clear()
        for name in wanted:
            self.provider.addItem(name or translate("Requests", "All providers"), name)
        self.provider.setCurrentIndex(max(0, self.provider.findData(chosen)))
        self.provider.blockSignals(False)

    def choose_provider(self, name: str) -> None:
        """Show only requests to this provider."""
        self.provider.setCurrentIndex(max(0, self.provider.findData(name)))

    def show_waiting(self, number: int) -> None:
        """How many requests the pause holds back."""
        self.pause.setText(pause_words(paused=self.pause.isChecked(), waiting=number))

    def show_capturing(self, capturing: bool) -> None:
        """A mark that cannot be overlooked while bodies are recorded; it is the switch, too."""
        self.capturing.setVisible(capturing)

    def clear(self) -> None:
        """Show everything again."""
        self.search.clear()
        self.state.setCurrentIndex(0)
        self.provider.setCurrentIndex(0)

    def _fill(self) -> None:
        for choice, words in (
            (StateChoice.ALL, translate("Requests", "All states")),
            (StateChoice.RUNNING, translate("Requests", "Running")),
            (StateChoice.DONE, translate("Requests", "Done")),
            (StateChoice.TROUBLE, translate("Requests", "Failed or cancelled")),
        ):
            self.state.addItem(words, choice.value)
        self.offer_providers(())
        self.search.setPlaceholderText(translate("Requests", "Search (Ctrl+F)"))
        self.search.setClearButtonEnabled(True)
        self.search.setAccessibleName(translate("Requests", "Search requests"))
        self.state.setAccessibleName(translate("Requests", "Show requests in this state"))
        self.provider.setAccessibleName(translate("Requests", "Show requests to this provider"))
        self.pause.setToolTip(translate("Requests", "Hold new requests back; those shown go on"))
        self.follow.setToolTip(translate("Requests", "Keep the newest request in view"))
        self.capturing.setObjectName("alert")
        self.capturing.setIcon(icons.dot(theme.BAD))
        self.capturing.setToolTip(
            translate(
                "Requests",
                "What clients and providers say to each other is kept in memory. Press to stop, and to forget it.",
            )
        )
        self.capturing.hide()
        for button in (self.pause, self.follow):
            button.setCheckable(True)
        self.follow.setChecked(True)

    def _arrange(self) -> None:
        self.search.setMinimumWidth(SEARCH_WIDTH)
        self.provider.setMinimumWidth(PROVIDER_WIDTH)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.GAP)
        line.addWidget(self.search, 1)
        for widget in (self.state, self.provider, self.pause, self.follow, self.capturing):
            line.addWidget(widget)

    def _tell(self) -> None:
        self.chosen.emit(StateChoice(self.state.currentData()), self.provider.currentData() or "", self.search.text())

    def _pause(self, paused: bool) -> None:
        self.show_waiting(0)
        self.pauseChosen.emit(paused)


def pause_words(*, paused: bool, waiting: int) -> str:
    """What the button of the pause says: to pause, or to go on and what has come meanwhile."""
    if not paused:
        return translate("Requests", "&Pause")
    if not waiting:
        return translate("Requests", "&Resume")
    return translate("Requests", "&Resume (%1 new)").replace("%1", str(waiting))
