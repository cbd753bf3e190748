"""What the screen asks the ledger: functions of a connection that give frozen values. Run them with `Ledger.read`.

Days are local calendar days as ISO dates. Sums know how many of the requests behind them were estimated or unknown, so
every number can carry its mark.
"""

from __future__ import annotations

import sqlite3
from datetime import date, timedelta
from typing import Final

import msgspec

from tray_app.history.record import local_day

HOUR_S: Final = 3600
_ZONES_APART: Final = timedelta(days=2)  # of the calendars of two places at one moment, 26 hours at most

_SUMS: Final = """
    coalesce(sum(requests), 0), coalesce(sum(failed), 0), coalesce(sum(cancelled), 0),
    coalesce(sum(input_tokens), 0), coalesce(sum(cache_read_tokens), 0), coalesce(sum(cache_write_tokens), 0),
    coalesce(sum(output_tokens), 0), coalesce(sum(thinking_tokens), 0), coalesce(sum(cost_usd), 0.0),
    coalesce(sum(total_s), 0.0),
    coalesce(sum(requests * (usage_source = 'estimated')), 0),
    coalesce(sum((requests - failed) * (usage_source = 'unknown')), 0),
    coalesce(sum(iif(usage_source = 'unknown', requests - failed, requests) * (cost_source = 'unknown')), 0)
"""


class UsageTotals(msgspec.Struct, frozen=True):
    """Sums over requests. `input_tokens` is without the cached ones, so the three input fields add up to the prompts.

    `estimated` and `unknown` count requests whose tokens were not reported; `unpriced` those whose cost is unknown and
    therefore not in `cost_usd`. Requests that failed and told of no tokens have used none: they are not among the unknown.
    """

    requests: int = 0
    failed: int = 0
    cancelled: int = 0
    input_tokens: int = 0
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0
    output_tokens: int = 0
    thinking_tokens: int = 0
    cost_usd: float = 0.0
    total_s: float = 0.0
    estimated: int = 0
    unknown: int = 0
    unpriced: int = 0

    @property
    def prompt_tokens(self) -> int:
        """Everything that went in, each token once."""
        return self.input_tokens + self.cache_read_tokens + self.cache_write_tokens

    @property
    def cache_hit_rate(self) -> float | None:
        """The part of the prompts that came from a cache, 0 to 1; None where nothing went in."""
        return self.cache_read_tokens / self.prompt_tokens if self.prompt_tokens else None

    @property
    def error_rate(self) -> float | None:
        """The part of the requests that failed, 0 to 1; None without requests. Cancelled ones did not fail."""
        return self.failed / self.requests if self.requests else None


class HourTotals(msgspec.Struct, frozen=True):
    """One hour; `start` is Unix time in seconds."""

    start: float
    totals: UsageTotals


class DayTotals(msgspec.Struct, frozen=True):
    """One local day, ISO date."""

    day: str
    totals: UsageTotals


class ModelTotals(msgspec.Struct, frozen=True):
    """One provider and model."""

    profile_id: str
    profile_name: str
    model: str
    totals: UsageTotals


def totals(connection: sqlite3.Connection, first: date, last: date) -> UsageTotals:
    """The sums of a span of days, both included; for today give it twice."""
    row = connection.execute(f"SELECT {_SUMS} FROM usage WHERE day BETWEEN ? AND ?", _span(first, last)).fetchone()  # noqa: S608
    return UsageTotals(*row)


def by_day(connection: sqlite3.Connection, first: date, last: date) -> tuple[DayTotals, ...]:
    """The days that had requests, in order."""
    rows = connection.execute(
        f"SELECT day, {_SUMS} FROM usage WHERE day BETWEEN ? AND ? GROUP BY day ORDER BY day",  # noqa: S608
        _span(first, last),
    )
    return tuple(DayTotals(day, UsageTotals(*sums)) for day, *sums in rows)


def by_model(connection: sqlite3.Connection, first: date, last: date) -> tuple[ModelTotals, ...]:
    """Providers and models of a span of days, the busiest first."""
    rows = connection.execute(
        f"SELECT profile_id, max(profile_name), upstream_model, {_SUMS} FROM usage WHERE day BETWEEN ? AND ? "  # noqa: S608
        "GROUP BY profile_id, upstream_model ORDER BY sum(requests) DESC, profile_id, upstream_model",
        _span(first, last),
    )
    return tuple(ModelTotals(profile, name, model, UsageTotals(*sums)) for profile, name, model, *sums in rows)


def by_hour(connection: sqlite3.Connection, until: float, hours: int = 24) -> tuple[HourTotals, ...]:
    """The `hours` hours that end with the full hour after `until`, oldest first, empty ones included (from details)."""
    end = (int(until) // HOUR_S + 1) * HOUR_S
    start = end - hours * HOUR_S
    rows = connection.execute(
        f"""SELECT CAST(started_at - :start AS INTEGER) / {HOUR_S}, {_SUMS}
        FROM (SELECT *, 1 AS requests, outcome = 'failed' AS failed, outcome = 'cancelled' AS cancelled FROM request
              WHERE day >= :day AND started_at >= :start AND started_at < :end) GROUP BY 1""",  # noqa: S608
        {"day": earliest_day(start), "start": start, "end": end},
    )
    found = {hour: UsageTotals(*sums) for hour, *sums in rows}
    return tuple(HourTotals(start + hour * HOUR_S, found.get(hour, UsageTotals())) for hour in range(hours))


def earliest_day(start: float) -> str:
    """A day before which no request began that began at `start` (Unix time) or later, wherever the user has been since.

    Requests are stored by day: without it a question about hours would look at all of them.
    """
    return (local_day(start) - _ZONES_APART).isoformat()


def _span(first: date, last: date) -> tuple[str, str]:
    return first.isoformat(), last.isoformat()
