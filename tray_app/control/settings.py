"""The settings of the program, and the one that the operating system keeps: whether Dragoman starts on login."""

from __future__ import annotations

import asyncio

from tray_app.control.area import Area
from tray_app.control.board import Board
from tray_app.desktop.autostart import Autostart


class SettingsControl(Area):
    """Changes settings."""

    def __init__(self, board: Board, autostart: Autostart) -> None:
        super().__init__(board)
        self._autostart = autostart

    def set_autostart(self, enabled: bool) -> None:
        """Start with the session, or not."""
        self._spawn("autostart", self._set_autostart(enabled))

    async def open(self) -> None:
        """Ask the operating system what it was told."""
        self._board.publish(autostart=await asyncio.to_thread(self._autostart.is_enabled))

    async def _set_autostart(self, enabled: bool) -> None:
        await asyncio.to_thread(self._autostart.enable if enabled else self._autostart.disable)
        await self.open()
