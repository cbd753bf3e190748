"""A tray and its wiring over a controller, for tests that act on one side and look at the other."""

from __future__ import annotations

from helpers.app_services import Stack
from helpers.signals import Listener
from tray_app.ui.dialogs.provider_editor import ProviderEditor
from tray_app.ui.main_window import MainWindow
from tray_app.ui.tray import Tray
from tray_app.wiring.wiring import Wiring


class Wired:
    """A tray and its wiring over a started controller."""

    def __init__(self, parts: Stack) -> None:
        self.parts = parts
        self.tray = Tray(is_available=lambda: True)
        self.wiring = Wiring(self.tray, parts.controller, parts.hub)
        self.states = Listener(parts.controller.board.stateChanged)

    @property
    def window(self) -> MainWindow:
        assert self.wiring._window is not None
        return self.wiring._window

    @property
    def editor(self) -> ProviderEditor:
        assert self.wiring._editing.editor is not None
        return self.wiring._editing.editor
