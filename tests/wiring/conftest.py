"""The wiring over a started controller."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from PySide6.QtWidgets import QApplication

from helpers.app_services import stack
from helpers.wired import Wired


@pytest_asyncio.fixture
async def wired(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Wired]:
    """Everything connected, the window not opened yet; notifications go nowhere."""
    async with stack(tmp_path) as parts:
        made = Wired(parts)
        monkeypatch.setattr(made.wiring._notifying.notifications, "_bus", None)
        made.wiring.start()
        await parts.controller.start()
        yield made
        made.wiring.stop()
        made.wiring.close_window()
