"""Everything the Overview page shows of a span of days, asked in one go: run it with `Ledger.read`.

Today is shown by the hours of the last day and night, longer spans by days. How long first tokens took is known only of
requests that are still there in detail.
"""

from __future__ import annotations

import sqlite3
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Final

import msgspec

from tray_app.history.reads import HOUR_S, ModelTotals, UsageTotals, by_day, by_hour, by_model, earliest_day, totals
from tray_app.history.record import local_day

HOURS: Final = 24


class Span(StrEnum):
    """What the page can show."""

    TODAY = "today"
    WEEK = "week"
    MONTH = "month"

    @property
    def days(self) -> int:
        """Calendar days, today included."""
        return {Span.TODAY: 1, Span.WEEK: 7, Span.MONTH: 30}[self]


class Wait(msgspec.Struct, frozen=True):
    """How long the first token took, in seconds: nearest-rank percentiles of `count` requests."""

    median_s: float
    p95_s: float
    count: int


class Bucket(msgspec.Struct, frozen=True):
    """An hour or a day; `start` is Unix time in seconds. `wait` is None where no first token is known."""

    start: float
    totals: UsageTotals
    wait: Wait | None = None


class ModelLine(msgspec.Struct, frozen=True):
    """One provider and model."""

    sums: ModelTotals
    wait: Wait | None = None


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """The answer. `ever` tells whether the ledger holds anything at all; `today` are the sums of today, whatever the span."""

    span: Span
    ever: bool
    today: UsageTotals
    totals: UsageTotals
    buckets: tuple[Bucket, ...]
    models: tuple[ModelLine, ...]


def overview(connection: sqlite3.Connection, span: Span, now: float) -> Overview:
    """The sums of the span that ends today; `now` is Unix time in seconds."""
    last = local_day(now)
    first = last - timedelta(days=span.days - 1)
    return Overview(
        span=span,
        ever=bool(connection.execute("SELECT EXISTS (SELECT 1 FROM usage)").fetchone()[0]),
        today=totals(connection, last, last),
        totals=totals(connection, first, last),
        buckets=_hours(connection, now) if span is Span.TODAY else _days(connection, first, span.days),
        models=_models(connection, first, last),
    )


def _hours(connection: sqlite3.Connection, now: float) -> tuple[Bucket, ...]:
    hours = by_hour(connection, now, HOURS)
    start = hours[0].start
    since = (earliest_day(start), start)
    waits = _waits(
        connection, f"CAST(started_at - {start} AS INTEGER) / {HOUR_S}", "day >= ? AND started_at >= ?", since
    )
    return tuple(Bucket(hour.start, hour.totals, waits.get(number)) for number, hour in enumerate(hours))


def _days(connection: sqlite3.Connection, first: date, number: int) -> tuple[Bucket, ...]:
    days = [first + timedelta(days=offset) for offset in range(number)]
    sums = {found.day: found.totals for found in by_day(connection, first, days[-1])}
    waits = _waits(connection, "day", "day >= ?", (first.isoformat(),))
    return tuple(
        Bucket(
            datetime.combine(day, time()).timestamp(),
            sums.get(day.isoformat(), UsageTotals()),
            waits.get(day.isoformat()),
        )
        for day in days
    )


def _models(connection: sqlite3.Connection, first: date, last: date) -> tuple[ModelLine, ...]:
    span = (first.isoformat(), last.isoformat())
    waits = _waits(connection, "profile_id || char(0) || upstream_model", "day BETWEEN ? AND ?", span)
    return tuple(
        ModelLine(sums, waits.get(f"{sums.profile_id}\0{sums.model}")) for sums in by_model(connection, first, last)
    )


def _waits(connection: sqlite3.Connection, key: str, where: str, values: tuple[Any, ...]) -> dict[Any, Wait]:
    # `key` and `where` are written above, never by a user.
    rows = connection.execute(
        f"""SELECT key, min(s) FILTER (WHERE place >= 0.5 * n), min(s) FILTER (WHERE place >= 0.95 * n), n
        FROM (SELECT key, s, row_number() OVER (PARTITION BY key ORDER BY s) AS place, count(*) OVER (PARTITION BY key) AS n
              FROM (SELECT {key} AS key, first_token_s AS s FROM request WHERE first_token_s IS NOT NULL AND {where}))
        GROUP BY key""",  # noqa: S608
        values,
    )
    return {key: Wait(*numbers) for key, *numbers in rows}
