"""Counting from events."""

from __future__ import annotations

from helpers.ui_values import NOON, REJECTED, failed, finished, started
from tray_app.control.tally import Tally, local_midnight
from tray_app.history.prices import Cost
from tray_app.proxy.events import ServerState, ServerStateChanged
from tray_app.state import Totals
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
    count.feed([failed("x")])
    count.feed([started("b", at=NOON + DAY_S), finished("b", at=NOON + DAY_S)])
    assert count.totals.requests == 1
    assert count.totals.since_midnight is True
    assert count.totals.since == (NOON + DAY_S) // DAY_S * DAY_S


def test_a_request_belongs_to_the_day_it_began_on() -> None:
    """As in the ledger: one that goes on over midnight is yesterday's."""
    count = tally()
    count.feed([started("late", at=NOON), started("b", at=NOON + DAY_S), finished("b", at=NOON + DAY_S)])
    count.feed([finished("late", at=NOON + DAY_S)])
    assert (count.totals.requests, count.counted) == (1, 2)


def test_a_day_ends_without_requests_too() -> None:
    """Nobody shall read yesterday's sums as today's."""
    count = tally()
    count.feed([started("a"), finished("a")])
    count.look_at_clock(NOON)
    assert count.totals.requests == 1
    count.look_at_clock(NOON + DAY_S)
    assert (count.totals.requests, count.totals.since_midnight) == (0, True)


def test_it_goes_on_from_what_the_ledger_knows() -> None:
    """The day's sums, to which the next request is added."""
    count = tally()
    count.go_on_from(Totals(since=NOON // DAY_S * DAY_S, since_midnight=True, requests=5, cost_usd=1.5, estimated=True))
    count.feed([started("a"), finished("a")])
    assert (count.totals.requests, count.totals.cost_usd, count.totals.estimated) == (6, 1.5, True)
    assert count.totals.since_midnight is True


def test_costs_are_summed_and_what_has_none_is_counted() -> None:
    """A request that failed before it used anything is none without a price."""
    count = tally()
    count.price = lambda started, _usage: Cost(0.25, "reported") if started.upstream_model == "up-x" else Cost()
    count.feed([started("a"), finished("a"), started("b"), finished("b")])
    count.feed([started("c", upstream_model="own"), finished("c"), started("d", upstream_model="own"), failed("d")])
    assert (count.totals.cost_usd, count.totals.unpriced) == (0.5, 1)


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
