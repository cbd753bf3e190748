"""Finds the client's stop sequences in the text where the upstream was not told all of them (24.3)."""

from __future__ import annotations

from tray_app.translation.answer.deltas import Delta, StopMatched, Text
from tray_app.translation.answer.markers import split_hold


class StopScanner:
    """Text in; the text before the first match, then the match, then nothing for ever."""

    def __init__(self, sequences: tuple[str, ...]) -> None:
        self._sequences = tuple(sequence for sequence in sequences if sequence)
        self._held = ""
        self._matched = False

    @property
    def done(self) -> bool:
        """There is nothing to look for. After a match there is: text to swallow."""
        return not self._sequences

    def feed(self, text: str) -> list[Delta]:
        """The next piece of text."""
        if self._matched:
            return []
        text = self._held + text
        # The match that was complete first wins, the longest of those: independent of how the text was cut.
        ends = [(at + len(sequence), at, sequence) for sequence in self._sequences if (at := text.find(sequence)) >= 0]
        if ends:
            _, at, sequence = min(ends)
            self._matched, self._held = True, ""
            return [*_text(text[:at]), StopMatched(sequence)]
        text, self._held = split_hold(text, self._sequences)
        return _text(text)

    def flush(self) -> list[Delta]:
        """Let go of what might have become a match."""
        text, self._held = self._held, ""
        return _text(text)


def _text(text: str) -> list[Delta]:
    return [Text(text)] if text else []
