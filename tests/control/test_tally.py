"""Counting from events."""

from __future__ import annotations

from helpers.ui_values import NOON, REJECTED, failed, finished, started
from tray_app.control.tally import Tally, local_midnight
from tray_app.proxy.events import ServerState, ServerStateChanged
from tray_app.translation.usage import Usage, UsageSource

DAY_S = 86_400.0


def tally(started_at: float = NOON) -> Tally:
    """A tally in a calendar whose days begin at multiples of a day."""
    return Tally(started_at, midnight=lambda at: at // DAY_S * DAY_S)


def test_running_requests_are_those_that_have_not_ended() -> None:
    """A start adds one, an end of either kind takes one away."""
    count = tally()
    count.feed([started("a"), started("b"), started("c")])
    assert count.running == 3
    count.feed([finished("a"), failed("b")])
    assert count.running == 1


def test_totals_count_all_prompt_tokens_once() -> None:
    """Input is what the provider read: fresh, cached and newly cached tokens together."""
    count = tally()
    usage = Usage(
        input_tokens=100,
        cache_read_input_tokens=30,
        cache_creation_input_tokens=5,
        output_tokens=7,
        source=UsageSource.REPORTED,
    )
    count.feed([started("a"), finished("a", usage=usage), started("b"), failed("b")])
    totals = count.totals
    assert (totals.requests, totals.failures) == (2, 1)
    assert (totals.input_tokens, totals.cached_tokens, totals.output_tokens) == (135, 30, 7)
    assert totals.estimated is False


def test_an_estimate_marks_the_sum() -> None:
    """One count that the provider did not report makes the whole sum an estimate."""
    count = tally()
    count.feed([started("a"), finished("a", usage=Usage(input_tokens=1, source=UsageSource.ESTIMATED))])
    assert count.totals.estimated is True


def test_a_new_day_begins_at_zero() -> None:
    """Midnight resets the sums, and from then on they are those of the whole day."""
    count = tally()
    count.feed([started("a"), finished("a")])
    assert count.totals.since_midnight is False
    count.feed([started("b"), finished("b", at=NOON + DAY_S)])
    assert count.totals.requests == 1
    assert count.totals.since_midnight is True
    assert count.totals.since == (NOON + DAY_S) // DAY_S * DAY_S


def test_the_last_error_is_resolved_by_a_success_at_the_same_provider() -> None:
    """Another provider's success says nothing about this one."""
    count = tally()
    count.feed([started("a"), failed("a")])
    assert count.last_error is not None
    assert (count.last_error.error, count.last_error.resolved) == (REJECTED, False)
    count.feed([started("b", profile_id="two"), finished("b")])
    assert count.last_error.resolved is False
    count.feed([started("c"), finished("c")])
    assert count.last_error.resolved is True


def test_looking_at_the_last_error_resolves_it() -> None:
    """Only if it is that very request."""
    count = tally()
    count.look_at("a")
    count.feed([started("a"), failed("a")])
    count.look_at("other")
    assert count.last_error is not None
    assert count.last_error.resolved is False
    count.look_at("a")
    assert count.last_error.resolved is True


def test_a_cancelled_request_is_no_failure() -> None:
    """The client went away: it is counted as a request, not as an error."""
    count = tally()
    count.feed([started("a"), failed("a", cancelled=True)])
    assert count.last_error is None
    assert (count.totals.requests, count.totals.failures) == (1, 0)


def test_probes_and_token_counts_are_not_requests() -> None:
    """What people mean by a request is a message."""
    count = tally()
    count.feed([started("a", route="count_tokens"), started("b", route="probe")])
    assert count.running == 0
    count.feed([finished("a"), failed("b")])
    assert count.totals.requests == 0
    assert count.last_error is None


def test_a_stopped_server_runs_nothing() -> None:
    """A request whose end was lost does not run for ever."""
    count = tally()
    count.feed([started("a"), ServerStateChanged(at=NOON, state=ServerState.STOPPED)])
    assert count.running == 0
    count.feed([finished("a")])
    assert count.totals.requests == 0


def test_midnight_is_the_local_one() -> None:
    """It lies before the moment, less than a day and a daylight-saving hour away."""
    assert 0 <= NOON - local_midnight(NOON) < DAY_S + 3600
    assert local_midnight(local_midnight(NOON)) == local_midnight(NOON)
