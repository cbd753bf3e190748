"""Decides what deserves a desktop notification; how often it is repeated is the notifier's cool-down.

Pure: events and sums in, notices out. A client's own mistakes and requests it gave up on are never news. The counterpart is
the controller; when prompt caching has collapsed is decided in `cache_watch.py`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Final

from tray_app.control.cache_watch import CacheWatch
from tray_app.proxy.events import (
    Event,
    RequestFailed,
    RequestFinished,
    RequestRetried,
    RequestStarted,
    ServerState,
    ServerStateChanged,
)
from tray_app.state import Notice, NoticeKind, Totals

BURST: Final = 5  # failures …
BURST_WINDOW_S: Final = 60.0  # … within this time
DOWN_AFTER: Final = 2  # unanswered requests in a row: one may be a dropped connection
QUIET_FAULTS: Final = frozenset({"client"})


class NoticePolicy:
    """Remembers just enough of the past to tell a burst and an outage from bad luck."""

    def __init__(self) -> None:
        self._started: dict[str, RequestStarted] = {}
        self._unanswered: dict[str, int] = {}
        self._failures: dict[str, deque[float]] = {}
        self._cache = CacheWatch()

    def feed(self, events: Iterable[Event]) -> tuple[Notice, ...]:
        """The notices for a batch, in order."""
        return tuple(notice for event in events if (notice := self._judge(event)) is not None)

    def _judge(self, event: Event) -> Notice | None:
        match event:
            case RequestStarted():
                self._started[event.id] = event
            case RequestFinished():
                started = self._started.pop(event.id, None)
                if started is not None:
                    self._unanswered.pop(started.profile_id, None)
                    return self._cache.judge(started, event)
            case RequestRetried():
                return self._retried(event)
            case RequestFailed():
                return self._failed(event)
            case ServerStateChanged(state=ServerState.FAILED):
                return Notice(kind=NoticeKind.SERVER_FAILED, detail=event.error or "")
            case ServerStateChanged(state=ServerState.STOPPED):
                self._started.clear()
            case _:
                pass
        return None

    def _failed(self, event: RequestFailed) -> Notice | None:
        started = self._started.pop(event.id, None)
        if started is None or event.cancelled or event.error.fault in QUIET_FAULTS:
            return None
        recent = self._remember(started.profile_id, event.at)
        detail = event.error.upstream_text or event.error.message
        kind = self._kind(started.profile_id, event, recent)
        if kind is None:
            return None
        return Notice(
            kind=kind,
            provider_id=started.profile_id,
            provider_name=started.profile_name,
            request_id=event.id,
            detail=detail,
            count=recent,
        )

    def _retried(self, event: RequestRetried) -> Notice | None:
        """Another provider takes over; another attempt at the same one is no news."""
        started = self._started.get(event.id)
        if started is None or event.profile_id == started.profile_id:
            return None
        return Notice(
            kind=NoticeKind.FAILED_OVER,
            provider_id=started.profile_id,
            provider_name=started.profile_name,
            substitute_id=event.profile_id,
            request_id=event.id,
            detail=event.reason,
        )

    def _kind(self, profile_id: str, event: RequestFailed, recent: int) -> NoticeKind | None:
        if event.error.type == "authentication_error":
            return NoticeKind.KEY_REJECTED
        unanswered = self._unanswered.get(profile_id, 0) + 1 if event.error.upstream_status is None else 0
        self._unanswered[profile_id] = unanswered
        if unanswered >= DOWN_AFTER:
            return NoticeKind.UPSTREAM_DOWN
        return NoticeKind.ERROR_BURST if recent >= BURST else None

    def _remember(self, profile_id: str, at: float) -> int:
        times = self._failures.setdefault(profile_id, deque(maxlen=BURST))
        times.append(at)
        while at - times[0] > BURST_WINDOW_S:
            times.popleft()
        return len(times)


class BudgetWatch:
    """Says once a day that the day's cost has reached the budget, and once more if the budget is then changed and reached."""

    def __init__(self) -> None:
        self._told: tuple[float, float] | None = None

    def judge(self, today: Totals, budget_usd: float) -> Notice | None:
        """The notice for these sums; a budget of 0 is none. Requests without a price cannot be in it."""
        occasion = (today.since, budget_usd)
        if not budget_usd or today.cost_usd < budget_usd or occasion == self._told:
            return None
        self._told = occasion
        return Notice(kind=NoticeKind.BUDGET_REACHED, amount=today.cost_usd, reference=budget_usd)
