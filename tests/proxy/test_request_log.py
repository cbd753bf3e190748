"""Finished requests as JSON lines."""

from __future__ import annotations

import json

from tray_app.proxy import request_log
from tray_app.proxy.events import ErrorInfo, Event, RequestFailed, RequestFinished, RequestStarted, Timings
from tray_app.proxy.request_log import RequestLog
from tray_app.translation.usage import Usage, UsageSource


def started(request: str) -> Event:
    """A request that began."""
    return RequestStarted(
        at=0.0,
        id=request,
        profile_id="p",
        profile_name="P",
        client="c",
        asked_model="a",
        upstream_model="u",
        stream=True,
    )


def finished(request: str) -> Event:
    """Its good end."""
    return RequestFinished(
        at=1.5,
        id=request,
        status=200,
        stop_reason="end_turn",
        usage=Usage(input_tokens=3, source=UsageSource.REPORTED),
        timings=Timings(total_s=2.0),
        losses=("top_k: dropped",),
    )


def test_a_finished_request_is_one_line_with_everything_that_is_known() -> None:
    """Time, models, status, usage with its source, timings, losses."""
    (line,) = RequestLog().lines([started("r1"), finished("r1")])
    entry = json.loads(line)
    assert line.endswith(b"\n")
    assert entry["time"] == "1970-01-01T00:00:01.500+00:00"
    assert (entry["id"], entry["profile"], entry["asked_model"], entry["upstream_model"]) == ("r1", "p", "a", "u")
    assert (entry["status"], entry["stop_reason"], entry["error"]) == (200, "end_turn", None)
    assert (entry["usage"]["input_tokens"], entry["usage"]["source"]) == (3, "reported")
    assert (entry["losses"], entry["timings"]["total_s"]) == (["top_k: dropped"], 2.0)


def test_a_failed_request_names_its_error() -> None:
    """And whether the client went away."""
    error = ErrorInfo(type="api_error", message="m", status=502, fault="upstream", upstream_text="t")
    ended = RequestFailed(at=0.0, id="r1", status=499, error=error, timings=Timings(), cancelled=True)
    (line,) = RequestLog().lines([ended])
    entry = json.loads(line)
    assert entry["error"]["message"] == "m"
    assert (entry["cancelled"], entry["profile"]) == (True, None)


def test_the_beginning_may_be_in_an_earlier_batch_and_is_not_kept_for_ever() -> None:
    """A lost end must not make beginnings pile up."""
    log = RequestLog()
    assert list(log.lines([started("r1")])) == []
    assert json.loads(next(log.lines([finished("r1")])))["profile"] == "p"
    for number in range(request_log.RUNNING_MAX + 1):
        list(log.lines([started(f"x{number}")]))
    assert json.loads(next(log.lines([finished("x0")])))["profile"] is None
    assert json.loads(next(log.lines([finished("x1")])))["profile"] == "p"
