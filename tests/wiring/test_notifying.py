"""Notices become notifications as far as they are wanted."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from helpers.app_services import stack
from helpers.wired import Wired
from tray_app.profiles.settings import Settings
from tray_app.state import Notice, NoticeKind

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", r"raise\(\)", "systemTrayWindowChanged")


async def test_notifications_can_be_switched_off(qapp: QApplication, tmp_path: Path) -> None:
    """By kind."""
    quiet_settings = Settings(
        notify_upstream=False, notify_errors=False, notify_failover=False, notify_budget=False, notify_cache=False
    )
    async with stack(tmp_path, settings=quiet_settings) as parts:
        quiet = Wired(parts)
        for kind in NoticeKind:
            parts.controller.activity.noticeRaised.emit(Notice(kind=kind, provider_id="one"))
        assert quiet.wiring._notifying.notifications._said == {}
