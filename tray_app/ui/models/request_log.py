"""The newest requests as rows, built from events. No Qt and no words: what a row is, not how it looks.

A batch changes the log in one step and reports it as one span of new rows and a few spans of changed ones, which is all a
view has to hear; rows that merely grew are told apart from rows that reached another point, because there are many of the
former and little of them to paint. The oldest rows go when the log is full. The counterpart is `requests.py`, which formats.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import msgspec
from msgspec.structs import replace

from tray_app.history.prices import Cost
from tray_app.proxy.events import (
    ErrorInfo,
    Event,
    RequestFailed,
    RequestFinished,
    RequestProgress,
    RequestRefused,
    RequestRetried,
    RequestStarted,
)
from tray_app.translation.usage import Usage

CAPACITY: Final = 2_000
SPANS_MAX: Final = 8  # of a batch; more are told as one, since each costs the views a walk through their own tables


class RowState(StrEnum):
    """How far a request is."""

    WAITING = "waiting"  # sent, no token yet
    STREAMING = "streaming"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    REFUSED = "refused"  # turned away at our own door; no provider was asked


REFUSED: Final = "refused"  # in place of an error type, for the words
NO_USAGE: Final = Usage()
NO_COST: Final = Cost()
RUNNING: Final = frozenset({RowState.WAITING, RowState.STREAMING})
RowEvent = RequestProgress | RequestRetried | RequestFinished | RequestFailed


class RequestRow(msgspec.Struct, frozen=True):
    """One request, as far as it got. Durations are seconds since it arrived.

    A struct: every running row is replaced ten times a second, and that is ten times as fast as with a dataclass.
    """

    started: RequestStarted
    state: RowState = RowState.WAITING
    first_token_s: float | None = None
    total_s: float | None = None
    output_chars: int = 0
    status: int | None = None
    stop_reason: str | None = None
    usage: Usage = NO_USAGE
    error: ErrorInfo | None = None
    losses: tuple[str, ...] = ()
    attempts: int = 1
    headers_s: float | None = None
    retries: tuple[str, ...] = ()  # why each further attempt was made
    cost: Cost = NO_COST

    @property
    def tokens_per_s(self) -> float | None:
        """Output tokens by the time from the first token to the end; None where that says nothing."""
        if self.first_token_s is None or self.total_s is None or self.usage.output_tokens < 2:
            return None
        duration = self.total_s - self.first_token_s
        return self.usage.output_tokens / duration if duration > 0 else None


Span = tuple[int, int]  # the first and the last position


@dataclass(frozen=True, slots=True)
class Change:
    """What a batch did, in positions counted from the newest row (0) to the oldest, after the batch.

    `inserted` new rows stand at the top and `removed` fell off the end. Rows of `moved` reached another point of their
    life, rows of `grown` only have more output than before.
    """

    inserted: int = 0
    removed: int = 0
    moved: tuple[Span, ...] = ()
    grown: tuple[Span, ...] = ()


class RequestLog:
    """At most `capacity` rows, newest first. `price` tells what finished requests cost, from when it is set."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self.price: Callable[[RequestStarted, Usage], Cost] | None = None
        self._capacity = capacity
        self._rows: list[RequestRow] = []  # oldest first, so that appending is cheap
        self._first_number = 0  # rows are numbered for ever; this is the number of the oldest kept
        self._numbers: dict[str, int] = {}
        self._running: set[int] = set()

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, position: int) -> RequestRow:
        return self._rows[len(self._rows) - 1 - position]

    def position(self, request_id: str) -> int | None:
        """Where a request stands, or None if it is not (or no longer) here."""
        number = self._numbers.get(request_id)
        return None if number is None else self._first_number + len(self._rows) - 1 - number

    def number(self, position: int) -> int:
        """The number of the row at a position: newer rows have higher ones, and a row keeps its own for ever."""
        return self._first_number + len(self._rows) - 1 - position

    def feed(self, events: Iterable[Event]) -> Change:
        """Take in a batch, in order."""
        known = len(self._rows)
        before = self._first_number + known
        moved: set[int] = set()
        grown: set[int] = set()
        for event in events:
            if isinstance(event, RequestStarted):
                self._append(RequestRow(event))
            elif isinstance(event, RequestRefused):
                self._append(_refused(event))
            elif isinstance(event, RequestProgress | RequestRetried | RequestFinished | RequestFailed):
                number = self._numbers.get(event.id)
                if number is not None:
                    (grown if self._advance(number, event) else moved).add(number)
        removed = self._trim()
        inserted = min(self._first_number + len(self._rows) - before, len(self._rows))
        old = range(self._first_number, before)
        return Change(inserted, min(removed, known), self._spans(moved, old), self._spans(grown - moved, old))

    def running(self) -> tuple[Span, ...]:
        """Where the requests stand that have not ended."""
        return self._spans(self._running, range(self._first_number, self._first_number + len(self._rows)))

    def clear(self) -> None:
        """Forget what has ended. What runs is numbered anew, as if it had just begun."""
        kept = [row for row in self._rows if row.state in RUNNING]
        self._first_number += len(self._rows)
        self._rows = kept
        self._numbers = {row.started.id: self._first_number + place for place, row in enumerate(kept)}
        self._running = set(self._numbers.values())

    def same_errors(self, row: RequestRow) -> list[RequestRow]:
        """The kept rows, oldest first, that failed at the same provider in the same way."""
        return [other for other in self._rows if other.error is not None and _kind(other) == _kind(row)]

    def providers(self) -> tuple[str, ...]:
        """The names of the providers in the log, in the order of the alphabet."""
        return tuple(sorted({row.started.profile_name for row in self._rows if row.started.profile_name}))

    def _advance(self, number: int, event: RowEvent) -> bool:
        """Take the event in; True if the row only grew."""
        place = number - self._first_number
        before = self._rows[place]
        after = _advanced(before, event)
        if after.state not in RUNNING:
            self._running.discard(number)
            if self.price is not None:
                after = replace(after, cost=self.price(after.started, after.usage))
        self._rows[place] = after
        return before.state is RowState.STREAMING and isinstance(event, RequestProgress)

    def _append(self, row: RequestRow) -> None:
        number = self._first_number + len(self._rows)
        self._numbers[row.started.id] = number
        self._rows.append(row)
        if row.state in RUNNING:
            self._running.add(number)

    def _trim(self) -> int:
        excess = max(0, len(self._rows) - self._capacity)
        for row in self._rows[:excess]:
            self._running.discard(self._numbers.pop(row.started.id))
        del self._rows[:excess]
        self._first_number += excess
        return excess

    def _spans(self, numbers: Iterable[int], among: range) -> tuple[Span, ...]:
        """Runs of neighbours among these rows, as positions from the top."""
        newest = self._first_number + len(self._rows) - 1
        runs: list[list[int]] = []
        for position in sorted(newest - number for number in numbers if number in among):
            if runs and position == runs[-1][1] + 1:
                runs[-1][1] = position
            else:
                runs.append([position, position])
        if len(runs) > SPANS_MAX:
            return ((runs[0][0], runs[-1][1]),)
        return tuple((first, last) for first, last in runs)


