"""The card that connects clients: Claude Code by its settings, a terminal by pasted lines, one terminal to one provider.

It shows an `AppState` and says by signals what is wanted; what would be changed is shown before, by
`dialogs/connect_claude.py`.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QPushButton, QSizePolicy

from tray_app.state import AppState, ClientLink
from tray_app.ui import text, theme
from tray_app.ui.text import translate
from tray_app.ui.tray_menu import SHELLS
from tray_app.ui.widgets import Panel, row


class ConnectCard(Panel):
    """Ways to use the endpoint.

    Signals:
        claudeConnectRequested(), claudeDisconnectRequested().
        endpointCopyRequested().
        setupCopyRequested(str), commandCopyRequested(str, str): a shell out of `SHELLS`; a profile's id before it.
    """

    claudeConnectRequested = Signal()
    claudeDisconnectRequested = Signal()
    endpointCopyRequested = Signal()
    setupCopyRequested = Signal(str)
    commandCopyRequested = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self._state = AppState()
        self._claude = _line()
        self._command = _line()
        self.connect_claude = QPushButton(translate("Connect", "Co&nnect…"))
        self.connect_claude.setAccessibleName(translate("Connect", "Connect Claude Code"))
        self.disconnect_claude = QPushButton(translate("Connect", "D&isconnect"))
        self.disconnect_claude.setAccessibleName(translate("Connect", "Disconnect Claude Code"))
        self.shell = QComboBox()
        self.shell.setAccessibleName(translate("Connect", "Shell"))
        for name, label in SHELLS:
            self.shell.addItem(label, name)
        self.copy_setup = QPushButton(translate("Connect", "Copy set&up"))
        self.copy_command = QPushButton(translate("Connect", "Copy co&mmand"))
        self.copy_endpoint = QPushButton(translate("Connect", "Copy &address"))
        self._address = _line()
        self._arrange()
        self._connect()

    def render_state(self, state: AppState) -> None:
        """Show this state."""
        self._state = state
        self._claude.setText(_link(state.claude))
        connected = state.claude in {ClientLink.CONNECTED, ClientLink.CHANGED}
        self.connect_claude.setVisible(state.claude is not ClientLink.CONNECTED)
        self.disconnect_claude.setVisible(connected)
        self._address.setText(
            translate("Connect", "Any Anthropic client: base URL %1, key: the local token").replace(
                "%1", state.url or "–"
            )
        )
        name = text.NOTHING if state.active is None else state.active.name
        self._command.setText(translate("Connect", "Only %1, in one terminal: a command to paste").replace("%1", name))
        self.copy_command.setEnabled(state.active is not None)
        for button in (self.connect_claude, self.copy_setup, self.copy_endpoint):
            button.setEnabled(state.ready)

    def _arrange(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.PAD)
        grid.setVerticalSpacing(theme.GAP)
        grid.setColumnStretch(1, 1)
        terminal = _line(translate("Connect", "Lines to paste into a shell or its profile"))
        for number, (title, words, controls) in enumerate(
            (
                (translate("Connect", "Claude Code"), self._claude, (self.connect_claude, self.disconnect_claude)),
                (translate("Connect", "A terminal"), terminal, (self.shell, self.copy_setup)),
                (translate("Connect", "One provider"), self._command, (self.copy_command,)),
                (translate("Connect", "Other clients"), self._address, (self.copy_endpoint,)),
            )
        ):
            grid.addWidget(theme.muted(title), number, 0)
            grid.addWidget(words, number, 1)
            grid.addLayout(row(1, *controls), number, 2)
        self.box.addWidget(theme.heading(translate("Connect", "Connect a client"), 1.1))
        self.box.addLayout(grid)

    def _connect(self) -> None:
        self.connect_claude.clicked.connect(self.claudeConnectRequested)
        self.disconnect_claude.clicked.connect(self.claudeDisconnectRequested)
        self.copy_endpoint.clicked.connect(self.endpointCopyRequested)
        self.copy_setup.clicked.connect(lambda: self.setupCopyRequested.emit(self.shell.currentData()))
        self.copy_command.clicked.connect(self._ask_command)

    def _ask_command(self) -> None:
        if self._state.active_id is not None:
            self.commandCopyRequested.emit(self._state.active_id, self.shell.currentData())


def _line(words: str = "") -> QLabel:
    """A sentence that wraps rather than widening the card."""
    label = QLabel(words)
    label.setWordWrap(True)
    label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    return label


def _link(link: ClientLink) -> str:
    """Whether Claude Code talks to us, in a sentence."""
    return {
        ClientLink.UNKNOWN: translate("Connect", "Its settings could not be read"),
        ClientLink.DISCONNECTED: translate("Connect", "Not connected: it does not use Dragoman"),
        ClientLink.CONNECTED: translate("Connect", "Connected: it uses Dragoman until you disconnect it"),
        ClientLink.CHANGED: translate("Connect", "Connected once; its settings were changed by hand since"),
    }[link]
