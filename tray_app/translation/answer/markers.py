"""Finding markers in text that arrives in pieces: how much of its end could be the beginning of a marker (24.2)."""

from __future__ import annotations

from collections.abc import Iterable


def overlap(text: str, markers: Iterable[str]) -> int:
    """The length of the longest end of `text` that begins one of the `markers` without completing it."""
    return max((_overlap(text, marker) for marker in markers), default=0)


def _overlap(text: str, marker: str) -> int:
    at = text.find(marker[0], max(0, len(text) - len(marker) + 1))
    while at >= 0:
        if marker.startswith(text[at:]):
            return len(text) - at
        at = text.find(marker[0], at + 1)
    return 0


def split_hold(text: str, markers: Iterable[str]) -> tuple[str, str]:
    """`text` in two: what can go out, and what has to wait because it may become a marker."""
    cut = len(text) - overlap(text, markers)
    return text[:cut], text[cut:]
