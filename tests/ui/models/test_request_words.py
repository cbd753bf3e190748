"""A request in words and short numbers."""

from __future__ import annotations

from typing import Any

import pytest

from helpers.ui_values import NOON, USAGE, failed, finished, progress, started
from tray_app.history.prices import Cost
from tray_app.proxy.events import Timings
from tray_app.translation.usage import Usage, UsageSource
from tray_app.ui.models import request_words as words
from tray_app.ui.models.request_log import RequestLog, RequestRow

GUESS = Usage(input_tokens=12, output_tokens=300, source=UsageSource.ESTIMATED)


def row(*events: Any, cost: Cost | None = None) -> RequestRow:
    """The row after these events."""
    log = RequestLog()
    if cost is not None:
        log.price = lambda *_: cost
    log.feed(events)
    return log[0]


@pytest.mark.parametrize("name", ["claude-cli/2.1 (external)", "claude-cli/2.1"])
def test_a_client_is_its_product(name: str) -> None:
    """The first word of the user agent, or a dash."""
    assert words.client_name(name) == "claude-cli/2.1"
    assert words.client_name("") == "–"


@pytest.mark.parametrize(
    ("total_s", "usage", "shown"),
    [(2.5, USAGE, "100"), (60.5, USAGE, "3.3"), (0.505, USAGE, "40k"), (2.5, GUESS, "~150"), (0.5, USAGE, "–")],
)
def test_speed_fits_its_column_however_fast(total_s: float, usage: Usage, shown: str) -> None:
    """An answer from this machine may make tens of thousands of tokens a second; an estimate is marked."""
    timings = Timings(first_token_s=0.5, total_s=total_s)
    assert words.speed(row(started("a"), finished("a", usage=usage, timings=timings))) == shown


def test_the_clock_of_a_running_request_counts_whole_seconds() -> None:
    """Never below zero, whatever the clock of the system was set to."""
    running = row(started("a"))
    assert words.duration(running, NOON + 4.9) == "4 s"
    assert words.duration(running, NOON - 60) == "0 s"


def test_output_is_estimated_while_it_grows() -> None:
    """And says so."""
    assert words.output_tokens(row(started("a"))) == "–"
    growing = row(started("a"), progress("a", first_token_s=0.1, output_chars=2))
    assert words.output_tokens(growing) == "~1"
    assert words.source_of_output(growing).startswith("Estimated")
    assert words.source_of_output(row(started("a"))) == words.source_of_tokens(row(started("a")))


def test_every_number_has_a_source() -> None:
    """Reported, estimated, unknown, still to come; and a cost its own."""
    ends = (finished("a"), finished("a", usage=GUESS), failed("a"))
    told = [words.source_of_tokens(row(started("a"), end)) for end in ends]
    assert [each.split(maxsplit=1)[0] for each in told] == ["Reported", "Estimated:", "Not"]
    assert words.source_of_tokens(row(started("a"))).startswith("Counted when")
    assert words.source_of_speed(row(started("a"), finished("a"))).endswith("Reported by the provider")
    costs = [
        row(started("a"), finished("a"), cost=Cost(0.1, "reported")),
        row(started("a"), finished("a", usage=GUESS), cost=Cost(0.1, "estimated")),
        row(started("a"), finished("a")),
        row(started("a"), failed("a")),
    ]
    assert [words.source_of_cost(each).split(":")[0] for each in costs] == [
        "List price of the tokens the provider reported",
        "List price of estimated tokens",
        "Not known",
        "Not known",
    ]
    assert "price" in words.source_of_cost(costs[2])
    assert [words.cost(each) for each in costs] == ["$0.10", "~$0.10", "–", "–"]
