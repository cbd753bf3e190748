"""What happens in the proxy, for the tray and for notifications: running requests, the day's sums, the last error."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Signal

from tray_app.control.area import Area
from tray_app.control.board import Board
from tray_app.control.notices import NoticePolicy
from tray_app.control.tally import Tally
from tray_app.proxy.hub import Batch


class Activity(Area):
    """Takes in every batch once. `now` is Unix time in seconds.

    Signals:
        noticeRaised(Notice): something worth a notification, before any cool-down.
    """

    noticeRaised = Signal(object)

    def __init__(self, board: Board, now: Callable[[], float]) -> None:
        super().__init__(board)
        self._tally = Tally(now())
        self._notices = NoticePolicy()

    def reading(self) -> dict[str, Any]:
        tally = self._tally
        return {"running": tally.running, "today": tally.totals, "last_error": tally.last_error}

    def observe(self, batch: Batch) -> None:
        """Take in what the hub told."""
        self._tally.feed(batch.events)
        for notice in self._notices.feed(batch.events):
            self.noticeRaised.emit(notice)
        self._board.publish()

    def look_at(self, request_id: str) -> None:
        """The user has seen this error."""
        self._tally.look_at(request_id)
        self._board.publish()
