"""Rows from events."""

from __future__ import annotations

import pytest

from helpers.ui_values import REJECTED, UNREACHABLE, USAGE, failed, finished, progress, started
from tray_app.proxy.events import RequestRefused, Timings
from tray_app.translation.usage import Usage
from tray_app.ui.models.request_log import Change, RequestLog, RowState


def test_the_newest_row_is_the_first() -> None:
    """Positions count from the newest."""
    log = RequestLog()
    assert log.feed([started("a"), started("b")]) == Change(inserted=2)
    assert [log[0].started.id, log[1].started.id] == ["b", "a"]
    assert (log.position("b"), log.position("a"), log.position("c")) == (0, 1, None)


def test_a_row_follows_its_request() -> None:
    """Waiting, streaming, done, with the figures of the end."""
    log = RequestLog()
    log.feed([started("a")])
    assert log[0].state is RowState.WAITING
    log.feed([progress("a", headers_s=0.1)])
    assert log[0].state is RowState.WAITING
    log.feed([progress("a", first_token_s=0.4, output_chars=12)])
    assert (log[0].state, log[0].first_token_s, log[0].output_chars) == (RowState.STREAMING, 0.4, 12)
    log.feed([finished("a", losses=("x: y",), attempts=2)])
    row = log[0]
    assert (row.state, row.usage, row.stop_reason) == (RowState.DONE, USAGE, "end_turn")
    assert (row.losses, row.attempts) == (("x: y",), 2)


def test_failed_and_cancelled_are_told_apart() -> None:
    """Both keep the error."""
    log = RequestLog()
    log.feed([started("a"), started("b"), failed("a"), failed("b", cancelled=True)])
    assert (log[1].state, log[0].state) == (RowState.FAILED, RowState.CANCELLED)
    assert log[1].error == REJECTED


def test_a_refused_request_is_a_row_of_its_own() -> None:
    """It never started, and names the reason."""
    log = RequestLog()
    log.feed([RequestRefused(at=1.0, id="x", status=401, reason="the token is missing", client="curl/8")])
    row = log[0]
    assert (row.state, row.status, row.started.client) == (RowState.REFUSED, 401, "curl/8")
    assert row.error is not None
    assert row.error.message == "the token is missing"


def test_a_batch_reports_what_moved_and_what_only_grew() -> None:
    """Neighbours are one span; new rows are new, however much they changed."""
    log = RequestLog()
    log.feed([started(name) for name in "abcde"])
    first = progress("d", first_token_s=0.1, output_chars=1)
    change = log.feed([finished("b"), first, progress("c"), started("f"), finished("f")])
    assert change == Change(inserted=1, moved=((2, 4),))
    assert log.feed([progress("d", first_token_s=0.1, output_chars=9), finished("a")]) == Change(
        moved=((5, 5),), grown=((2, 2),)
    )
    assert log.running() == ((1, 3),)


def test_many_spans_are_told_as_one() -> None:
    """A view walks its own tables for each."""
    log = RequestLog()
    log.feed([started(str(n)) for n in range(20)])
    assert log.feed([finished(str(n)) for n in range(0, 20, 2)]) == Change(moved=((1, 19),))


def test_clearing_keeps_what_runs() -> None:
    """And goes on following it; newer rows have higher numbers still."""
    log = RequestLog()
    log.feed([started("a"), started("b"), finished("a"), started("c")])
    before = log.number(0)
    log.clear()
    assert [log[0].started.id, log[1].started.id, len(log)] == ["c", "b", 2]
    assert log.number(1) > before
    assert log.feed([finished("b")]) == Change(moved=((1, 1),))
    assert log.running() == ((0, 0),)


def test_late_progress_does_not_wake_the_dead() -> None:
    """The hub may hand out a request's progress after its end."""
    log = RequestLog()
    log.feed([started("a"), finished("a"), progress("a", first_token_s=9.0)])
    assert log.running() == ()
    assert (log[0].state, log[0].first_token_s) == (RowState.DONE, 0.5)


def test_the_oldest_rows_go() -> None:
    """The log keeps its capacity, and forgets the ids of what it dropped."""
    log = RequestLog(capacity=3)
    assert log.feed([started(name) for name in "abc"]) == Change(inserted=3)
    assert log.feed([started("d"), started("e"), finished("b"), finished("c")]) == Change(2, 2, ((2, 2),))
    assert [log[n].started.id for n in range(len(log))] == ["e", "d", "c"]
    assert log.position("a") is None
    assert log.feed([finished("a")]) == Change()


def test_a_batch_larger_than_the_log_leaves_its_end() -> None:
    """Rows that came and went within one batch were never seen by a view."""
    log = RequestLog(capacity=2)
    log.feed([started("old")])
    assert log.feed([started(str(n)) for n in range(5)]) == Change(inserted=2, removed=1)
    assert [log[0].started.id, log[1].started.id] == ["4", "3"]


def test_same_errors_are_counted_by_provider_and_kind() -> None:
    """Another provider or another status is another error, and giving up is none."""
    log = RequestLog()
    for name, fields, error in (
        ("a", {}, REJECTED),
        ("b", {}, UNREACHABLE),
        ("c", {"profile_id": "two"}, REJECTED),
        ("d", {}, REJECTED),
    ):
        log.feed([started(name, **fields), failed(name, error)])
    log.feed([started("e"), failed("e", cancelled=True)])
    assert [row.started.id for row in log.same_errors(log[1])] == ["a", "d"]


@pytest.mark.parametrize(
    ("timings", "usage", "rate"),
    [
        (Timings(first_token_s=1.0, total_s=3.0), Usage(output_tokens=100), 50.0),
        (Timings(first_token_s=None, total_s=3.0), Usage(output_tokens=100), None),
        (Timings(first_token_s=3.0, total_s=3.0), Usage(output_tokens=100), None),
        (Timings(first_token_s=1.0, total_s=3.0), Usage(output_tokens=1), None),
    ],
)
def test_speed_is_output_by_the_time_it_streamed(timings: Timings, usage: Usage, rate: float | None) -> None:
    """Unknown where there is nothing to divide."""
    log = RequestLog()
    log.feed([started("a"), finished("a", timings=timings, usage=usage)])
    assert log[0].tokens_per_s == rate
