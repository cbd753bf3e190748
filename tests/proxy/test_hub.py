"""The event hub: order, cursors, loss, progress and the one wake-up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tray_app.proxy import hub as module
from tray_app.proxy.events import (
    ActiveProfileChanged,
    ErrorInfo,
    Event,
    RequestFailed,
    RequestFinished,
    RequestProgress,
    Timings,
)
from tray_app.proxy.hub import EventHub
from tray_app.translation.usage import Usage


def hub(capacity: int = 100) -> EventHub:
    """A hub whose clock stands still."""
    return EventHub(lambda: 7.0, capacity)


def named(name: str) -> Event:
    """A lasting event."""
    return ActiveProfileChanged(at=0.0, profile_id=name, profile_name=name)


def progress(request: str, chars: int) -> Event:
    """How far a request is."""
    return RequestProgress(at=0.0, id=request, output_chars=chars)


def finished(request: str) -> Event:
    """The good end."""
    return RequestFinished(at=0.0, id=request, status=200, stop_reason=None, usage=Usage(), timings=Timings())


def failed(request: str) -> Event:
    """The bad end."""
    error = ErrorInfo(type="api_error", message="", status=500, fault="local")
    return RequestFailed(at=0.0, id=request, status=500, error=error, timings=Timings())


def test_readers_get_everything_once_in_order() -> None:
    """Each reader has a cursor of its own."""
    events = hub()
    events.publish(named("a"))
    first = events.read()
    events.publish(named("b"))
    assert [e.profile_id for e in events.read(first.cursor).events] == ["b"]  # type: ignore[attr-defined]
    assert [e.profile_id for e in events.read().events] == ["a", "b"]  # type: ignore[attr-defined]
    assert events.read(events.cursor) == (2, (), 0)


@given(st.integers(1, 8), st.lists(st.integers(0, 5), max_size=12))
def test_what_a_slow_reader_missed_is_counted(capacity: int, bursts: list[int]) -> None:
    """Read and lost add up to what was published, and the newest survive."""
    events = hub(capacity)
    total = cursor = 0
    for burst in bursts:
        for _ in range(burst):
            events.publish(named(str(total)))
            total += 1
        batch = events.read(cursor)
        names = [e.profile_id for e in batch.events]  # type: ignore[attr-defined]
        assert len(names) + batch.lost == burst
        assert names == [str(n) for n in range(total - len(names), total)]
        cursor = batch.cursor


def test_what_has_been_read_is_kept_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody may look back; what nobody has read yet is longer than that and stays."""
    monkeypatch.setattr(module, "HISTORY", 2)
    events = hub()
    for number in range(5):
        events.publish(named(str(number)))
    assert len(events.read().events) == 5
    cursor = events.read(4).cursor
    assert [e.profile_id for e in events.read().events] == ["3", "4"]  # type: ignore[attr-defined]
    for number in range(5, 9):
        events.publish(named(str(number)))
    for _ in range(2):  # reading again from the same place finds the same
        batch = events.read(cursor)
        assert [e.profile_id for e in batch.events] == ["5", "6", "7", "8"]  # type: ignore[attr-defined]
        assert batch.lost == 0


def test_progress_keeps_the_newest_per_request_and_ends_with_it() -> None:
    """A thousand chunks are one event; a finished request has none."""
    events = hub()
    for chars in range(1000):
        events.publish(progress("one", chars))
    events.publish(progress("two", 5))
    events.publish(progress("three", 5))
    batch = events.read()
    assert [(e.id, e.output_chars) for e in batch.events] == [("one", 999), ("two", 5), ("three", 5)]  # type: ignore[attr-defined]
    events.publish(finished("one"))
    events.publish(failed("two"))
    after = events.read(batch.cursor)
    assert [type(e).__name__ for e in after.events] == ["RequestFinished", "RequestFailed", "RequestProgress"]
    assert after.lost == 0


def test_the_reader_is_called_once_until_it_reads() -> None:
    """Nobody polls while nothing happens, and nobody is called a thousand times."""
    events, calls = hub(), []
    events.wake = lambda: calls.append(1)
    for number in range(5):
        events.publish(named(str(number)))
    assert len(calls) == 1
    events.read()
    assert len(calls) == 1
    events.publish(progress("x", 1))
    assert len(calls) == 2


def test_progress_need_not_wake_the_reader() -> None:
    """Nobody looks: it is kept for whoever reads, and what lasts still wakes."""
    events, calls = hub(), []
    events.wake = lambda: calls.append(1)
    events.wakes_for_progress = False
    events.publish(progress("one", 1))
    assert calls == []
    events.publish(named("a"))
    assert len(calls) == 1
    assert len(events.read().events) == 2


def test_the_clock_is_the_one_given() -> None:
    """Every event's time comes from it."""
    assert hub().now() == 7.0
