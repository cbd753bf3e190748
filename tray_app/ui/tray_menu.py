"""The menu of the tray icon: one tray menu that does the whole job (product 4.1).

It is made once and updated in place, because a menu that is rebuilt while it is open is closed by some tray hosts. It shows
an `AppState` and says what was chosen by signals; it does nothing itself.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from tray_app.proxy.events import ServerState
from tray_app.state import AppState, Provider
from tray_app.ui import icons, text
from tray_app.ui.text import translate

# Name of the shell for the one who makes the text, and its label (proper names: not translated).
SHELLS: Final = (("bash", "bash / zsh"), ("fish", "fish"), ("powershell", "PowerShell"), ("cmd", "cmd.exe"))
BUSY: Final = frozenset({ServerState.STARTING, ServerState.DRAINING})


class TrayMenu(QMenu):
    """The menu.

    Signals:
        providerChosen(str): the id of a profile.
        startRequested(), stopRequested(): the proxy.
        endpointCopyRequested(), setupCopyRequested(str): the latter with a name out of `SHELLS`.
        errorOpened(str): the id of the request that failed last.
        windowRequested(), quitRequested().
        autostartChosen(bool): start on login.
    """

    providerChosen = Signal(str)
    startRequested = Signal()
    stopRequested = Signal()
    endpointCopyRequested = Signal()
    setupCopyRequested = Signal(str)
    errorOpened = Signal(str)
    windowRequested = Signal()
    autostartChosen = Signal(bool)
    quitRequested = Signal()

    def __init__(self) -> None:
        super().__init__(text.APP_NAME)
        self.setToolTipsVisible(True)
        self._error_id = ""
        self._running = False
        self._status = self._add_note()
        self.addSeparator()
        self._providers: list[QAction] = []
        self._group = QActionGroup(self)
        self._group.triggered.connect(lambda action: self.providerChosen.emit(action.data()))
        self._after_providers = self.addSeparator()
        self._switch = self._add(self._toggle)
        self._endpoint = self._add(self.endpointCopyRequested.emit)
        self._setup = self._add_shells()
        self.addSeparator()
        self._today = self._add_note()
        self._error = self._add(lambda: self.errorOpened.emit(self._error_id))
        self.addSeparator()
        self._open = self._add(self.windowRequested.emit)
        self._autostart = self.addAction("")
        self._autostart.setCheckable(True)
        self._autostart.triggered.connect(self.autostartChosen)
        self.addSeparator()
        self._quit = self._add(self.quitRequested.emit)
        self.retranslate(AppState())

    def retranslate(self, state: AppState) -> None:
        """Say everything in the present language: what never changes, and this state."""
        self._endpoint.setText(translate("Tray", "Copy endpoint"))
        self._setup.setTitle(translate("Tray", "Copy setup"))
        self._open.setText(translate("Tray", "Open Dragoman"))
        self._autostart.setText(translate("Tray", "Start on login"))
        self._quit.setText(translate("Tray", "Quit"))
        self.render_state(state)

    def render_state(self, state: AppState) -> None:
        """Show this state; entries that cannot work now are disabled, not hidden."""
        self._running = state.server is ServerState.RUNNING
        self._status.setText(_plain(text.status_line(state)))
        self._switch.setText(translate("Tray", "Stop proxy") if self._running else translate("Tray", "Start proxy"))
        self._switch.setEnabled(state.ready and state.server not in BUSY)
        self._endpoint.setEnabled(state.ready)
        self._setup.setEnabled(state.ready)
        self._autostart.setEnabled(state.ready)
        self._autostart.setChecked(state.autostart)
        self._today.setText(text.totals(state.today))
        self._today.setVisible(state.ready)
        self._render_error(state)
        self._render_providers(state)

    def _render_error(self, state: AppState) -> None:
        self._error.setVisible(state.last_error is not None)
        if state.last_error is None:
            return
        self._error_id = state.last_error.request_id
        words = translate("Tray", "Last error: %1").replace("%1", text.error_title(state.last_error.error))
        self._error.setText(_plain(f"{words}{text.SEPARATOR}{state.last_error.provider_name}"))
        self._error.setToolTip(state.last_error.error.upstream_text or state.last_error.error.message)

    def _render_providers(self, state: AppState) -> None:
        while len(self._providers) < len(state.providers):
            self._providers.append(self._add_provider())
        while len(self._providers) > len(state.providers):
            action = self._providers.pop()
            self._group.removeAction(action)
            self.removeAction(action)
            action.deleteLater()
        # An exclusive group does not let go of its mark, and Qt has marked whatever was clicked.
        self._group.setExclusive(False)
        for action, provider in zip(self._providers, state.providers, strict=True):
            _show_provider(action, provider, active=provider.id == state.active_id)
        self._group.setExclusive(True)

    def _add_provider(self) -> QAction:
        action = QAction(self)
        action.setCheckable(True)
        self._group.addAction(action)
        self.insertAction(self._after_providers, action)
        return action

    def _add_shells(self) -> QMenu:
        menu = self.addMenu("")
        for name, label in SHELLS:
            menu.addAction(label).setData(name)
        menu.triggered.connect(lambda action: self.setupCopyRequested.emit(action.data()))
        return menu

    def _add_note(self) -> QAction:
        note = self.addAction("")
        note.setEnabled(False)
        return note

    def _add(self, chosen: object) -> QAction:
        action = self.addAction("")
        action.triggered.connect(chosen)
        return action

    def _toggle(self) -> None:
        (self.stopRequested if self._running else self.startRequested).emit()


def _show_provider(action: QAction, provider: Provider, *, active: bool) -> None:
    action.setText(_plain(provider.name))
    action.setData(provider.id)
    action.setIcon(icons.dot(provider.color))
    action.setChecked(active)


def _plain(label: str) -> str:
    # An ampersand in a name would become a keyboard shortcut.
    return label.replace("&", "&&")
