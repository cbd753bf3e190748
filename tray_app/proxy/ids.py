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


_BATCH: Final = 64  # made at once: asking the system takes longer than all the rest
_ready: list[str] = []
if hasattr(os, "register_at_fork"):  # not on Windows, which has no fork
    os.register_at_fork(after_in_child=_ready.clear)  # two processes must not give the same ones


def new_id() -> str:
    """24 random base62 characters."""
    try:
        return _ready.pop()
    except IndexError:
        letters = os.urandom(LENGTH * _BATCH).translate(_LETTERS).decode()
        _ready.extend(letters[at : at + LENGTH] for at in range(LENGTH, len(letters), LENGTH))
        return letters[:LENGTH]
