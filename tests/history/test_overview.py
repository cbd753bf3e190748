"""Tests of history/overview.py: what the page is told of today, a week and a month."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta

import pytest

from helpers.ledger_events import finished, started, stored
from tray_app.history.overview import HOURS, Span, Wait, overview
from tray_app.history.prices import Price, Prices
from tray_app.history.record import Joiner, local_day
from tray_app.history.rollup import roll_up
from tray_app.history.schema import prepare
from tray_app.proxy.events import Timings

NOW = datetime(2026, 11, 23, 12, 30).timestamp()  # noqa: DTZ001 - the user's own calendar is meant
DAY_S = 86_400.0


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    """Twenty requests this hour that took 1 to 20 seconds, one of yesterday noon, one of ten days ago without a token."""
    with closing(sqlite3.connect(":memory:")) as opened:
        prepare(opened)
        joiner = Joiner(Prices((Price(model="*", since=local_day(0.0), input=1.0, output=1.0),)))
        for number in range(1, 21):
            took = Timings(first_token_s=float(number), total_s=30.0)
            stored(opened, joiner, started(f"a{number}", NOW - 60), finished(f"a{number}", timings=took))
        stored(opened, joiner, started("b", NOW - DAY_S), finished("b"))
        late = started("c", NOW - 10 * DAY_S, profile_id="q", profile_name="Q")
        stored(opened, joiner, late, finished("c", timings=Timings(total_s=1.0)))
        yield opened


def test_today_is_shown_by_hours(connection: sqlite3.Connection) -> None:
    """The last twenty-four, the running one last; the sums are those of the calendar day."""
    found = overview(connection, Span.TODAY, NOW)
    assert len(found.buckets) == HOURS
    assert [(n, bucket.totals.requests) for n, bucket in enumerate(found.buckets) if bucket.totals.requests] == [
        (23, 20)
    ]
    assert found.buckets[-1].start <= NOW < found.buckets[-1].start + 3600
    assert found.buckets[-1].wait == Wait(10.0, 19.0, 20)
    assert found.buckets[0].wait is None
    assert found.totals == found.today
    assert (found.ever, found.totals.requests, found.totals.prompt_tokens) == (True, 20, 9_000)
    (line,) = found.models
    assert (line.sums.profile_name, line.sums.model, line.wait) == ("P", "m", Wait(10.0, 19.0, 20))


def test_longer_spans_are_shown_by_days(connection: sqlite3.Connection) -> None:
    """Every day has its place, also those without requests; today stays known."""
    week = overview(connection, Span.WEEK, NOW)
    assert [bucket.totals.requests for bucket in week.buckets] == [0, 0, 0, 0, 0, 1, 20]
    assert [local_day(bucket.start) for bucket in week.buckets] == [
        local_day(NOW) - timedelta(days=back) for back in range(6, -1, -1)
    ]
    assert week.buckets[5].wait == Wait(0.5, 0.5, 1)
    assert (week.totals.requests, week.today.requests) == (21, 20)
    month = overview(connection, Span.MONTH, NOW)
    assert (len(month.buckets), month.totals.requests) == (30, 22)
    assert [line.wait for line in month.models][-1] is None, "no first token is known of that one"


def test_rolled_up_days_are_in_the_sums(connection: sqlite3.Connection) -> None:
    """Only how long the first token took is gone with the details."""
    before = overview(connection, Span.MONTH, NOW)
    roll_up(connection, local_day(NOW), 1)
    after = overview(connection, Span.MONTH, NOW)
    assert after.totals == before.totals
    assert [bucket.totals for bucket in after.buckets] == [bucket.totals for bucket in before.buckets]


def test_an_empty_ledger_says_so(connection: sqlite3.Connection) -> None:
    """So that the page can say what to do."""
    connection.execute("DELETE FROM request")
    found = overview(connection, Span.TODAY, NOW)
    assert (found.ever, found.models, found.totals.requests) == (False, (), 0)
