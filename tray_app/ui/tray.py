"""The icon in the system tray: look, tooltip and clicks; its menu is `tray_menu.py`.

It must be made anew when a StatusNotifier host arrives late (see `desktop/tray_host.py`), which `remake()` does. Whether
there is a tray at all is asked through a function, because Qt's answer depends on the platform plugin.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QSystemTrayIcon

from tray_app.state import AppState
from tray_app.ui import icons, text
from tray_app.ui.tray_menu import TrayMenu

Reason = QSystemTrayIcon.ActivationReason
BALLOON_MS = 8_000


class Tray(QObject):
    """The icon and its menu.

    Signals:
        opened(): the user wants the window.
        endpointCopyRequested(): from the menu; middleClicked(): by the middle button.
        messageClicked(): on the balloon.
    """

    opened = Signal()
    endpointCopyRequested = Signal()
    middleClicked = Signal()
    messageClicked = Signal()

    def __init__(
        self,
        is_available: Callable[[], bool] = QSystemTrayIcon.isSystemTrayAvailable,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.is_available = is_available
        self.menu = TrayMenu()
        self.menu.endpointCopyRequested.connect(self.endpointCopyRequested)
        self.menu.windowRequested.connect(self.opened)
        self._state = AppState()
        self._icon = self._make_icon()

    def show(self) -> None:
        """Put the icon into the tray, now or as soon as there is one."""
        self._icon.show()

    def hide(self) -> None:
        """Take the icon away."""
        self._icon.hide()

    def remake(self) -> None:
        """A new icon for a new host; the menu stays."""
        self._icon.hide()
        self._icon.deleteLater()
        self._icon = self._make_icon()
        self._icon.show()

    def render_state(self, state: AppState) -> None:
        """Show this state. Only what differs is sent: a tray host redraws for every change."""
        if state.look is not self._state.look:
            self._icon.setIcon(icons.tray(state.look))
        if (tooltip := text.tooltip(state)) != self._icon.toolTip():
            self._icon.setToolTip(tooltip)
        self._state = state
        self.menu.render_state(state)

    def retranslate(self) -> None:
        """The language has changed."""
        self.render_state(self._state)

    def show_message(self, title: str, body: str) -> None:
        """A balloon, for desktops without a notification service."""
        # With our own icon: some hosts swap the tray icon for the message's while it is shown.
        self._icon.showMessage(title, body, icons.tray(self._state.look), BALLOON_MS)

    def _make_icon(self) -> QSystemTrayIcon:
        icon = QSystemTrayIcon(icons.tray(self._state.look), self)
        icon.setToolTip(text.tooltip(self._state))
        icon.setContextMenu(self.menu)
        icon.activated.connect(self._activated)
        icon.messageClicked.connect(self.messageClicked)
        return icon

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is Reason.MiddleClick:
            self.middleClicked.emit()
        elif reason in {Reason.Trigger, Reason.DoubleClick} and sys.platform != "darwin":
            # The menu bar of macOS opens the menu for any click.
            self.opened.emit()
