"""The events of one request: exactly one end."""

from __future__ import annotations

from typing import Any, cast

from tray_app.profiles.model import Profile
from tray_app.proxy.endpoint.call import Call
from tray_app.proxy.endpoint.routes import match
from tray_app.proxy.events import RequestFailed, RequestFinished, RequestProgress, RequestRefused
from tray_app.proxy.exchange.journal import Journal, Outcome
from tray_app.proxy.hub import EventHub
from tray_app.translation.errors import ApiError

ERROR = ApiError("api_error", "no")


class Request:
    """As much of a request as a journal looks at."""

    headers = {"User-Agent": "tester"}  # noqa: RUF012


def journal() -> tuple[Journal, EventHub, list[float]]:
    """A journal on a clock that the test moves."""
    hub, now = EventHub(lambda: 0.0), [10.0]
    call = Call(request=cast("Any", Request()), route=match("/v1/messages"), id="req_1", began=10.0, body_limit=1)
    return Journal(hub, lambda: now[0], call), hub, now


def begin(of: Journal) -> None:
    """The request is understood."""
    of.started(Profile(id="p", name="P", base_url="http://h"), "asked", "used", stream=True, route="messages")


def test_a_failure_before_the_beginning_is_a_refusal() -> None:
    """Nothing was sent upstream."""
    book, hub, _ = journal()
    book.failed(ERROR, Outcome(), secrets=())
    (refused,) = hub.read().events
    assert isinstance(refused, RequestRefused)
    assert (refused.status, refused.reason, refused.client) == (500, "no", "tester")


def test_only_the_first_end_is_published() -> None:
    """An error after the end is nobody's business."""
    book, hub, _ = journal()
    begin(book)
    book.finished(Outcome(stop_reason="end_turn"))
    book.failed(ERROR, Outcome(), secrets=())
    book.finished(Outcome())
    assert [type(event) for event in hub.read().events[1:]] == [RequestFinished]


def test_times_are_ages_of_the_request() -> None:
    """The first content fixes the time to the first token."""
    book, hub, now = journal()
    begin(book)
    now[0] = 11.0
    book.headers_came()
    book.progressed(5, 12.0)
    book.progressed(9, 13.0)
    progress = hub.read().events[-1]
    assert isinstance(progress, RequestProgress)
    assert (progress.headers_s, progress.first_token_s, progress.output_chars) == (1.0, 2.0, 9)
    now[0] = 14.5
    book.failed(ERROR, Outcome(losses=("x: y",)), secrets=(), cancelled=True)
    ended = hub.read().events[-1]
    assert isinstance(ended, RequestFailed)
    assert (ended.status, ended.timings.total_s, ended.losses) == (499, 4.5, ("x: y",))


def test_progress_is_told_as_often_as_anybody_looks() -> None:
    """The first content at once, then ten times a second."""
    book, hub, _ = journal()
    begin(book)
    told = []
    for chars in range(1, 41):
        book.progressed(chars, 12.0 + chars / 100)
        progress = hub.read().events[-1]
        assert isinstance(progress, RequestProgress)
        told.append(progress.output_chars)
    assert told[0] == 1
    assert 4 <= len(set(told)) <= 6
