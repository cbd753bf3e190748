"""Tests of history/record.py: starts and ends joined to rows."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from helpers.ledger_events import REPORTED, failed, finished, started
from tray_app.history import record as module
from tray_app.history.prices import Price, Prices
from tray_app.history.record import Joiner, Record, local_day
from tray_app.proxy.events import RequestProgress
from tray_app.translation.usage import Usage

PRICES = Prices((Price(model="m", since=date(2026, 1, 1), input=1.0, output=2.0, cache_read=0.1, cache_write=1.5),))


def joiner() -> Joiner:
    return Joiner(PRICES, lambda _: date(2026, 11, 23))


def only(*events: object) -> Record:
    joined = joiner()
    rows = [row for event in events if (row := joined.feed(event)) is not None]  # type: ignore[arg-type]
    assert len(rows) == 1
    return rows[0]


def test_start_and_end_make_a_row() -> None:
    """Tokens as reported, each once, with the cost of the day."""
    row = only(started("1"), RequestProgress(at=1001.0, id="1"), finished("1", losses=("a: b", "c: d")))
    assert (row.day, row.started_at, row.outcome, row.stop_reason) == ("2026-11-23", 1000.0, "finished", "end_turn")
    assert (row.input_tokens, row.cache_read_tokens, row.cache_write_tokens, row.output_tokens) == (100, 300, 50, 20)
    assert (row.thinking_tokens, row.usage_source, row.cost_source) == (5, "reported", "reported")
    assert row.cost_usd == pytest.approx((100 * 1 + 300 * 0.1 + 50 * 1.5 + 20 * 2) / 1e6)
    assert (row.headers_s, row.first_token_s, row.total_s, row.losses) == (0.1, 0.5, 2.0, 2)


def test_a_failure_keeps_its_type_and_none_of_its_words() -> None:
    """The upstream's text may quote a prompt."""
    row = only(started("1"), failed("1"))
    assert (row.outcome, row.status, row.error_type, row.stop_reason) == ("failed", 503, "overloaded_error", None)
    assert "prompt" not in repr(row)
    assert (row.usage_source, row.cost_usd, row.cost_source) == ("unknown", None, "unknown")


def test_a_cancelled_request_did_not_fail() -> None:
    """And what it cost up to then is counted."""
    row = only(started("1"), failed("1", cancelled=True, usage=REPORTED))
    assert (row.outcome, row.output_tokens) == ("cancelled", 20)


def test_unknown_thinking_tokens_are_none_to_count() -> None:
    """A provider that does not tell."""
    assert only(started("1"), finished("1", usage=Usage())).thinking_tokens == 0


def test_other_routes_and_lost_starts_make_no_row() -> None:
    """Token counts are no requests in the user's sense; an end without its start says nothing."""
    joined = joiner()
    assert joined.feed(started("1", route="count_tokens")) is None
    assert joined.feed(finished("1")) is None
    assert joined.feed(finished("2")) is None


def test_forgotten_starts_do_not_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest goes."""
    monkeypatch.setattr(module, "MAX_RUNNING", 2)
    joined = joiner()
    for number in "123":
        joined.feed(started(number))
    assert [joined.feed(finished(number)) is None for number in "123"] == [True, False, False]


def test_a_day_is_the_users_own() -> None:
    """As the calendar on the wall has it."""
    noon = datetime(2026, 11, 23, 12, tzinfo=UTC)
    assert local_day(noon.timestamp()) == noon.astimezone().date()
