"""Takes the code fence off structured output that was asked for in words only (24.4, R-STR-6)."""

from __future__ import annotations

import re
from typing import Final

from tray_app.translation.answer.deltas import Delta, Text

MAX_TAIL: Final = 32  # characters of white space and fence that may wait for the end

_OPENING: Final = re.compile(r"\s*```[ \t]*[\w+-]{0,16}[ \t]*\r?\n")
_OPENING_PART: Final = re.compile(r"\s{0,32}(?:`{1,3}|```[ \t]{0,4}[\w+-]{0,16}[ \t]{0,4}\r?)?\Z")
_TAIL: Final = re.compile(r"\s*`{0,3}\s*\Z")
_CLOSING: Final = re.compile(r"\s*```\s*\Z")


class FenceFilter:
    """Text in, the text inside its fence out. An answer that does not begin with a fence passes unchanged."""

    def __init__(self) -> None:
        self._held = ""
        self._inside = False
        self.done = False

    def feed(self, text: str) -> list[Delta]:
        """The next piece of text."""
        text = self._held + text
        self._held = ""
        if not self._inside and not self.done:
            text = self._begin(text)
        if self._inside:
            tail = _tail_of(text)
            text, self._held = text[: len(text) - len(tail)], tail
        return [Text(text)] if text else []

    def flush(self) -> list[Delta]:
        """Let go of what is held, unless it is the closing fence."""
        held, self._held = self._held, ""
        if not held or (self._inside and _CLOSING.match(held)):
            return []
        return [Text(held)]

    def _begin(self, text: str) -> str:
        """Take the opening fence off, or find that there is none."""
        opening = _OPENING.match(text)
        if opening:
            self._inside = True
            return text[opening.end() :]
        if _OPENING_PART.match(text):
            self._held = text
            return ""
        self.done = True
        return text


def _tail_of(text: str) -> str:
    """The end that may turn out to be the closing fence."""
    found = _TAIL.search(text, max(0, len(text) - MAX_TAIL))
    return found[0] if found else ""
