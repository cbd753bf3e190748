"""Reads the data tables beside this package: provider quirks, error wordings and patterns live in TOML, not in branches.

Read on first use, checked by msgspec against the struct the caller names; nothing is read at import.
"""

from __future__ import annotations

from importlib.resources import files
from typing import TypeVar

import msgspec

T = TypeVar("T")


def load(name: str, form: type[T]) -> T:
    """`data/<name>.toml` decoded as `form`. Callers cache the result.

    Raises:
        msgspec.ValidationError: the table does not fit `form`; the message names the field.
    """
    return msgspec.toml.decode(files(__package__).joinpath("data", f"{name}.toml").read_bytes(), type=form)
