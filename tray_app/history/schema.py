"""The tables of the usage ledger and how an older file is brought up to date.

One row per finished request for the retention time, one row per day, provider and model for ever. No bodies, no error
texts, no secrets: there is no column that could hold one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Final

# What both tables sum up; `day` rows hold sums of these columns over requests with the same key.
SUMS: Final = (
    "input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens", "thinking_tokens", "cost_usd", "total_s",
)  # fmt: skip
# A day row stands for requests alike in all of these, so that the source of every sum stays known.
KEY: Final = ("day", "profile_id", "upstream_model", "usage_source", "cost_source")

_VERSION_1: Final = """
CREATE TABLE request (
    id              TEXT NOT NULL,
    day             TEXT NOT NULL,      -- local calendar day the request began, YYYY-MM-DD
    started_at      REAL NOT NULL,      -- Unix time, seconds
    profile_id      TEXT NOT NULL,
    profile_name    TEXT NOT NULL,
    client          TEXT NOT NULL,
    asked_model     TEXT NOT NULL,
    upstream_model  TEXT NOT NULL,
    stream          INTEGER NOT NULL,
    outcome         TEXT NOT NULL,      -- finished, failed, cancelled
    status          INTEGER NOT NULL,
    stop_reason     TEXT,
    error_type      TEXT,
    usage_source    TEXT NOT NULL,      -- reported, estimated, unknown
    input_tokens        INTEGER NOT NULL,   -- without the cached ones: the three input columns add up to the prompt
    cache_read_tokens   INTEGER NOT NULL,
    cache_write_tokens  INTEGER NOT NULL,
    output_tokens       INTEGER NOT NULL,
    thinking_tokens     INTEGER NOT NULL,   -- part of output_tokens
    cost_usd        REAL,               -- NULL: unknown
    cost_source     TEXT NOT NULL,
    headers_s       REAL,
    first_token_s   REAL,
    total_s         REAL NOT NULL,
    attempts        INTEGER NOT NULL,
    losses          INTEGER NOT NULL,
    PRIMARY KEY (day, started_at, id)   -- in the order they are asked for, and nearly the one they come in: no other index
) STRICT, WITHOUT ROWID;

CREATE TABLE day (
    day             TEXT NOT NULL,
    profile_id      TEXT NOT NULL,
    upstream_model  TEXT NOT NULL,
    usage_source    TEXT NOT NULL,
    cost_source     TEXT NOT NULL,
    profile_name    TEXT NOT NULL,
    requests        INTEGER NOT NULL,
    failed          INTEGER NOT NULL,
    cancelled       INTEGER NOT NULL,
    input_tokens        INTEGER NOT NULL,
    cache_read_tokens   INTEGER NOT NULL,
    cache_write_tokens  INTEGER NOT NULL,
    output_tokens       INTEGER NOT NULL,
    thinking_tokens     INTEGER NOT NULL,
    cost_usd        REAL NOT NULL,
    total_s         REAL NOT NULL,
    PRIMARY KEY (day, profile_id, upstream_model, usage_source, cost_source)
) STRICT, WITHOUT ROWID;

-- Both tables as one: what reads and exports look at.
CREATE VIEW usage AS
    SELECT day, profile_id, profile_name, upstream_model, usage_source, cost_source, requests, failed, cancelled,
           input_tokens, cache_read_tokens, cache_write_tokens, output_tokens, thinking_tokens, cost_usd, total_s
    FROM day
    UNION ALL
    SELECT day, profile_id, profile_name, upstream_model, usage_source, cost_source, 1, outcome = 'failed',
           outcome = 'cancelled', input_tokens, cache_read_tokens, cache_write_tokens, output_tokens, thinking_tokens,
           coalesce(cost_usd, 0.0), total_s
    FROM request;
"""

# Entry n brings a file from version n to n + 1; a published entry is never edited.
MIGRATIONS: Final = (_VERSION_1,)


class NewerLedgerError(Exception):
    """The file was written by a later version of Dragoman; it is left alone."""


def prepare(connection: sqlite3.Connection) -> None:
    """Set the connection up and bring the tables up to date, each step whole or not at all.

    Raises:
        NewerLedgerError: the file is of a later version.
        sqlite3.Error: it is no database, damaged, or cannot be written.
    """
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > len(MIGRATIONS):
        raise NewerLedgerError(
            f"it was written by a newer version of Dragoman (schema {version}, this one knows {len(MIGRATIONS)})"
        )
    connection.execute("PRAGMA journal_mode = WAL")
    # In WAL mode NORMAL survives a kill of the program at any point; only a power cut may cost the last moments.
    connection.execute("PRAGMA synchronous = NORMAL")
    for number, script in enumerate(MIGRATIONS, 1):
        if number > version:
            _step(connection, number, script)


def _step(connection: sqlite3.Connection, number: int, script: str) -> None:
    with connection:
        # Takes the write lock before it looks: of two programs that start at once, the second finds the work done.
        connection.execute("BEGIN IMMEDIATE")
        if connection.execute("PRAGMA user_version").fetchone()[0] >= number:
            return
        for statement in _statements(script):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {number}")


def _statements(script: str) -> Iterator[str]:
    # `executescript` would commit first, and with that let go of the lock.
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
