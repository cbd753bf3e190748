"""Counts what the tray shows from the stream of events: running requests, the day's totals, the last error.

Pure: events in, values out; the calendar is handed in. The counterpart is the controller, which feeds every batch once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from tray_app.history.prices import Cost
from tray_app.proxy.events import (
    ErrorInfo,
    Event,
    RequestFailed,
    RequestFinished,
    RequestStarted,
    ServerState,
    ServerStateChanged,
)
from tray_app.state import LastError, Totals
from tray_app.translation.usage import Usage, UsageSource

MESSAGES_ROUTE = "messages"  # counts of tokens and probes are not what people mean by requests


def local_midnight(at: float) -> float:
    """The Unix time at which the local day of `at` began."""
    return datetime.fromtimestamp(at).replace(hour=0, minute=0, second=0, microsecond=0).timestamp()  # noqa: DTZ006


class Tally:
    """The running sums. `started_at` is the Unix time the program started at.

    Attributes:
        price: what a request cost.
        counted: requests ever counted here; tells whether anything came between a question to the ledger and its answer.
    """

    def __init__(self, started_at: float, midnight: Callable[[float], float] = local_midnight) -> None:
        self._midnight = midnight
        self._day = midnight(started_at)
        self._running: dict[str, RequestStarted] = {}
        self.price: Callable[[RequestStarted, Usage], Cost] = lambda _started, _usage: Cost()
        self.counted = 0
        self.totals = Totals(since=started_at, since_midnight=started_at == self._day)
        self.last_error: LastError | None = None

    @property
    def running(self) -> int:
        """Requests that have started and not ended."""
        return sum(1 for started in self._running.values() if started.route == MESSAGES_ROUTE)

    def feed(self, events: Iterable[Event]) -> None:
        """Count a batch, in order."""
        for event in events:
            match event:
                case RequestStarted():
                    self._running[event.id] = event
                case RequestFinished():
                    self._finished(event)
                case RequestFailed():
                    self._failed(event)
                case ServerStateChanged(state=ServerState.STOPPED | ServerState.FAILED):
                    self._running.clear()  # a drain ends every request; one whose end was lost must not run for ever
                case _:
                    pass

    def go_on_from(self, today: Totals) -> None:
        """These are the sums of the whole day so far."""
        self._day = today.since
        self.totals = today

    def look_at_clock(self, now: float) -> None:
        """A new day begins at zero, also without requests."""
        if self._midnight(now) > self._day:
            self._turn(self._midnight(now))

    def look_at(self, request_id: str) -> None:
        """The user has seen this error; the icon may calm down."""
        if self.last_error is not None and self.last_error.request_id == request_id:
            self.last_error = replace(self.last_error, resolved=True)

    def _finished(self, event: RequestFinished) -> None:
        started = self._running.pop(event.id, None)
        if started is None or started.route != MESSAGES_ROUTE:
            return
        self._count(started, event, failures=0)
        if self.last_error is not None and self.last_error.provider_id == started.profile_id:
            self.last_error = replace(self.last_error, resolved=True)

    def _failed(self, event: RequestFailed) -> None:
        started = self._running.pop(event.id, None)
        if started is None or started.route != MESSAGES_ROUTE:
            return
        self._count(started, event, failures=0 if event.cancelled else 1)
        if not event.cancelled:
            self.last_error = _last_error(started, event.at, event.error)

    def _turn(self, day: float) -> None:
        self._day = day
        self.totals = Totals(since=day, since_midnight=True)

    def _count(self, started: RequestStarted, ended: RequestFinished | RequestFailed, *, failures: int) -> None:
        self.counted += 1
        day = self._midnight(started.at)  # a request belongs to the day it began on, as in the ledger
        if day != self._day:
            if self._midnight(ended.at) == self._day:
                return
            self._turn(day)
        usage, cost = ended.usage, self.price(started, ended.usage)
        cached = usage.cache_read_input_tokens
        prompt = usage.input_tokens + usage.cache_creation_input_tokens + cached
        counted = prompt + usage.output_tokens > 0
        unused = bool(failures) and usage.source is UsageSource.UNKNOWN  # failed before it used anything
        self.totals = replace(
            self.totals,
            requests=self.totals.requests + 1,
            failures=self.totals.failures + failures,
            input_tokens=self.totals.input_tokens + prompt,
            cached_tokens=self.totals.cached_tokens + cached,
            output_tokens=self.totals.output_tokens + usage.output_tokens,
            estimated=self.totals.estimated or (counted and usage.source is not UsageSource.REPORTED),
            cost_usd=self.totals.cost_usd + (cost.usd or 0.0),
            unpriced=self.totals.unpriced + (cost.usd is None and not unused),
        )


def _last_error(started: RequestStarted, at: float, error: ErrorInfo) -> LastError:
    return LastError(
        request_id=started.id,
        provider_id=started.profile_id,
        provider_name=started.profile_name,
        at=at,
        error=error,
    )
