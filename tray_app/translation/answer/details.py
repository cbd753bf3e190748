"""Puts the fragments of `reasoning_details` together again, because they have to be sent back as they were made (R-CHK-5).

Consecutive fragments of one text or summary become one entry; encrypted entries stay as they are. The readable text has
gone its own way before, piece by piece: see `choices.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from tray_app.translation.answer import deltas as d
from tray_app.translation.answer.choices import DETAILS, word

_TEXT_KEYS: Final = {"reasoning.text": "text", "reasoning.summary": "summary"}
MAX_ENTRY_CHARS: Final = 4 * 2**20  # of one entry's text; more is not kept of an answer's state anyway (`stage.py`)
_BESIDE: Final = (d.Meta, d.Reasoning, d.UsageReport)  # does not end a run of fragments


class DetailMerger:
    """Deltas in, the same deltas with whole detail entries out; an entry comes when something else follows it."""

    __slots__ = ("_chars", "_entry", "_pieces")

    def __init__(self) -> None:
        self._entry: dict[str, Any] | None = None  # the entry in the making, its text in `_pieces`
        self._pieces: list[str] = []
        self._chars = 0

    @property
    def holding(self) -> bool:
        """An entry may still grow."""
        return self._entry is not None

    def merge(self, deltas: Iterable[d.Delta]) -> Iterator[d.Delta]:
        """The deltas, with the details among them merged."""
        for delta in deltas:
            if isinstance(delta, d.ReasoningOpaque) and delta.field == DETAILS:
                yield from self._take(delta)
            else:
                if not isinstance(delta, _BESIDE):
                    yield from self.flush()
                yield delta

    def flush(self) -> Iterator[d.Delta]:
        """The entry in the making, whole."""
        if self._entry is not None:
            entry, self._entry = self._entry, None
            entry[_TEXT_KEYS[entry["type"]]] = "".join(self._pieces)
            self._pieces.clear()
            yield d.ReasoningOpaque(entry, DETAILS)

    def _take(self, delta: d.ReasoningOpaque) -> Iterator[d.Delta]:
        fragment = delta.value
        key = _TEXT_KEYS.get(word(fragment.get("type")))
        text = fragment.get(key) or "" if key else None
        if not isinstance(text, str):
            yield from self.flush()
            yield delta
            return
        if not self._goes_on(fragment):
            yield from self.flush()
            self._entry = {}
            self._chars = 0
        self._entry = {**(self._entry or {}), **{name: value for name, value in fragment.items() if value is not None}}
        self._chars += len(text)
        if self._chars <= MAX_ENTRY_CHARS:
            self._pieces.append(text)

    def _goes_on(self, fragment: dict[str, Any]) -> bool:
        """The fragment belongs to the entry in the making: same type and index, and that one is not signed yet."""
        entry = self._entry or {}
        same = all(entry.get(name) == fragment.get(name) for name in ("type", "index"))
        return same and not (entry.get("signature") and fragment.get("signature"))
