"""Reasoning that a model writes into its text between tags (24.1): separated, and only where it cannot be a code sample.

Tags count at the very beginning of the answer only, and not at all once the upstream sent reasoning in a field of its own.
"""

from __future__ import annotations

from enum import StrEnum, auto
from typing import Final, Literal

from tray_app.translation.answer.deltas import Delta, Reasoning, Text
from tray_app.translation.answer.markers import split_hold

FIELD: Final = "think_tag"  # what the thinking envelope remembers as the origin of such reasoning
MAX_LEADING_SPACE: Final = 256  # characters of white space after which no tag is waited for

_NAMES: Final = ("think", "thinking", "thought")
_CLOSINGS: Final = {f"<{name}>": f"</{name}>" for name in _NAMES}
_BEGINNINGS: Final = frozenset(tag[:size] for tag in _CLOSINGS for size in range(len(tag)))  # of an opening tag
_ANY_CLOSING: Final = tuple(_CLOSINGS.values())
_NEWLINES_DROPPED: Final = 2  # the pair that templates put after the closing tag


class _State(StrEnum):  # a key: the hash of a plain Enum is written in Python
    BEFORE = auto()  # nothing but white space yet
    INSIDE = auto()
    AFTER = auto()  # right after the closing tag: its newlines go
    OFF = auto()


class ThinkFilter:
    """Text in; reasoning and text out. `done` says that everything further is plain text."""

    def __init__(self, mode: Literal["auto", "off", "preopened"]) -> None:
        self._preopened = mode == "preopened"
        self._state = _State.OFF if mode == "off" else _State.BEFORE
        self._held = ""
        self._closings = _ANY_CLOSING
        self._newlines = 0

    @property
    def done(self) -> bool:
        """Nothing will be filtered any more."""
        return self._state is _State.OFF and not self._held

    def native_reasoning(self) -> None:
        """The upstream separates reasoning by itself: tags in the text mean nothing."""
        if self._state is _State.BEFORE:
            self._state = _State.OFF

    def feed(self, text: str) -> list[Delta]:
        """The next piece of text."""
        found: list[Delta] = []
        self._held += text
        while _STEPS[self._state](self, found):
            pass
        return found

    def flush(self) -> list[Delta]:
        """Let go of what is held; reasoning whose closing tag never came stays reasoning."""
        held, self._held = self._held, ""
        if not held:
            return []
        if self._state is _State.INSIDE:
            return [Reasoning(held, FIELD)]
        if held.strip():
            self._state = _State.OFF
        return [Text(held)]

    def _before(self, found: list[Delta]) -> bool:
        """Wait until the first characters are a tag or are not."""
        begun = self._held.lstrip()
        opening = begun[: begun.find(">") + 1]
        closing = _CLOSINGS.get(opening)
        if closing:
            self._closings = (closing,)
            self._held = begun.removeprefix(opening)
        elif len(self._held) - len(begun) <= MAX_LEADING_SPACE and begun in _BEGINNINGS:
            return False
        self._state = _State.INSIDE if closing or self._preopened else _State.OFF
        return True

    def _inside(self, found: list[Delta]) -> bool:
        """Everything up to the closing tag is reasoning."""
        at, closing = min(
            ((self._held.find(tag), tag) for tag in self._closings if tag in self._held), default=(-1, "")
        )
        if at < 0:
            text, self._held = split_hold(self._held, self._closings)
        else:
            text, self._held = self._held[:at], self._held[at + len(closing) :]
            self._state = _State.AFTER
        if text:
            found.append(Reasoning(text, FIELD))
        return at >= 0

    def _after(self, found: list[Delta]) -> bool:
        """Drop the newlines between the tag and the answer."""
        while self._held.startswith("\n") and self._newlines < _NEWLINES_DROPPED:
            self._held = self._held[1:]
            self._newlines += 1
        if not self._held and self._newlines < _NEWLINES_DROPPED:
            return False
        self._state = _State.OFF
        return True

    def _off(self, found: list[Delta]) -> bool:
        if self._held:
            found.append(Text(self._held))
            self._held = ""
        return False


_STEPS: Final = {
    _State.BEFORE: ThinkFilter._before,  # noqa: SLF001 - the filter's own table
    _State.INSIDE: ThinkFilter._inside,  # noqa: SLF001
    _State.AFTER: ThinkFilter._after,  # noqa: SLF001
    _State.OFF: ThinkFilter._off,  # noqa: SLF001
}
