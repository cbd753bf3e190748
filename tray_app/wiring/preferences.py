"""Connects the Settings page with the controller, and opens what it asks for."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from tray_app.control.controller import Controller
from tray_app.state import SettingResult
from tray_app.ui.main_window import MainWindow
from tray_app.wiring.clipboard import Clipboard


class Preferences(QObject):
    """`window` gives the main window, if there is one."""

    def __init__(
        self, controller: Controller, clipboard: Clipboard, window: Callable[[], MainWindow | None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._controller = controller
        self._clipboard = clipboard
        self._window = window
        controller.settings.changeFinished.connect(self._show_result)

    def connect_page(self, window: MainWindow) -> None:
        """The page of a new window."""
        page, controller = window.settings, self._controller
        page.changed.connect(controller.settings.change)
        page.tokenRevealRequested.connect(lambda: page.show_token(controller.proxy.token()))
        page.tokenCopyRequested.connect(self._clipboard.copy_token)
        page.tokenRenewRequested.connect(controller.proxy.rotate_token)

    def _show_result(self, result: SettingResult) -> None:
        window = self._window()
        if window is not None:
            window.settings.show_result(result)
