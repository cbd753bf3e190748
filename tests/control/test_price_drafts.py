"""What was typed into the price form becomes a price, or says what is wrong with which field."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tray_app.control.drafts import DraftError
from tray_app.control.price_drafts import draft_from, price_from
from tray_app.editing import PriceDraft
from tray_app.history.prices import Price, packaged_prices

DRAFT = PriceDraft(model=" glm-* ", profile="zai", input="0.5", output="2,25", cache_read="$0.05", since="2026-01-02")


def test_a_price_is_made_of_what_was_typed() -> None:
    """Blanks round it, a comma and a dollar sign are understood; what is empty is not there."""
    assert price_from(DRAFT) == Price(
        model="glm-*", profile="zai", input=0.5, output=2.25, cache_read=0.05, since=date(2026, 1, 2)
    )


def test_every_price_can_be_edited_without_a_change() -> None:
    """There and back."""
    for price in packaged_prices():
        assert price_from(draft_from(price, 3)) == price


@pytest.mark.parametrize(
    ("field", "typed", "code"),
    [
        ("model", " ", "empty"),
        ("model", "a\x7fb", "pattern"),
        ("model", "x" * 201, "pattern"),
        ("input", "", "empty"),
        ("output", "two", "money"),
        ("output", "-1", "money"),
        ("cache_read", "nan", "money"),
        ("cache_write", "1e9", "money"),
        ("above", "32k", "tokens"),
        ("above", "9" * 12, "tokens"),
        ("since", "31.1.2026", "day"),
    ],
)
def test_what_is_wrong_is_said_at_the_field(field: str, typed: str, code: str) -> None:
    """With a code that the words are looked up for."""
    with pytest.raises(DraftError) as caught:
        price_from(replace(DRAFT, **{field: typed}))
    assert [(problem.field, problem.code) for problem in caught.value.problems] == [(field, code)]


def test_all_problems_are_said_at_once() -> None:
    """Nobody likes to be told of one after the other."""
    with pytest.raises(DraftError) as caught:
        price_from(PriceDraft())
    assert [problem.field for problem in caught.value.problems] == ["model", "input", "output", "since"]
