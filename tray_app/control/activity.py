"""What happens in the proxy, for the tray and for notifications: running requests, the day's sums, the last error."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from PySide6.QtCore import Signal

from tray_app.control.area import Area
from tray_app.control.board import Board
from tray_app.control.notices import BudgetWatch, NoticePolicy
from tray_app.control.tally import Tally, local_midnight
from tray_app.history.prices import Prices
from tray_app.history.record import cost_of
from tray_app.proxy.hub import Batch
from tray_app.state import Notice, Totals

AFTER_MIDNIGHT_S: Final = 1.0  # a timer may be a little early


class Activity(Area):
    """Takes in every batch once. `now` is Unix time in seconds.

    Signals:
        noticeRaised(Notice): something worth a notification, before any cool-down.
    """

    noticeRaised = Signal(object)

    def __init__(self, board: Board, now: Callable[[], float]) -> None:
        super().__init__(board)
        self._now = now
        self._tally = Tally(now())
        self._notices = NoticePolicy()
        self._budget = BudgetWatch()
        self._midnight: asyncio.TimerHandle | None = None

    def watch_calendar(self) -> None:
        """Begin a new day's sums at midnight, also when nothing happens."""
        self._midnight = asyncio.get_running_loop().call_later(_until_midnight_s(self._now()), self._turn_day)

    def rest(self) -> None:
        """Let go of the calendar. Idempotent."""
        if self._midnight is not None:
            self._midnight.cancel()

    def reading(self) -> dict[str, Any]:
        tally = self._tally
        return {"running": tally.running, "today": tally.totals, "last_error": tally.last_error}

    def observe(self, batch: Batch) -> None:
        """Take in what the hub told."""
        self._tally.feed(batch.events)
        for notice in self._notices.feed(batch.events):
            self.noticeRaised.emit(notice)
        if (reached := self._over_budget()) is not None:
            self.noticeRaised.emit(reached)
        self._board.publish()

    @property
    def counted(self) -> int:
        """How many requests have been counted since the start."""
        return self._tally.counted

    def go_on_from(self, today: Totals) -> None:
        """The day's sums, of this and every other program. What had been spent before the start is no news."""
        first = not self._tally.totals.since_midnight
        self._tally.go_on_from(today)
        reached = self._over_budget()
        if reached is not None and not first:
            self.noticeRaised.emit(reached)
        self._board.publish()

    def use_prices(self, prices: Prices) -> None:
        """Count with these from now on."""
        self._tally.price = partial(cost_of, prices)

    def look_at(self, request_id: str) -> None:
        """The user has seen this error."""
        self._tally.look_at(request_id)
        self._board.publish()

    def _over_budget(self) -> Notice | None:
        return self._budget.judge(self._tally.totals, self._board.state.settings.daily_budget_usd)

    def _turn_day(self) -> None:
        self._tally.look_at_clock(self._now())
        self._board.publish()
        self.watch_calendar()


def _until_midnight_s(now: float) -> float:
    tomorrow = datetime.fromtimestamp(local_midnight(now)) + timedelta(days=1)  # noqa: DTZ006 - not always 24 hours
    return tomorrow.timestamp() - now + AFTER_MIDNIGHT_S
