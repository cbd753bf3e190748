"""The wiring over a started controller."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path

import pytest
import pytest_asyncio
import pytestqt.plugin
import shiboken6
from PySide6.QtWidgets import QApplication

from helpers.app_services import stack
from helpers.wired import Wired
from tray_app.runtime.loop import QtLoop


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """The program's own loop: timers and events of Qt happen while a test waits."""
    return {"qt": lambda: QtLoop(QApplication.instance() or QApplication([]))}


@pytest_asyncio.fixture
async def wired(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Wired]:
    """Everything connected, the window not opened yet; notifications go nowhere."""
    # Qt's events happen while the loop runs: pytest-qt would have them between the steps of a test, where nothing can spawn.
    monkeypatch.setattr(pytestqt.plugin, "_process_events", lambda: None)
    async with stack(tmp_path) as parts:
        made = Wired(parts)
        monkeypatch.setattr(made.wiring._notifying.notifications, "_bus", None)
        made.wiring.start()
        await parts.controller.start()
        yield made
        made.wiring.stop()
        made.wiring.close_window()
        # At once: what a window still has to do would be done while the next test waits.
        for each in (made.wiring._window, made.wiring, made.tray):
            if each is not None:
                shiboken6.delete(each)
