"""Turns notices into desktop notifications, as far as the settings want them."""

from __future__ import annotations

import time
from typing import Final

from PySide6.QtCore import QObject

from tray_app.control.controller import Controller
from tray_app.desktop.notifications import Notifications
from tray_app.state import Notice, NoticeKind
from tray_app.ui import problem_text
from tray_app.ui.tray import Tray

# The setting that switches a kind off.
SWITCHES: Final = {
    NoticeKind.KEY_REJECTED: "notify_upstream",
    NoticeKind.UPSTREAM_DOWN: "notify_upstream",
    NoticeKind.ERROR_BURST: "notify_errors",
    NoticeKind.SERVER_FAILED: "notify_errors",
    NoticeKind.BUDGET_REACHED: "notify_budget",
    NoticeKind.CACHE_COLLAPSED: "notify_cache",
}


class Notifying(QObject):
    """Listens to the controller's notices. The cool-down is counted per kind and provider."""

    def __init__(self, controller: Controller, tray: Tray, parent: QObject) -> None:
        super().__init__(parent)
        self._board = controller.board
        self.notifications = Notifications(time.monotonic, tray, parent=self)
        controller.activity.noticeRaised.connect(self._notify)

    def _notify(self, notice: Notice) -> None:
        if getattr(self._board.state.settings, SWITCHES[notice.kind]):
            self.notifications.say((notice.kind, notice.provider_id), *problem_text.notice(notice))