def _kind(row: RequestRow) -> tuple[object, ...]:
    error = row.error
    return (row.started.profile_id, row.state, error.type, error.upstream_status, error.fault) if error else ()


def _refused(event: RequestRefused) -> RequestRow:
    nobody = RequestStarted(
        at=event.at,
        id=event.id,
        profile_id="",
        profile_name="",
        client=event.client,
        asked_model="",
        upstream_model="",
        stream=False,
    )
    error = ErrorInfo(type=REFUSED, message=event.reason, status=event.status, fault="client")
    return RequestRow(nobody, RowState.REFUSED, total_s=0.0, status=event.status, error=error)


def _advanced(row: RequestRow, event: RowEvent) -> RequestRow:
    if isinstance(event, RequestRetried):
        return replace(row, attempts=event.attempt, retries=(*row.retries, event.reason))
    if isinstance(event, RequestProgress):
        if row.state not in RUNNING:
            return row
        state = RowState.WAITING if event.first_token_s is None else RowState.STREAMING
        return replace(
            row,
            state=state,
            headers_s=event.headers_s,
            first_token_s=event.first_token_s,
            output_chars=event.output_chars,
        )
    row = replace(
        row,
        headers_s=event.timings.headers_s,
        first_token_s=event.timings.first_token_s,
        total_s=event.timings.total_s,
        status=event.status,
        usage=event.usage,
        losses=event.losses,
        attempts=event.attempts,
    )
    if isinstance(event, RequestFinished):
        return replace(row, state=RowState.DONE, stop_reason=event.stop_reason)
    return replace(row, state=RowState.CANCELLED if event.cancelled else RowState.FAILED, error=event.error)
