"""Tests of history/prices.py: which price applies, each token paid once, the user's table before ours."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tray_app.history.prices import Cost, Price, Prices, Tokens, decode_prices, packaged_prices

DAY = date(2026, 11, 23)


def price(model: str, input_: float = 1.0, **fields: object) -> Price:
    return Price(**{"model": model, "since": date(2026, 1, 1), "input": input_, "output": 2.0} | fields)  # type: ignore[arg-type]


def tokens(input_: int = 0, read: int = 0, write: int = 0, output: int = 0, source: str = "reported") -> Tokens:
    return Tokens(input_, read, write, output, source)


COUNT = st.integers(0, 2_000_000)


@given(COUNT, COUNT, COUNT, COUNT)
def test_r_use_2_each_token_is_paid_once(input_: int, read: int, write: int, output: int) -> None:
    """At one price for everything the cost is that price times the tokens, cached or not."""
    flat = Price(model="*", since=DAY, input=1.0, output=1.0)
    assert flat.of(tokens(input_, read, write, output)) == pytest.approx((input_ + read + write + output) / 1e6)


def test_cached_tokens_have_their_own_price() -> None:
    """Per million tokens, in dollars."""
    listed = price("m", 4.0, output=20.0, cache_read=0.4, cache_write=5.0)
    assert listed.of(tokens(1_000_000, 1_000_000, 1_000_000, 1_000_000)) == pytest.approx(4 + 0.4 + 5 + 20)


def test_the_most_particular_price_wins() -> None:
    """One profile before all, a longer pattern before a shorter, later before earlier, a higher step before a lower."""
    table = Prices(
        (
            price("*", 1.0),
            price("gpt-5*", 2.0),
            price("gpt-5.6*", 3.0),
            price("gpt-5.6*", 4.0, since=date(2026, 6, 1)),
            price("gpt-5.6*", 5.0, since=date(2026, 6, 1), above=200_000),
            price("gpt-5.6*", 6.0, since=date(2027, 1, 1)),
            price("gpt*", 7.0, profile="work"),
        )
    )

    def found(model: str, day: date = DAY, prompt: int = 10, profile: str = "home") -> float:
        listed = table.find(model, day, prompt, profile)
        assert listed is not None
        return listed.input

    assert found("other") == 1.0
    assert found("gpt-5") == 2.0
    assert found("gpt-5.6-x", date(2026, 3, 1)) == 3.0
    assert found("gpt-5.6-x") == 4.0
    assert found("gpt-5.6-x", prompt=200_001) == 5.0
    assert found("gpt-5.6-x", date(2027, 2, 1)) == 6.0
    assert found("gpt-5.6-x", profile="work") == 7.0


def test_no_price_or_no_tokens_is_unknown() -> None:
    """Never a guess; estimated tokens make an estimated cost."""
    table = Prices((price("m"),))
    assert table.cost("other", DAY, tokens(10)) == Cost(None, "unknown")
    assert table.cost("m", date(2025, 1, 1), tokens(10)) == Cost(None, "unknown")
    assert table.cost("m", DAY, tokens(10, source="unknown")) == Cost(None, "unknown")
    assert table.cost("m", DAY, tokens(1_000_000, source="estimated")) == Cost(1.0, "estimated")


def test_the_users_table_comes_first() -> None:
    """Even where ours is more particular; what it does not name is ours."""
    table = Prices(packaged_prices(), (price("claude-*", 0.0, output=0.0, since=date(2020, 1, 1)),))
    assert table.cost("claude-opus-5-5", DAY, tokens(10**6)) == Cost(0.0, "reported")
    assert table.cost("kimi-k3", DAY, tokens(10**6)) == Cost(3.0, "reported")


def test_the_packaged_table_is_usable() -> None:
    """Every entry decodes, a step price holds for the long prompts only, and the Demo is free."""
    table = Prices(packaged_prices())
    assert table.cost("gpt-5.6", DAY, tokens(300_000)) == Cost(1.2, "reported")
    assert table.cost("gpt-5.6", DAY, tokens(10**5)) == Cost(0.2, "reported")
    assert table.cost("demo", DAY, tokens(10**5), "demo") == Cost(0.0, "reported")
    assert table.cost("demo", DAY, tokens(10**5), "other") == Cost()


@pytest.mark.parametrize("wrong", [b"[[price", b"\xff\xfe", b'[[price]]\nmodel = "x"\n', b"typo = 1\n"])
def test_what_is_no_price_table_is_refused(wrong: bytes) -> None:
    """Nothing is half read."""
    with pytest.raises((msgspec.MsgspecError, UnicodeDecodeError)):
        decode_prices(wrong)
