"""The loss ledger of one request: what the translation dropped or downgraded, in the order it happened (spec section 38).

Nothing is dropped silently: every module of the translation is handed the request's `Losses` and notes what it could not carry.
"""

from __future__ import annotations

from collections.abc import Iterator

NOTES_MAX = 200  # of one request; names of unknown things come from outside
FIELD_CHARS = 120
HEADER_LIMIT = 1000  # characters of the x-dragoman-losses header; well below any server's header limit


class Losses:
    """Ordered, duplicate-free notes of the form ``area.field: reason``."""

    __slots__ = ("_notes",)

    def __init__(self) -> None:
        self._notes: dict[str, None] = {}

    def add(self, field: str, reason: str) -> None:
        """Note that `field` (a dotted path such as ``documents.0``) was not carried as sent, and why."""
        if len(self._notes) < NOTES_MAX:
            self._notes[f"{field[:FIELD_CHARS]}: {reason}"] = None

    def __iter__(self) -> Iterator[str]:
        return iter(self._notes)

    def __len__(self) -> int:
        return len(self._notes)

    def __contains__(self, note: object) -> bool:
        return note in self._notes

    def as_tuple(self) -> tuple[str, ...]:
        """The notes as a value that may cross a boundary."""
        return tuple(self._notes)

    def header(self) -> str:
        """The notes as one header-safe line, cut at `HEADER_LIMIT` characters; empty when nothing was lost."""
        if not self._notes:
            return ""
        line = ", ".join(self._notes)
        safe = "".join(c if " " <= c <= "~" else "?" for c in line)
        return safe if len(safe) <= HEADER_LIMIT else safe[: HEADER_LIMIT - 3] + "..."
