"""Tests of history/schema.py: the tables are made once and hold nothing that could be a body or a secret."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from helpers.ledger_events import finished, started, stored
from tray_app.history import schema
from tray_app.history.prices import Prices
from tray_app.history.record import Joiner, Record
from tray_app.history.schema import MIGRATIONS, NewerLedgerError, prepare


def columns(connection: sqlite3.Connection, table: str) -> list[str]:
    return [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]


def test_preparing_twice_is_once(tmp_path: Path) -> None:
    """The version tells what has been done."""
    for _ in range(2):
        with closing(sqlite3.connect(tmp_path / "db")) as connection:
            prepare(connection)
            assert connection.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
            assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_step_is_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A migration that fails leaves the tables and the version of before."""
    with closing(sqlite3.connect(tmp_path / "db")) as connection:
        prepare(connection)
        broken = (*MIGRATIONS, "CREATE TABLE extra (x);\nCREATE TABLE request (x);")
        monkeypatch.setattr(schema, "MIGRATIONS", broken)
        with pytest.raises(sqlite3.OperationalError, match="already exists"):
            prepare(connection)
    with closing(sqlite3.connect(tmp_path / "db")) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
        assert columns(connection, "extra") == []


def test_an_older_file_keeps_its_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A later version's step is applied once, to what is there."""
    with closing(sqlite3.connect(tmp_path / "db")) as connection:
        prepare(connection)
        stored(connection, Joiner(Prices(())), started("1"), finished("1"))
    monkeypatch.setattr(schema, "MIGRATIONS", (*MIGRATIONS, "ALTER TABLE request ADD COLUMN extra TEXT DEFAULT 'x';"))
    for _ in range(2):
        with closing(sqlite3.connect(tmp_path / "db")) as connection:
            prepare(connection)
            assert connection.execute("SELECT id, extra FROM request").fetchall() == [("1", "x")]
            assert connection.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS) + 1,)


class Overtaken(sqlite3.Connection):
    """A connection whose program is overtaken by another one just after it has looked at the version."""

    path: Path
    overtaken = False

    def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
        if sql != "PRAGMA user_version" and not self.overtaken:
            self.overtaken = True
            with closing(sqlite3.connect(self.path)) as other:
                prepare(other)
        return super().execute(sql, *values)


def test_two_programs_that_start_at_once_make_the_tables_once(tmp_path: Path) -> None:
    """The slower one finds the work done, though it saw an empty file a moment before."""
    with closing(sqlite3.connect(tmp_path / "db", factory=Overtaken)) as connection:
        connection.path = tmp_path / "db"
        prepare(connection)
        assert connection.overtaken
        assert connection.execute("SELECT count(*) FROM request").fetchone() == (0,)


def test_a_newer_version_is_refused(tmp_path: Path) -> None:
    """Before anything is written."""
    with closing(sqlite3.connect(tmp_path / "db")) as connection:
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
        with pytest.raises(NewerLedgerError, match="newer version"):
            prepare(connection)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)


def test_the_columns_are_the_fields_of_a_record(tmp_path: Path) -> None:
    """Known ones, none of which can hold a body, an error text or a key."""
    with closing(sqlite3.connect(tmp_path / "db")) as connection:
        prepare(connection)
        assert set(columns(connection, "request")) == set(Record.__struct_fields__)
        assert not [name for name in Record.__struct_fields__ if "body" in name or "text" in name or "message" in name]
