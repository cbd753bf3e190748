"""Tests of history/reads.py: what the screen is told."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, timedelta

import pytest

from helpers.ledger_events import failed, finished, started, stored
from tray_app.history.overview import Span, overview
from tray_app.history.prices import Price, Prices
from tray_app.history.reads import HOUR_S, UsageTotals, by_day, by_hour, by_model, totals
from tray_app.history.record import Joiner
from tray_app.history.rollup import roll_up
from tray_app.history.schema import prepare
from tray_app.translation.usage import Usage, UsageSource

TODAY = date(2026, 11, 23)
YESTERDAY = TODAY - timedelta(days=1)
PRICES = Prices((Price(model="priced", since=date(2026, 1, 1), input=1.0, output=1.0),))
ESTIMATED = Usage(input_tokens=1_000_000, source=UsageSource.ESTIMATED)


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    """Five requests of two days, two providers and all three sources."""
    with closing(sqlite3.connect(":memory:")) as opened:
        prepare(opened)
        joiner = Joiner(PRICES, lambda at: TODAY if at >= 10 * HOUR_S else YESTERDAY)
        for events in (
            (started("1", 9 * HOUR_S, upstream_model="priced"), finished("1")),
            (started("2", 10 * HOUR_S), finished("2")),
            (started("3", 10 * HOUR_S + 1, upstream_model="priced"), finished("3", usage=ESTIMATED)),
            (started("4", 12 * HOUR_S, profile_id="q", profile_name="Q"), failed("4")),
            (started("5", 12 * HOUR_S + 1), failed("5", cancelled=True)),
        ):
            stored(opened, joiner, *events)
        yield opened


def test_totals_of_today(connection: sqlite3.Connection) -> None:
    """Each token once, and how many requests behind the sums were estimated, unknown or have no price."""
    found = totals(connection, TODAY, TODAY)
    assert (found.requests, found.failed, found.cancelled) == (4, 1, 1)
    assert (found.input_tokens, found.cache_read_tokens, found.cache_write_tokens) == (1_000_100, 300, 50)
    assert (found.prompt_tokens, found.output_tokens, found.thinking_tokens) == (1_000_450, 20, 5)
    assert (found.cost_usd, found.estimated, found.unknown, found.unpriced) == (1.0, 1, 1, 2)
    assert found.error_rate == 0.25
    assert found.cache_hit_rate == pytest.approx(300 / 1_000_450)


def test_no_requests_have_no_rates(connection: sqlite3.Connection) -> None:
    """Nothing divided by nothing is not zero."""
    empty = totals(connection, date(2020, 1, 1), date(2020, 1, 1))
    assert empty == UsageTotals()
    assert (empty.cache_hit_rate, empty.error_rate) == (None, None)


def test_days_and_models(connection: sqlite3.Connection) -> None:
    """Days in order, the busiest model first; the same after a roll-up."""
    for _ in range(2):
        assert [(day.day, day.totals.requests) for day in by_day(connection, YESTERDAY, TODAY)] == [
            ("2026-11-22", 1),
            ("2026-11-23", 4),
        ]
        assert [
            (found.profile_id, found.profile_name, found.model, found.totals.requests)
            for found in by_model(connection, YESTERDAY, TODAY)
        ] == [("p", "P", "m", 2), ("p", "P", "priced", 2), ("q", "Q", "m", 1)]
        assert roll_up(connection, TODAY + timedelta(days=1), 0) in {5, 0}


def test_the_last_hours_with_the_empty_ones(connection: sqlite3.Connection) -> None:
    """Oldest first; the running hour is the last."""
    hours = by_hour(connection, 12 * HOUR_S + 1800, 4)
    assert [(hour.start, hour.totals.requests) for hour in hours] == [
        (9 * HOUR_S, 1),
        (10 * HOUR_S, 2),
        (11 * HOUR_S, 0),
        (12 * HOUR_S, 2),
    ]
    assert (hours[3].totals.failed, hours[3].totals.cancelled) == (1, 1)
    assert hours[0].totals.cost_usd == pytest.approx(470e-6)


def test_hours_count_what_began_in_another_time_zone() -> None:
    """The calendar of the place where a request was made may have been two days behind the one of now."""
    now = datetime(2026, 11, 23, 1).timestamp()  # noqa: DTZ001 - the user's own calendar
    with closing(sqlite3.connect(":memory:")) as opened:
        prepare(opened)
        stored(opened, Joiner(PRICES, lambda _: TODAY - timedelta(days=2)), started("1", now), finished("1"))
        assert by_hour(opened, now, 1)[0].totals.requests == 1


@pytest.mark.parametrize("span", Span)
def test_no_question_looks_at_requests_of_other_days(span: Span, connection: sqlite3.Connection) -> None:
    """A month of details stays in the file; the page for today must not read it."""
    asked: list[str] = []
    connection.set_trace_callback(asked.append)
    overview(connection, span, 48 * HOUR_S)
    connection.set_trace_callback(None)
    plans = [step[3] for question in asked for step in connection.execute(f"EXPLAIN QUERY PLAN {question}")]
    looks = [step for step in plans if re.match(r"(SCAN|SEARCH) request\b", step)]
    assert len(looks) > 3
    # The one exception asks whether there is any request at all, and ends at the first.
    assert [step for step in looks if "USING PRIMARY KEY (day" not in step] == ["SCAN request"]
