"""Tests of history/export.py: what comes out can be read by a spreadsheet and a script, and does no harm there."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date

import pytest

from helpers.ledger_events import finished, started, stored
from tray_app.history.export import Form, Kind, export
from tray_app.history.prices import Price, Prices
from tray_app.history.record import Joiner
from tray_app.history.schema import prepare

TODAY = date(2026, 11, 23)


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    """Two requests with a price and one without, whose model's name is a formula."""
    with closing(sqlite3.connect(":memory:")) as opened:
        prepare(opened)
        joiner = Joiner(Prices((Price(model="m", since=TODAY, input=1.0, output=1.0),)), lambda _: TODAY)
        for number, model in enumerate(("m", "m", "=cmd()")):
            stored(opened, joiner, started(str(number), upstream_model=model), finished(str(number)))
        yield opened


def exported(connection: sqlite3.Connection, kind: Kind, form: Form, day: date = TODAY) -> str:
    out = io.StringIO()
    export(connection, kind, form, day, day, out)
    return out.getvalue()


def test_csv_has_a_header_and_sums(connection: sqlite3.Connection) -> None:
    """An unknown cost is empty, not zero."""
    rows = list(csv.DictReader(io.StringIO(exported(connection, "daily", "csv"))))
    assert [(row["upstream_model"], row["requests"], row["input_tokens"]) for row in rows] == [
        ("'=cmd()", "1", "100"),
        ("m", "2", "200"),
    ]
    assert (rows[0]["cost_usd"], rows[0]["cost_source"]) == ("", "unknown")
    assert float(rows[1]["cost_usd"]) == pytest.approx(940e-6)


def test_json_says_the_same(connection: sqlite3.Connection) -> None:
    """With null for an unknown cost and names as they are."""
    rows = json.loads(exported(connection, "daily", "json"))
    assert [(row["upstream_model"], row["requests"]) for row in rows] == [("=cmd()", 1), ("m", 2)]
    assert rows[0]["cost_usd"] is None


@pytest.mark.parametrize("form", ["csv", "json"])
def test_single_requests_can_be_exported(form: Form, connection: sqlite3.Connection) -> None:
    """One row each; the number of rows is told."""
    out = io.StringIO()
    assert export(connection, "requests", form, TODAY, TODAY, out) == 3
    text = out.getvalue()
    rows = json.loads(text) if form == "json" else list(csv.DictReader(io.StringIO(text)))
    assert [row["id"] for row in rows] == ["0", "1", "2"]


def test_an_empty_export_is_a_valid_file(connection: sqlite3.Connection) -> None:
    """A header, or an empty list."""
    empty = date(2020, 1, 1)
    assert json.loads(exported(connection, "daily", "json", empty)) == []
    assert exported(connection, "daily", "csv", empty).count("\n") == 1
