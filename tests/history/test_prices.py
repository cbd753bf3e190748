"""Tests of history/prices.py: which price applies, each token paid once, the user's table before ours."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.unprivileged import unprivileged
from tray_app.history import prices as module
from tray_app.history.prices import Cost, Price, Prices, PricesError, Tokens, load_prices, price_template

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


def test_the_users_table_comes_first(tmp_path: Path) -> None:
    """Even where ours is more particular; what it does not name is ours."""
    own = tmp_path / "prices.toml"
    own.write_text('[[price]]\nmodel = "claude-*"\nsince = 2020-01-01\ninput = 0\noutput = 0\n')
    table = load_prices(own)
    assert table.cost("claude-opus-5-5", DAY, tokens(10**6)) == Cost(0.0, "reported")
    assert table.cost("kimi-k3", DAY, tokens(10**6)) == Cost(3.0, "reported")


def test_the_packaged_table_is_usable(tmp_path: Path) -> None:
    """Every entry decodes, no model of the presets costs less than nothing, and it is the user's template."""
    assert load_prices(tmp_path / "absent.toml").cost("gpt-5.6", DAY, tokens(300_000)) == Cost(1.2, "reported")
    (tmp_path / "prices.toml").write_bytes(price_template())
    assert load_prices(tmp_path / "prices.toml").cost("gpt-5.6", DAY, tokens(10**5)) == Cost(0.2, "reported")


@pytest.mark.parametrize(
    "text",
    [
        "[[price",
        '[[price]]\nmodel = "x"\n',
        '[[price]]\nmodel="x"\nsince=2020-01-01\ninput=-1\noutput=0\n',
        "typo = 1\n",
    ],
)
def test_a_wrong_file_is_told(text: str, tmp_path: Path) -> None:
    """With its path; nothing is half read."""
    (tmp_path / "prices.toml").write_text(text)
    with pytest.raises(PricesError, match=r"prices\.toml"):
        load_prices(tmp_path / "prices.toml")


def test_a_file_that_is_not_text_or_too_large_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before it is decoded."""
    (tmp_path / "prices.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(PricesError):
        load_prices(tmp_path / "prices.toml")
    monkeypatch.setattr(module, "MAX_FILE_BYTES", 1)
    with pytest.raises(PricesError, match="larger"):
        load_prices(tmp_path / "prices.toml")


@pytest.mark.only_on("linux", "darwin")
def test_an_unreadable_file_is_told() -> None:
    """With the system's reason."""
    load_prices()  # imports what reads the packaged table, while the interpreter's files can be read
    with unprivileged() as folder:
        (folder / "prices.toml").write_text("")
        (folder / "prices.toml").chmod(0)
        with pytest.raises(PricesError, match="Permission denied"):
            load_prices(folder / "prices.toml")
