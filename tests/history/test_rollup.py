"""Tests of history/rollup.py: details become sums without changing a single total."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tray_app.history.reads import by_day, by_model, totals
from tray_app.history.record import Record
from tray_app.history.rollup import roll_up
from tray_app.history.schema import prepare

TODAY = date(2026, 11, 23)


def record(request_id: str, day: date = TODAY, **fields: Any) -> Record:
    values: dict[str, Any] = dict.fromkeys(Record.__struct_fields__, 0)
    values |= dict.fromkeys(("client", "asked_model", "upstream_model", "profile_id", "profile_name"), "x")
    values |= {"stop_reason": None, "error_type": None, "cost_usd": None, "headers_s": None, "first_token_s": None}
    values |= {"outcome": "finished", "usage_source": "reported", "cost_source": "unknown", "stream": True}
    return Record(**values | {"id": request_id, "day": day.isoformat()} | fields)


def insert(connection: sqlite3.Connection, *records: Record) -> None:
    columns = Record.__struct_fields__
    query = f"INSERT INTO request ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608
    with connection:
        connection.executemany(query, map(msgspec.structs.astuple, records))


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(tmp_path / "db")) as opened:
        prepare(opened)
        yield opened


def count(connection: sqlite3.Connection, table: str) -> int:
    found: int = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
    return found


RECORDS = st.builds(
    record,
    st.uuids().map(str),
    st.integers(0, 60).map(lambda days: TODAY - timedelta(days=days)),
    profile_id=st.sampled_from("ab"),
    upstream_model=st.sampled_from("mn"),
    outcome=st.sampled_from(("finished", "failed", "cancelled")),
    usage_source=st.sampled_from(("reported", "estimated", "unknown")),
    input_tokens=st.integers(0, 10**6),
    cache_read_tokens=st.integers(0, 10**6),
    output_tokens=st.integers(0, 10**6),
    cost_usd=st.none() | st.integers(0, 64).map(lambda n: n / 64),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(records=st.lists(RECORDS, max_size=40, unique_by=lambda row: row.id), retention=st.integers(0, 40))
def test_no_total_changes(records: list[Record], retention: int) -> None:
    """Whatever is rolled up, in however many steps, every sum by day, provider and model stays what it was."""
    with closing(sqlite3.connect(":memory:")) as connection:
        prepare(connection)
        insert(connection, *records)
        span = (TODAY - timedelta(days=70), TODAY)
        before = by_day(connection, *span), by_model(connection, *span), totals(connection, *span)
        roll_up(connection, TODAY, 50)
        roll_up(connection, TODAY, retention)
        assert (by_day(connection, *span), by_model(connection, *span), totals(connection, *span)) == before


def test_the_retention_is_whole_days(connection: sqlite3.Connection) -> None:
    """The last thirty days keep their details, the day before does not, and again is nothing."""
    insert(
        connection,
        record("kept", TODAY - timedelta(days=30)),
        record("rolled", TODAY - timedelta(days=31)),
    )
    assert [roll_up(connection, TODAY, 30), roll_up(connection, TODAY, 30)] == [1, 0]
    assert connection.execute("SELECT id FROM request").fetchall() == [("kept",)]


def test_a_late_row_is_added_to_its_day(connection: sqlite3.Connection) -> None:
    """A day that was rolled up before takes more, with the newer name of the provider."""
    old = TODAY - timedelta(days=40)
    insert(connection, record("1", old, input_tokens=5))
    roll_up(connection, TODAY, 30)
    insert(connection, record("2", old, input_tokens=7, profile_name="renamed"))
    roll_up(connection, TODAY, 30)
    assert count(connection, "day") == 1
    (found,) = by_model(connection, old, old)
    assert (found.profile_name, found.totals.requests, found.totals.input_tokens) == ("renamed", 2, 12)


def test_a_roll_up_that_fails_changes_nothing(connection: sqlite3.Connection) -> None:
    """Summing and deleting are one: nothing is counted twice after a failure between them."""
    insert(connection, record("1", TODAY - timedelta(days=40)))
    connection.execute("CREATE TRIGGER stop BEFORE DELETE ON request BEGIN SELECT RAISE(ABORT, 'full'); END")
    with pytest.raises(sqlite3.IntegrityError):
        roll_up(connection, TODAY, 30)
    assert (count(connection, "day"), count(connection, "request")) == (0, 1)
