"""Fresh random identifiers. Injected wherever one is needed, so that tests can count instead."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
LENGTH: Final = 24  # characters; R-LIS-2 asks for 24 or more, that is 142 bits
_ENTROPY_BYTES: Final = 18

IdFactory = Callable[[], str]


def new_id() -> str:
    """24 random base62 characters."""
    number = int.from_bytes(os.urandom(_ENTROPY_BYTES), "big")
    letters = []
    for _ in range(LENGTH):
        number, digit = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[digit])
    return "".join(letters)
