"""Connects clients on request: asks what would change, shows it, and only then lets it be changed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from tray_app.control.clients import ClientsControl
from tray_app.state import ClientPreview
from tray_app.ui.connect_card import ConnectCard
from tray_app.ui.dialogs.connect_claude import ConnectClaude
from tray_app.wiring.clipboard import Clipboard


class Connecting(QObject):
    """Owns the question. `window` shows the main window, its parent, and gives it."""

    def __init__(
        self, clients: ClientsControl, clipboard: Clipboard, window: Callable[[], QWidget], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._clients = clients
        self._clipboard = clipboard
        self._window = window
        self._asked = False
        self.dialog: ConnectClaude | None = None
        clients.previewed.connect(self._show)

    def attach(self, card: ConnectCard) -> None:
        """Let this card be of use."""
        card.claudeConnectRequested.connect(lambda: self.choose(connect=True))
        card.claudeDisconnectRequested.connect(lambda: self.choose(connect=False))
        card.endpointCopyRequested.connect(self._clipboard.copy_endpoint)
        card.setupCopyRequested.connect(self._clipboard.copy_setup)
        card.commandCopyRequested.connect(self._clipboard.copy_command)

    def choose(self, connect: bool) -> None:
        """Connect Claude Code after a look at what that changes, or take it back at once."""
        if not connect:
            self._clients.disconnect_claude()
        elif self.dialog is None:
            self._asked = True
            self._clients.preview()

    def close(self) -> None:
        """No answer is a no."""
        self._asked = False
        if self.dialog is not None:
            self.dialog.reject()

    def _show(self, preview: ClientPreview) -> None:
        if not self._asked:
            return
        self._asked = False
        dialog = ConnectClaude(preview, self._window())
        dialog.confirmed.connect(self._clients.connect_claude)
        dialog.finished.connect(self._forget)
        self.dialog = dialog
        dialog.open()

    def _forget(self) -> None:
        self.dialog = None
