"""All words."""

from __future__ import annotations

import pytest

from helpers.ui_values import NOON, REJECTED, UNREACHABLE, app_state, last_error
from tray_app.proxy.events import ErrorInfo, ServerState
from tray_app.state import AppState, Totals
from tray_app.translation.errors import ERROR_TYPES
from tray_app.ui import text


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (0, "0"),
        (999, "999"),
        (1_000, "1.0k"),
        (1_234, "1.2k"),
        (9_949, "9.9k"),
        (9_950, "10k"),
        (34_499, "34k"),
        (999_499, "999k"),
        (999_500, "1.0M"),
        (1_500_000, "1.5M"),
        (2_000_000_000, "2.0G"),
    ],
)
def test_counts_fit_a_narrow_column(number: int, shown: str) -> None:
    """Two figures and a unit, without gaps at the borders."""
    assert text.count(number) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "–"),
        (0.0, "0 ms"),
        (0.34, "340 ms"),
        (0.9996, "1.0 s"),
        (4.24, "4.2 s"),
        (59.96, "1 min 00 s"),
        (125, "2 min 05 s"),
    ],
)
def test_durations_have_the_unit_that_fits(value: float | None, shown: str) -> None:
    """Milliseconds, seconds, minutes."""
    assert text.seconds(value) == shown


@pytest.mark.parametrize(
    ("state", "line"),
    [
        (AppState(), "Starting…"),
        (app_state(), "Running on 127.0.0.1:8417 · One & Only"),
        (app_state(active_id=None), "Running on 127.0.0.1:8417"),
        (app_state(server=ServerState.STARTING, url=None), "Starting… · One & Only"),
        (app_state(server=ServerState.DRAINING), "Finishing… · One & Only"),
        (app_state(server=ServerState.FAILED, url=None), "Not running · One & Only"),
        (app_state(server=ServerState.STOPPED, url=None), "Stopped · One & Only"),
    ],
)
def test_the_status_line(state: AppState, line: str) -> None:
    """State, endpoint, provider."""
    assert text.status_line(state) == line


def test_the_tooltip_is_short_while_all_is_well() -> None:
    """A resolved error is not in it."""
    state = app_state(running=1, last_error=last_error(resolved=True))
    assert text.tooltip(state).splitlines() == ["Dragoman", text.status_line(state), "1 request running"]


def test_totals_say_since_when_and_whether_they_were_guessed() -> None:
    """The hours before the program started are not called today."""
    whole = Totals(since=NOON, since_midnight=True, requests=1, input_tokens=1_340_000, output_tokens=999)
    assert text.totals(whole) == "Today: 1 request · 1.3M in, 999 out · $0.00"
    part = Totals(since=NOON, requests=1_200, input_tokens=12, output_tokens=3, estimated=True)
    assert text.totals(part) == f"Since {text.clock_time(NOON)[:5]}: 1.2k requests · ~12 in, ~3 out · ~$0.00"


def test_totals_say_what_is_not_in_the_cost() -> None:
    """A cost that leaves requests out says how many; where it leaves out all of them there is none."""
    some = Totals(since=NOON, since_midnight=True, requests=42, input_tokens=10, cost_usd=3.1, unpriced=2)
    assert text.totals(some) == "Today: 42 requests · 10 in, 0 out · $3.10 + 2 without a price"
    none = Totals(since=NOON, since_midnight=True, requests=2, input_tokens=10, unpriced=2)
    assert text.totals(none) == "Today: 2 requests · 10 in, 0 out"


def test_shares_are_percents() -> None:
    """Little is not nothing."""
    assert [text.percent(share) for share in (0.0, 0.004, 0.126, 1.0)] == ["0 %", "<1 %", "13 %", "100 %"]


@pytest.mark.parametrize("kind", sorted(ERROR_TYPES))
def test_every_error_type_is_explained(kind: str) -> None:
    """With a title, a meaning and an advice of its own; a conflict counts as a failure of the provider."""
    error = ErrorInfo(type=kind, message="m", status=400, fault="upstream", upstream_status=400)
    explanation = text.explain(error)
    assert text.error_key(error) == (kind if kind != "conflict_error" else "api_error")
    assert all((explanation.title, explanation.meaning, explanation.advice))


@pytest.mark.parametrize(
    ("error", "title"),
    [
        (REJECTED, "Key rejected (401)"),
        (UNREACHABLE, "Provider not reachable"),
        (ErrorInfo(type="timeout_error", message="", status=504, fault="upstream"), "No answer in time"),
        (ErrorInfo(type="api_error", message="", status=500, fault="local"), "Trouble on this computer"),
        (
            ErrorInfo(type="api_error", message="", status=502, fault="protocol", upstream_status=200),
            "Answer not understood (200)",
        ),
    ],
)
def test_the_fault_decides_before_the_type(error: ErrorInfo, title: str) -> None:
    """Who has to act comes first."""
    assert text.error_title(error) == title


def test_a_cancelled_request_asks_for_nothing() -> None:
    """Whatever the error says."""
    assert text.explain(REJECTED, cancelled=True).title == "Cancelled"
    assert text.short_error_title(None) == "–"
    assert text.short_error_title(REJECTED) == "Key rejected"


def test_how_often_counts_since_the_first() -> None:
    """Once is once."""
    assert text.how_often(1, NOON) == "Once"
    assert text.how_often(3, NOON) == f"3 times since {text.clock_time(NOON)}"
