"""What a request cost: a dated table of list prices, ours and, before it, the user's own.

A price is an assumption, so it is never mixed up with a number the provider reported: no matching entry means unknown,
and the source of the tokens is the source of the cost. Editing `data/prices.toml` needs no code; the user's own file is
`price_file.py`'s.
"""

from __future__ import annotations

import re
from datetime import date
from fnmatch import translate
from functools import cache, lru_cache
from importlib import resources
from typing import Annotated, Final

import msgspec

PER_MILLION: Final = 1_000_000
UNKNOWN: Final = "unknown"
MODELS_KEPT: Final = 256

Money = Annotated[float, msgspec.Meta(ge=0)]


class Tokens(msgspec.Struct, frozen=True):
    """The tokens of one request and their source; `input` is without the cached ones (R-USE-2)."""

    input: int
    cache_read: int
    cache_write: int
    output: int
    source: str

    @property
    def prompt(self) -> int:
        """Everything that went in, each token once."""
        return self.input + self.cache_read + self.cache_write


class Price(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """US dollars per million tokens, valid from a day on, for models whose id matches a pattern (`*`, `?`, `[…]`).

    `above` holds it to prompts of more than that many tokens; `profile` holds it to one profile of the user's. Cached
    tokens without a price of their own cost what input costs.
    """

    model: str
    since: date
    input: Money
    output: Money
    cache_read: Money | None = None
    cache_write: Money | None = None
    above: int = 0
    profile: str = ""

    def of(self, tokens: Tokens) -> float:
        """Dollars for these tokens; each is paid once."""
        read = self.input if self.cache_read is None else self.cache_read
        write = self.input if self.cache_write is None else self.cache_write
        return (
            tokens.input * self.input
            + tokens.cache_read * read
            + tokens.cache_write * write
            + tokens.output * self.output
        ) / PER_MILLION


class Cost(msgspec.Struct, frozen=True):
    """Dollars, or None with the source ``unknown``; otherwise the source is that of the tokens."""

    usd: float | None = None
    source: str = UNKNOWN


class _Table(msgspec.Struct, forbid_unknown_fields=True):
    price: tuple[Price, ...] = ()


class Prices:
    """Looks prices up: the user's entries before ours, then the most particular that was valid on the day."""

    def __init__(self, own: tuple[Price, ...], user: tuple[Price, ...] = ()) -> None:
        self._tables = tuple([(re.compile(translate(price.model)), price) for price in table] for table in (user, own))
        # Every request asks several times, mostly for the same few models.
        self._of_model = lru_cache(MODELS_KEPT)(self._look_up)

    def find(self, model: str, day: date, prompt_tokens: int, profile_id: str = "") -> Price | None:
        """The price that applies, or None."""
        prices = self._of_model(model, day, profile_id)
        return next((price for price in prices if price.above <= prompt_tokens), None)

    def _look_up(self, model: str, day: date, profile_id: str) -> tuple[Price, ...]:
        """What may apply to any prompt, the first choice first."""
        fitting = (
            [
                price
                for pattern, price in table
                if pattern.fullmatch(model) and price.since <= day and price.profile in {"", profile_id}
            ]
            for table in self._tables
        )
        return tuple(price for prices in fitting for price in sorted(prices, key=_particular, reverse=True))

    def cost(self, model: str, day: date, tokens: Tokens, profile_id: str = "") -> Cost:
        """What these tokens cost on that day."""
        if tokens.source == UNKNOWN:
            return Cost()
        price = self.find(model, day, tokens.prompt, profile_id)
        return Cost() if price is None else Cost(price.of(tokens), tokens.source)


def _particular(price: Price) -> tuple[bool, int, date, int]:
    # One profile before all, a longer pattern before a shorter, a later date before an earlier, a higher step before a lower.
    return bool(price.profile), len(price.model.rstrip("*")), price.since, price.above


def decode_prices(data: bytes) -> tuple[Price, ...]:
    """The entries of a price file (TOML).

    Raises:
        msgspec.MsgspecError, UnicodeDecodeError: it is none; the message names the entry.
    """
    return msgspec.toml.decode(data, type=_Table).price


@cache
def packaged_prices() -> tuple[Price, ...]:
    """The table that comes with the program."""
    return decode_prices(resources.files("tray_app.history").joinpath("data/prices.toml").read_bytes())
