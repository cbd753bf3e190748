"""Readings of the ledger as figures, charts and words."""

from __future__ import annotations

import msgspec
import pytest

from helpers.readings import reading
from tray_app.history.overview import ModelLine, Span
from tray_app.history.reads import ModelTotals, UsageTotals
from tray_app.ui.charts.shares import MOST
from tray_app.ui.models import overview


@pytest.mark.parametrize(
    ("sums", "tokens", "cost"),
    [
        (UsageTotals(), "0", "$0.00"),
        (UsageTotals(requests=2, input_tokens=10, cost_usd=1.0), "10", "$1.00"),
        (UsageTotals(requests=2, input_tokens=10, cost_usd=1.0, estimated=1), "~10", "~$1.00"),
        (UsageTotals(requests=2, input_tokens=10, cost_usd=1.0, unknown=1, unpriced=1), "10+", "$1.00+"),
        (UsageTotals(requests=2, failed=1, unknown=1, unpriced=1), "–", "–"),
        (UsageTotals(requests=2, input_tokens=10, unpriced=2), "10", "–"),
        (UsageTotals(requests=1, failed=1), "0", "$0.00"),
    ],
)
def test_every_number_has_its_mark(sums: UsageTotals, tokens: str, cost: str) -> None:
    """A tilde for estimates, a plus where something is missing, a dash where nobody knows."""
    assert overview.tokens(sums.prompt_tokens, sums) == tokens
    assert overview.cost(sums) == cost


def test_figures_add_up() -> None:
    """Cached tokens are counted once; the words below say what is in the numbers."""
    shown = {figure.name: (figure.value, figure.note) for figure in overview.figures(reading().totals)}
    assert shown == {
        "Requests": ("4", ""),
        "Tokens in": ("~1.9k", "~600 from the cache"),
        "Tokens out": ("~140", "10 of it thinking"),
        "Cost": ("~$0.94+", "1 without a price"),
        "Cache hits": ("32 %", ""),
        "Errors": ("25 %", "1 failed, 0 cancelled"),
    }
    source = overview.figures(reading().totals)[0].source
    assert source.splitlines() == [
        "Reported by the provider: 2 requests",
        "Estimated: 1 requests",
        "Without a price: 1 requests",
    ]
    assert "~" in overview.legend()


def test_the_cost_is_measured_against_the_budget() -> None:
    """Where there is one."""
    shown = {figure.name: figure.note for figure in overview.figures(reading().totals, 2.0)}
    assert shown["Cost"] == "47 % of the budget · 1 without a price"


def test_an_empty_time_has_no_shares() -> None:
    """Nothing divided by nothing is not zero."""
    shown = {figure.name: figure.value for figure in overview.figures(reading(empty=True).totals)}
    assert (shown["Cache hits"], shown["Errors"], shown["Cost"]) == ("–", "–", "$0.00")
    assert overview.tokens_chart(reading(empty=True)).summary == "No requests in this time."
    assert overview.wait_chart(reading(empty=True)).summary == "No first token in this time."
    assert overview.cost_summary(overview.cost_shares(reading(empty=True))) == "No requests in this time."


def test_tokens_by_hour() -> None:
    """Cached below, fresh above it, out on top; the newest hour is labelled."""
    chart = overview.tokens_chart(reading())
    assert [series.values[-2:] for series in chart.series] == [(300.0, 300.0), (1150.0, 150.0), (120.0, 20.0)]
    assert len(chart.places) == 24
    assert chart.places[-1] == "12:00 – 13:00"
    assert chart.labels[-1] == "12:00"
    assert sum(map(bool, chart.labels)) <= overview.LABELS
    assert chart.summary == "2.0k tokens together; the most, 1.6k, at 11:00 – 12:00."
    assert chart.column(23).splitlines()[1:] == [
        "Input from the cache: 300",
        "New input: 150",
        "Output: 20",
        "Together: 470",
    ]


@pytest.mark.parametrize(
    ("span", "label", "place"), [(Span.WEEK, "Mon 23", "Monday, 23 Nov"), (Span.MONTH, "23 Nov", "Monday, 23 Nov")]
)
def test_longer_spans_have_days(span: Span, label: str, place: str) -> None:
    """Named as people name them."""
    chart = overview.tokens_chart(reading(span))
    assert (chart.labels[-1], chart.places[-1]) == (label, place)
    assert overview.tokens_title(span) != overview.tokens_title(Span.TODAY)
    assert overview.wait_title(span) != overview.wait_title(Span.TODAY)


def test_waits_have_gaps() -> None:
    """Hours without a first token are not zero."""
    chart = overview.wait_chart(reading())
    assert [series.values[-3:] for series in chart.series] == [(None, 0.5, 0.5)] * 2
    assert chart.summary == "Median between 500 ms and 500 ms, 95 % within 500 ms at worst."
    assert (chart.show(0.0), chart.show(1.5)) == ("0 s", "1.5 s")


def test_costs_are_summed_by_provider() -> None:
    """The dearest first; without a price there is a dash and no bar."""
    shares = overview.cost_shares(reading())
    assert [(share.name, share.words) for share in shares] == [("P", "$0.94"), ("Q", "–")]
    assert shares[1].value is None
    assert overview.cost_summary(shares) == "P: $0.94; Q: –"


def test_many_small_ones_are_summed_up() -> None:
    """What does not fit is one line."""
    lines = tuple(
        ModelLine(ModelTotals(f"p{n}", f"P{n}", "m", UsageTotals(requests=1, cost_usd=float(n)))) for n in range(8)
    )
    shares = overview.cost_shares(msgspec.structs.replace(reading(), models=lines))
    assert len(shares) == MOST
    assert [share.name for share in shares] == ["P7", "P6", "P5", "P4", "4 others"]
    assert shares[-1].words == "$6.00"
