"""Fresh random identifiers. Injected wherever one is needed, so that tests can count instead."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
LENGTH: Final = 24  # characters; R-LIS-2 asks for 24 or more
# A byte picks its letter; 256 is no multiple of 62, which costs a seventh of a bit of 143.
_LETTERS: Final = (ALPHABET * 5).encode()[:256]

IdFactory = Callable[[], str]


def new_id() -> str:
    """24 random base62 characters."""
    return os.urandom(LENGTH).translate(_LETTERS).decode()
