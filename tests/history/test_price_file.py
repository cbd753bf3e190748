"""Tests of history/price_file.py: the user's prices are kept whole, and nothing is overwritten unseen."""

from __future__ import annotations

import stat
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.unprivileged import unprivileged
from tray_app.history.price_file import PriceFile, encode_prices
from tray_app.history.prices import Price, decode_prices, packaged_prices
from tray_app.profiles.files import ChangedElsewhereError, FileError

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
OWN = Price(model="glm-*", since=date(2026, 1, 2), input=0.5, output=2, cache_read=0.05, above=32_000, profile="zai")
MONEY = st.floats(0, 1e9, allow_nan=False)
PRICES = st.builds(
    Price,
    model=st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1),
    since=st.dates(),
    input=MONEY,
    output=MONEY,
    cache_read=st.none() | MONEY,
    cache_write=st.none() | MONEY,
    above=st.integers(0, 10**9),
    profile=st.text("abc-"),
)


@pytest.fixture
def file(tmp_path: Path) -> PriceFile:
    """A file that does not exist yet."""
    return PriceFile(tmp_path / "config" / "prices.toml", lambda: NOON)


@given(st.lists(PRICES).map(tuple))
def test_what_is_written_is_read(prices: tuple[Price, ...]) -> None:
    """Whatever is in it."""
    assert decode_prices(encode_prices(prices)) == prices


def test_the_packaged_prices_can_be_written() -> None:
    """Every one of them may be overridden."""
    assert decode_prices(encode_prices(packaged_prices())) == packaged_prices()


def test_it_is_there_at_the_next_start(file: PriceFile) -> None:
    """And for the user alone."""
    assert file.load().prices == ()
    file.save((OWN,))
    file.save((OWN, OWN))
    again = PriceFile(file.path).load()
    assert (again.prices, again.problem) == ((OWN, OWN), "")
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600


@pytest.mark.parametrize("wrong", [b"[[price", b"\xff\xfe", b"typo = 1\n"])
def test_a_damaged_file_is_moved_aside(wrong: bytes, file: PriceFile) -> None:
    """And told; a new one can be written."""
    file.path.parent.mkdir()
    file.path.write_bytes(wrong)
    loaded = file.load()
    assert loaded.prices == ()
    assert "prices.damaged-20261123T120000Z.toml" in loaded.problem
    assert file.path.with_name("prices.damaged-20261123T120000Z.toml").read_bytes() == wrong
    file.save((OWN,))
    assert file.load().prices == (OWN,)


def test_another_programs_change_is_not_overwritten(file: PriceFile) -> None:
    """An editor's, for instance."""
    file.load()
    file.save((OWN,))
    file.path.write_bytes(b"# mine\n")
    with pytest.raises(ChangedElsewhereError, match="another program"):
        file.save((OWN, OWN))
    assert file.path.read_bytes() == b"# mine\n"


@pytest.mark.only_on("linux", "darwin")
def test_what_the_system_refuses_is_told() -> None:
    """With the path and the reason."""
    with unprivileged() as folder:
        file = PriceFile(folder / "prices.toml", lambda: NOON)
        file.save((OWN,))
        file.path.chmod(0)
        assert "Permission denied" in file.load().problem
        with pytest.raises(FileError, match="Permission denied"):
            file.save(())
        folder.chmod(0o500)
        with pytest.raises(FileError, match=r"prices\.toml cannot be"):
            file.save(())
        folder.chmod(0o700)


@pytest.mark.only_on("linux", "darwin")
def test_a_damaged_file_that_cannot_be_moved_stays(tmp_path: Path) -> None:
    """And the user hears of both."""
    with unprivileged() as folder:
        file = PriceFile(folder / "prices.toml", lambda: NOON)
        file.path.write_bytes(b"[[price")
        folder.chmod(0o500)
        problem = file.load().problem
        folder.chmod(0o700)
        assert "cannot be moved: Permission denied" in problem
