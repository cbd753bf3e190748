"""What a request cost: a dated table of list prices, ours and, before it, the user's own.

A price is an assumption, so it is never mixed up with a number the provider reported: no matching entry means unknown,
and the source of the tokens is the source of the cost. Editing `data/prices.toml` needs no code.
"""

from __future__ import annotations

import re
from datetime import date
from fnmatch import translate
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Annotated, Final

import msgspec

PER_MILLION: Final = 1_000_000
MAX_FILE_BYTES: Final = 1024 * 1024
UNKNOWN: Final = "unknown"

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


class PricesError(Exception):
    """The user's price file cannot be read; the message names the entry. The built-in prices still apply."""


class Prices:
    """Looks prices up: the user's entries before ours, then the most particular that was valid on the day."""

    def __init__(self, own: tuple[Price, ...], user: tuple[Price, ...] = ()) -> None:
        self._tables = tuple([(re.compile(translate(price.model)), price) for price in table] for table in (user, own))

    def find(self, model: str, day: date, prompt_tokens: int, profile_id: str = "") -> Price | None:
        """The price that applies, or None."""
        for table in self._tables:
            fitting = [
                price
                for pattern, price in table
                if pattern.fullmatch(model)
                and price.since <= day
                and price.above <= prompt_tokens
                and price.profile in {"", profile_id}
            ]
            if fitting:
                return max(fitting, key=_particular)
        return None

    def cost(self, model: str, day: date, tokens: Tokens, profile_id: str = "") -> Cost:
        """What these tokens cost on that day."""
        if tokens.source == UNKNOWN:
            return Cost()
        price = self.find(model, day, tokens.prompt, profile_id)
        return Cost() if price is None else Cost(price.of(tokens), tokens.source)


def _particular(price: Price) -> tuple[bool, int, date, int]:
    # One profile before all, a longer pattern before a shorter, a later date before an earlier, a higher step before a lower.
    return bool(price.profile), len(price.model.rstrip("*")), price.since, price.above


def load_prices(user_file: Path | None = None) -> Prices:
    """Our table and the user's.

    Raises:
        PricesError: the user's file cannot be used.
    """
    return Prices(_decode(_packaged()), _user_prices(user_file) if user_file else ())


@cache
def _packaged() -> bytes:
    return resources.files("tray_app.history").joinpath("data/prices.toml").read_bytes()


def _decode(data: bytes) -> tuple[Price, ...]:
    return msgspec.toml.decode(data, type=_Table).price


def _user_prices(path: Path) -> tuple[Price, ...]:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
        if len(data) > MAX_FILE_BYTES:
            raise PricesError(f"{path} is larger than {MAX_FILE_BYTES} bytes")
        return _decode(data)
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise PricesError(f"{path} cannot be read: {error.strerror or error}") from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise PricesError(f"{path}: {error}") from error


def price_template() -> bytes:
    """Our table as a start for the user's own file."""
    return _packaged()
