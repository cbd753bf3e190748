"""Masks credentials in text that other people wrote (R-ERR-2, P-125), and bounds it.

The patterns are data (`data/redaction.toml`). A mask may hit too much, never too little: what passes here is shown on
screen, logged and sent to the client.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Final

import msgspec

from tray_app.translation.tables import load

MASK: Final = "[redacted]"
MESSAGE_CHARS: Final = 4000  # R-ERR-1: a message is at most 4 kB
HEADER_CHARS: Final = 300  # R-OVF-4
SECRET_MIN_CHARS: Final = 6  # a shorter "secret" would mask ordinary words


class _Pattern(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    regex: str


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pattern: list[_Pattern]


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(entry.regex, re.IGNORECASE) for entry in load("redaction", _Table).pattern)


def prepare() -> None:
    """Make the patterns now: it takes some milliseconds, which the first request would wait for."""
    _patterns()


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """`text` with everything that looks like a credential masked, and every one of `secrets` wherever it stands."""
    text = mask_known(text, secrets)
    for pattern in _patterns():
        text = pattern.sub(_mask, text)
    return text


def mask_known(text: str, secrets: Iterable[str]) -> str:
    """`text` with every one of `secrets` masked, and nothing else."""
    for secret in secrets:
        if len(secret) >= SECRET_MIN_CHARS:
            text = text.replace(secret, MASK)
    return text


def _mask(match: re.Match[str]) -> str:
    """Keep what the pattern calls `keep` (the word that announces the credential), mask the rest."""
    return match.groupdict().get("keep", "") + MASK


def bound(text: str, limit: int = MESSAGE_CHARS) -> str:
    """`text` cut to `limit` characters, the last of which is an ellipsis when something was cut."""
    return text if len(text) <= limit else text[: limit - 1] + "\u2026"


def header_safe(text: str, limit: int = HEADER_CHARS) -> str:
    """`text` as an HTTP header value: one line of printable ASCII, `limit` characters at most (R-OVF-4)."""
    line = " ".join(text.split())
    safe = line if line.isascii() and line.isprintable() else "".join(c if " " <= c <= "~" else "?" for c in line)
    return safe if len(safe) <= limit else safe[: limit - 3] + "..."
