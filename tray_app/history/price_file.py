"""The user's own prices: a TOML file in the config directory, read whole, written atomically, never over something newer.

A damaged file is moved aside and reported, and the packaged prices apply. Counterpart: `prices.py`, which knows what an
entry means.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import msgspec

from tray_app.history.prices import Price, decode_prices
from tray_app.profiles.files import (
    ChangedElsewhereError,
    FileError,
    make_directory,
    move_aside,
    read_bounded,
    utc_now,
    write_atomic,
)
from tray_app.profiles.locks import file_lock

PRICES_FILE: Final = "prices.toml"  # in the config directory
_HEAD: Final = """\
# Your own prices in US dollars per million tokens; they come before those that Dragoman knows.
# Written by Dragoman's window, which keeps no comments. `since` is the first day an entry holds.
"""


class LoadedPrices(msgspec.Struct, frozen=True):
    """The user's entries. `problem` is a sentence for the user, or empty."""

    prices: tuple[Price, ...] = ()
    problem: str = ""


class PriceFile:
    """One file; remembers what it read last, to notice other writers."""

    def __init__(self, path: Path, now: Callable[[], datetime] = utc_now) -> None:
        self.path = path
        self._now = now
        self._seen = b""

    def load(self) -> LoadedPrices:
        """Read the file; never raises. An absent one is empty, a damaged one is moved aside."""
        try:
            self._seen = self._on_disk()
            return LoadedPrices(decode_prices(self._seen))
        except FileError as error:
            return LoadedPrices(problem=str(error))
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            return LoadedPrices(problem=self._give_up(str(error)))

    def save(self, prices: tuple[Price, ...]) -> None:
        """Replace the entries.

        Raises:
            ChangedElsewhereError: another program has changed the file since `load`.
            FileError: it cannot be written.
        """
        data = encode_prices(prices)
        try:
            make_directory(self.path.parent)
            with file_lock(self.path):
                if self._on_disk() != self._seen:
                    raise ChangedElsewhereError(f"{self.path} was changed by another program")
                write_atomic(self.path, data)
        except OSError as error:
            raise FileError(f"{self.path} cannot be written: {error.strerror or error}") from error
        self._seen = data

    def _on_disk(self) -> bytes:
        try:
            return read_bounded(self.path)
        except FileNotFoundError:
            return b""
        except OSError as error:
            raise FileError(f"{self.path} cannot be read: {error.strerror or error}") from error

    def _give_up(self, problem: str) -> str:
        try:
            aside = move_aside(self.path, self._now())
        except OSError as error:
            return f"{self.path} is damaged ({problem}) and cannot be moved: {error.strerror or error}"
        self._seen = b""
        return f"{self.path} is damaged ({problem}); it was moved to {aside.name}"


def encode_prices(prices: tuple[Price, ...]) -> bytes:
    """The file for these entries."""
    return "\n".join((_HEAD, *map(_entry, prices))).encode()


def _entry(price: Price) -> str:
    # What has the default value says nothing and is left out.
    fields = {name: getattr(price, name) for name in Price.__struct_fields__}
    told = {name: value for name, value in fields.items() if value not in (None, "") and (name, value) != ("above", 0)}
    return "\n".join(("[[price]]", *(f"{name} = {_value(value)}" for name, value in told.items()), ""))


def _value(value: Any) -> str:
    # TOML's basic strings are JSON's, except for DEL, which a model's name cannot have (see `control/price_drafts.py`).
    return msgspec.json.encode(value).decode() if isinstance(value, str | int | float) else value.isoformat()
