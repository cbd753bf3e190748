"""The menu of the tray icon: one tray menu that does the whole job (product 4.1).

It is made once and updated in place, because a menu that is rebuilt while it is open is closed by some tray hosts. It shows
an `AppState` and says what was chosen by signals; it does nothing itself. Every mark tells what is, never what was clicked.
"""

from __future__ import annotations

from itertools import zip_longest
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from tray_app.proxy.events import ServerState
from tray_app.state import AppState, ClientLink, Provider
from tray_app.ui import icons, text
from tray_app.ui.text import translate

# Name of the shell for the one who makes the text, and its label (proper names: not translated).
SHELLS: Final = (("bash", "bash / zsh"), ("fish", "fish"), ("powershell", "PowerShell"), ("cmd", "cmd.exe"))
BUSY: Final = frozenset({ServerState.STARTING, ServerState.DRAINING})
INLINE: Final = (
    12  # providers in the menu itself; more go into a submenu, or the rest of the menu would leave the screen
)


class TrayMenu(QMenu):
    """The menu.

    Signals:
        providerChosen(str): the id of a profile.
        startRequested(), stopRequested(): the proxy.
        endpointCopyRequested(), setupCopyRequested(str): the latter with a name out of `SHELLS`.
        claudeChosen(bool): connect Claude Code, or take that back.
        errorOpened(str): the id of the request that failed last.
        windowRequested(), quitRequested().
        autostartChosen(bool): start on login.
    """

    providerChosen = Signal(str)
    startRequested = Signal()
    stopRequested = Signal()
    endpointCopyRequested = Signal()
    setupCopyRequested = Signal(str)
    claudeChosen = Signal(bool)
    errorOpened = Signal(str)
    windowRequested = Signal()
    autostartChosen = Signal(bool)
    quitRequested = Signal()

    def __init__(self) -> None:
        super().__init__(text.APP_NAME)
        self.setToolTipsVisible(True)
        self._state = AppState()
        self._shown: list[Provider] = []
        self._status = self._add_note()
        self.addSeparator()
        self._providers: list[QAction] = []
        self._group = QActionGroup(self)
        self._group.triggered.connect(self._choose_provider)
        self._more = self.addMenu("")
        self._after_providers = self.addSeparator()
        self._switch = self._add(self._toggle)
        self._endpoint = self._add(self.endpointCopyRequested.emit)
        self._setup = self._add_shells()
        self._claude = self._add_mark(self.claudeChosen)
        self.addSeparator()
        self._today = self._add_note()
        self._error = self._add(self._open_error)
        self.addSeparator()
        self._open = self._add(self.windowRequested.emit)
        self._autostart = self._add_mark(self.autostartChosen)
        self.addSeparator()
        self._quit = self._add(self.quitRequested.emit)
        self.render_state(self._state)

    def render_state(self, state: AppState) -> None:
        """Show this state, in the language of now; entries that cannot work now are disabled, not hidden."""
        self._state = state
        self._status.setText(_plain(text.status_line(state)))
        self._today.setText(text.totals(state.today))
        self._today.setVisible(state.ready)
        self._render_actions(state)
        self._render_error(state)
        self._render_providers(state)
        self._render_marks()

    def _render_actions(self, state: AppState) -> None:
        running = state.server is ServerState.RUNNING
        self._switch.setText(translate("Tray", "&Stop proxy") if running else translate("Tray", "&Start proxy"))
        self._endpoint.setText(translate("Tray", "Copy &endpoint"))
        self._setup.setTitle(translate("Tray", "Copy set&up"))
        self._claude.setText(translate("Tray", "&Connect Claude Code"))
        self._open.setText(translate("Tray", "&Open Dragoman"))
        self._autostart.setText(translate("Tray", "Start on &login"))
        self._quit.setText(translate("Tray", "&Quit"))
        self._switch.setEnabled(state.ready and state.server not in BUSY)
        for action in (self._endpoint, self._setup.menuAction(), self._claude, self._autostart):
            action.setEnabled(state.ready)

    def _render_error(self, state: AppState) -> None:
        self._error.setVisible(state.last_error is not None)
        if state.last_error is None:
            return
        words = translate("Tray", "L&ast error: %1")
        what = f"{text.error_title(state.last_error.error)}{text.SEPARATOR}{state.last_error.provider_name}"
        self._error.setText(words.replace("%1", _plain(what)))
        self._error.setToolTip(state.last_error.error.upstream_text or state.last_error.error.message)

    def _render_providers(self, state: AppState) -> None:
        for number, (old, new) in enumerate(zip_longest(tuple(self._shown), state.providers)):
            if new is None:
                self._drop_provider()
            elif new != old:  # or every host would fetch every entry again, whatever changed
                _show_provider(self._providers[number] if old else self._add_provider(), new)
        self._shown = list(state.providers)
        hidden = self._shown[INLINE:]
        active = next((provider for provider in hidden if provider.id == state.active_id), None)
        more = translate("Tray", "&More providers")
        self._more.setTitle(more if active is None else f"{more}{text.SEPARATOR}{_plain(active.name)}")
        self._more.menuAction().setVisible(bool(hidden))

    def _render_marks(self) -> None:
        self._autostart.setChecked(self._state.autostart)
        self._claude.setChecked(self._state.claude is ClientLink.CONNECTED)
        active = next((action for action in self._providers if action.data() == self._state.active_id), None)
        for action in self._providers:
            font = action.font()
            font.setBold(action is active)  # beside a coloured dot styles draw little more than a frame as the mark
            action.setFont(font)
        if active is not None:
            active.setChecked(True)  # the group takes the mark from the other
        elif (marked := self._group.checkedAction()) is not None:
            # An exclusive group does not let go of its mark.
            self._group.setExclusive(False)
            marked.setChecked(False)
            self._group.setExclusive(True)

    def _add_provider(self) -> QAction:
        action = QAction(self)
        action.setCheckable(True)
        self._group.addAction(action)
        if len(self._providers) < INLINE:
            self.insertAction(self._more.menuAction(), action)
        else:
            self._more.addAction(action)
        self._providers.append(action)
        return action

    def _drop_provider(self) -> None:
        action = self._providers.pop()
        self._group.removeAction(action)
        (self if len(self._providers) < INLINE else self._more).removeAction(action)
        action.deleteLater()

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

    def _add_mark(self, chosen: object) -> QAction:
        """An entry with a mark that says by `chosen` which way it shall be."""

        def ask(wanted: bool) -> None:
            self._render_marks()  # Qt has moved the mark already
            chosen.emit(wanted)  # type: ignore[attr-defined]

        action = self._add(ask)
        action.setCheckable(True)
        return action

    def _choose_provider(self, action: QAction) -> None:
        self._render_marks()  # Qt has moved the mark already
        self.providerChosen.emit(action.data())

    def _open_error(self) -> None:
        if self._state.last_error is not None:
            self.errorOpened.emit(self._state.last_error.request_id)

    def _toggle(self) -> None:
        (self.stopRequested if self._state.server is ServerState.RUNNING else self.startRequested).emit()


def _show_provider(action: QAction, provider: Provider) -> None:
    action.setText(_plain(provider.name))
    action.setData(provider.id)
    action.setIcon(icons.dot(provider.color))


def _plain(label: str) -> str:
    # An ampersand in a name would become a keyboard shortcut.
    return label.replace("&", "&&")
