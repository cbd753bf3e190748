"""Events as the proxy sends them, for the tests of the usage ledger."""

from __future__ import annotations

import sqlite3
from typing import Any

import msgspec

from tray_app.history.record import Joiner, Record
from tray_app.proxy.events import ErrorInfo, Event, RequestFailed, RequestFinished, RequestStarted, Timings
from tray_app.translation.usage import Usage, UsageSource

REPORTED = Usage(
    input_tokens=100,
    output_tokens=20,
    cache_read_input_tokens=300,
    cache_creation_input_tokens=50,
    thinking_tokens=5,
    source=UsageSource.REPORTED,
)


def started(request_id: str, at: float = 1000.0, **fields: Any) -> RequestStarted:
    """The start of a request of the profile ``p`` to the model ``m``."""
    given: dict[str, Any] = {
        "id": request_id,
        "at": at,
        "profile_id": "p",
        "profile_name": "P",
        "client": "claude-cli/2",
        "asked_model": "claude-opus-5-5",
        "upstream_model": "m",
        "stream": True,
    }
    return RequestStarted(**given | fields)


def finished(request_id: str, at: float = 1002.0, usage: Usage = REPORTED, **fields: Any) -> RequestFinished:
    """Its good end after two seconds."""
    timings = Timings(headers_s=0.1, first_token_s=0.5, total_s=2.0)
    given: dict[str, Any] = {
        "id": request_id,
        "at": at,
        "status": 200,
        "stop_reason": "end_turn",
        "usage": usage,
        "timings": timings,
    }
    return RequestFinished(**given | fields)


def failed(request_id: str, at: float = 1002.0, **fields: Any) -> RequestFailed:
    """Its bad end, with an upstream text that must not be kept."""
    error = ErrorInfo(
        type="overloaded_error", message="words", status=503, fault="upstream", upstream_text="the user's prompt"
    )
    given: dict[str, Any] = {"id": request_id, "at": at, "status": 503, "error": error, "timings": Timings()}
    return RequestFailed(**given | fields)


def stored(connection: sqlite3.Connection, joiner: Joiner, *events: Event) -> None:
    """What the ledger would write of these events."""
    for row in filter(None, map(joiner.feed, events)):
        values = msgspec.structs.asdict(row)
        marks = ", ".join(f":{name}" for name in values)
        connection.execute(f"INSERT INTO request ({', '.join(values)}) VALUES ({marks})", values)  # noqa: S608
    connection.commit()


def recorded(connection: sqlite3.Connection) -> tuple[Record, ...]:
    """The rows of the ledger as the records they were, in the order the requests began."""
    rows = connection.execute(
        f"SELECT {', '.join(Record.__struct_fields__)} FROM request ORDER BY started_at, id"  # noqa: S608
    )
    fields = Record.__struct_fields__
    return tuple(msgspec.convert(dict(zip(fields, row, strict=True)), Record, strict=False) for row in rows)
