"""Finished requests as JSON lines, for a file or a pipe: what happened and what it cost, no bodies and no secrets.

Turns events into lines; the writing and the waiting are `serve.py`'s.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from tray_app.proxy.events import Event, RequestFailed, RequestFinished, RequestStarted
from tray_app.translation import codec

RUNNING_MAX: Final = 10_000  # beginnings kept in wait for their end; lost events must not make them pile up


class RequestLog:
    """Joins the beginning and the end of each request into one line."""

    def __init__(self) -> None:
        self._running: dict[str, RequestStarted] = {}

    def lines(self, events: Iterable[Event]) -> Iterator[bytes]:
        """A line, with its line end, for every request that ended in `events`."""
        for event in events:
            if isinstance(event, RequestStarted):
                self._running[event.id] = event
                if len(self._running) > RUNNING_MAX:
                    del self._running[next(iter(self._running))]
            elif isinstance(event, RequestFinished | RequestFailed):
                yield codec.dumps(_entry(self._running.pop(event.id, None), event)) + b"\n"


def _entry(started: RequestStarted | None, ended: RequestFinished | RequestFailed) -> dict[str, Any]:
    return {
        "time": datetime.fromtimestamp(ended.at, UTC).isoformat(timespec="milliseconds"),
        "id": ended.id,
        "profile": started.profile_id if started else None,
        "client": started.client if started else None,
        "route": started.route if started else None,
        "stream": started.stream if started else None,
        "asked_model": started.asked_model if started else None,
        "upstream_model": started.upstream_model if started else None,
        "status": ended.status,
        "stop_reason": ended.stop_reason if isinstance(ended, RequestFinished) else None,
        "usage": msgspec.to_builtins(ended.usage),
        "timings": msgspec.to_builtins(ended.timings),
        "losses": ended.losses,
        "attempts": ended.attempts,
        "cancelled": isinstance(ended, RequestFailed) and ended.cancelled,
        "error": msgspec.to_builtins(ended.error) if isinstance(ended, RequestFailed) else None,
    }
