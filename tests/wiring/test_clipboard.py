"""What is asked for is in the clipboard."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QGuiApplication

from helpers.app_services import TOKEN
from helpers.wired import Wired

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", r"raise\(\)", "systemTrayWindowChanged")


async def test_copying_fills_the_clipboard(wired: Wired) -> None:
    """Endpoint and setup, from the tray and from the window."""
    clipboard = QGuiApplication.clipboard()
    for ask in (
        wired.tray.menu.endpointCopyRequested.emit,
        wired.tray.endpointCopyRequested.emit,
        wired.tray.middleClicked.emit,
    ):
        clipboard.clear()
        ask()
        assert clipboard.text() == wired.parts.server.url
    wired.tray.menu.setupCopyRequested.emit("fish")
    assert TOKEN in clipboard.text()
    wired.wiring.open_window()
    wired.window.requests.setupCopyRequested.emit("cmd")
    assert "set" in clipboard.text()
