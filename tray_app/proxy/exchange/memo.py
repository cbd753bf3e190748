"""Remembers for a few seconds which upstream request was refused as wrong, and answers its repetition from memory.

Claude Code repeats a plain 400 up to six times while it strips features that do not alter the translated request; each
would be the same upstream call with the same answer (R-ERR-11, P-90).
"""

from __future__ import annotations

import hashlib
from typing import Final

from yarl import URL

from tray_app.translation.errors import ApiError

KEEP_S: Final = 10.0
ENTRIES_MAX: Final = 64


class RefusalMemo:
    """The latest upstream 400s by hash of what was sent. Times are given by the caller, in monotonic seconds."""

    def __init__(self) -> None:
        self._entries: dict[bytes, tuple[float, ApiError]] = {}
        self._empty_from = 0.0  # when the last entry will be too old: no payload need be hashed before the next refusal

    def recall(self, url: URL, payload: bytes, now: float) -> ApiError | None:
        """The error this very request got less than `KEEP_S` ago."""
        if now >= self._empty_from:
            return None
        found = self._entries.get(_key(url, payload))
        return found[1] if found and now - found[0] < KEEP_S else None

    def remember(self, url: URL, payload: bytes, error: ApiError, now: float) -> None:
        """Keep the error of a 400; anything else may well succeed when repeated."""
        if error.status != 400:
            return
        key = _key(url, payload)
        self._entries.pop(key, None)
        self._entries[key] = (now, error)
        self._empty_from = now + KEEP_S
        if len(self._entries) > ENTRIES_MAX:
            del self._entries[next(iter(self._entries))]


def _key(url: URL, payload: bytes) -> bytes:
    return hashlib.blake2b(
        payload, digest_size=16, person=hashlib.blake2b(str(url).encode(), digest_size=16).digest()
    ).digest()
