"""The ledger as a file for a spreadsheet or a script: CSV or JSON, daily sums or single requests.

Run it with `Ledger.read`; it writes text to what it is given and touches no other file.
"""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Iterator
from datetime import date
from typing import Any, Final, Literal, TextIO

import msgspec

from tray_app.history.record import Record

Form = Literal["csv", "json"]
Kind = Literal["daily", "requests"]
# A text that begins so is taken for a formula by spreadsheets, and model names come from elsewhere.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_DAILY: Final = (
    "day", "profile_id", "profile_name", "upstream_model", "usage_source", "cost_source", "requests", "failed",
    "cancelled", "input_tokens", "cache_read_tokens", "cache_write_tokens", "output_tokens", "thinking_tokens",
    "cost_usd", "total_s",
)  # fmt: skip
_KEYS: Final = _DAILY[:6]
_QUERIES: Final[dict[Kind, tuple[tuple[str, ...], str]]] = {
    "daily": (
        _DAILY,
        f"""SELECT day, profile_id, max(profile_name), upstream_model, usage_source, cost_source,
        {
            ", ".join(
                "iif(cost_source = 'unknown', NULL, sum(cost_usd))" if name == "cost_usd" else f"sum({name})"
                for name in _DAILY[6:]
            )
        }
        FROM usage WHERE day BETWEEN ? AND ?
        GROUP BY day, profile_id, upstream_model, usage_source, cost_source ORDER BY 1, 2, 4, 5, 6""",  # noqa: S608
    ),
    "requests": (
        Record.__struct_fields__,
        f"SELECT {', '.join(Record.__struct_fields__)} FROM request WHERE day BETWEEN ? AND ? ORDER BY started_at, id",  # noqa: S608
    ),
}


def export(connection: sqlite3.Connection, kind: Kind, form: Form, first: date, last: date, out: TextIO) -> int:
    """Write the days from `first` to `last`; returns the number of rows. An unknown cost is empty (CSV) or null.

    Costs are US dollars, times seconds, tokens as in `schema.py`. CSV has a header line.

    Raises:
        OSError: it cannot be written.
    """
    columns, query = _QUERIES[kind]
    rows = connection.execute(query, (first.isoformat(), last.isoformat()))
    return _write_csv(columns, rows, out) if form == "csv" else _write_json(columns, rows, out)


def _write_csv(columns: tuple[str, ...], rows: Iterator[tuple[Any, ...]], out: TextIO) -> int:
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    count = 0
    for count, row in enumerate(rows, 1):  # noqa: B007 - the count of the last row is the result
        writer.writerow([_harmless(value) for value in row])
    return count


def _harmless(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _write_json(columns: tuple[str, ...], rows: Iterator[tuple[Any, ...]], out: TextIO) -> int:
    count = 0
    for count, row in enumerate(rows, 1):
        out.write("[\n" if count == 1 else ",\n")
        out.write(msgspec.json.encode(dict(zip(columns, row, strict=True))).decode())
    out.write("\n]\n" if count else "[]\n")
    return count
