"""Tests of history/schema.py: the tables are made once and hold nothing that could be a body or a secret."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tray_app.history import schema
from tray_app.history.record import Record
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
        broken = (*MIGRATIONS, "CREATE TABLE extra (x); CREATE TABLE request (x);")
        monkeypatch.setattr(schema, "MIGRATIONS", broken)
        with pytest.raises(sqlite3.OperationalError, match="already exists"):
            prepare(connection)
    with closing(sqlite3.connect(tmp_path / "db")) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
        assert columns(connection, "extra") == []


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
