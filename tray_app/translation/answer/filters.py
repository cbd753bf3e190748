"""The text channel's filters in a row (section 24): each takes text and gives text, reasoning, calls or a matched stop.

The order: think tags, leaked calls, stop sequences, token residue, code fence. Filters that have nothing to do are left out.
Reasoning has one filter of its own, because calls leak there too (23.8).
"""

from __future__ import annotations

from typing import Protocol

from tray_app.translation.answer.deltas import Delta, Reasoning, Text
from tray_app.translation.answer.fences import FenceFilter
from tray_app.translation.answer.leaked_calls import LeakedCalls
from tray_app.translation.answer.residue import TokenResidue
from tray_app.translation.answer.stop_scanner import StopScanner
from tray_app.translation.answer.think_tags import ThinkFilter
from tray_app.translation.context import AnswerContext


class Filter(Protocol):
    """One filter of the row."""

    @property
    def done(self) -> bool:
        """It will pass everything further unchanged and holds nothing."""

    def feed(self, text: str) -> list[Delta]:
        """The deltas that a piece of text becomes; text that may belong to a marker is held back (24.2)."""

    def flush(self) -> list[Delta]:
        """What is held back: the text ends here, or something else comes before it goes on."""


class TextFilters:
    """All filters an answer needs.

    Attributes:
        active: some filter still has to see the text; else it may go past them.
    """

    def __init__(self, context: AnswerContext) -> None:
        self._think = ThinkFilter(context.target.capabilities.think_tags)
        self._thoughts = LeakedCalls(context)
        self._field = ""  # of the reasoning that may be held
        self._use(self._needed(context))

    def _needed(self, context: AnswerContext) -> list[Filter]:
        row: list[Filter] = [self._think, LeakedCalls(context)]
        if context.scan_stops:
            row.append(StopScanner(context.stop_sequences))
        if context.target.capabilities.strip_special_tokens:
            row.append(TokenResidue())
        if context.unfence:
            row.append(FenceFilter())
        return row

    def _use(self, filters: list[Filter]) -> None:
        self._filters = [each for each in filters if not each.done]
        self.active = bool(self._filters)

    def native_reasoning(self) -> None:
        """Reasoning came in a field of its own: think tags in the text mean nothing."""
        self._think.native_reasoning()

    def feed(self, text: str) -> list[Delta]:
        """The deltas that a piece of text becomes."""
        deltas = [*self._end_of_thought(), *self._through([Text(text)], 0)]
        self._use(self._filters)
        return deltas

    def feed_reasoning(self, item: Reasoning) -> list[Delta]:
        """The deltas that a piece of reasoning becomes; what is held of the text comes first."""
        if self._thoughts.done:
            return [*self._flush_text(), item]
        self._field = item.field
        return [*self._flush_text(), *self._as_reasoning(self._thoughts.feed(item.text))]

    def _end_of_thought(self) -> list[Delta]:
        return self._as_reasoning(self._thoughts.flush())

    def _as_reasoning(self, deltas: list[Delta]) -> list[Delta]:
        return [Reasoning(delta.text, self._field) if isinstance(delta, Text) else delta for delta in deltas]

    def flush(self) -> list[Delta]:
        """Everything held back, in order; to be called before calls and refusals are shown, and at the end."""
        return [*self._end_of_thought(), *self._flush_text()]

    def _flush_text(self) -> list[Delta]:
        deltas: list[Delta] = []
        for at, each in enumerate(self._filters):
            deltas = [*self._through(deltas, at, at + 1), *each.flush()]
        self._use(self._filters)
        return deltas

    def _through(self, deltas: list[Delta], first: int, last: int | None = None) -> list[Delta]:
        """Pass deltas through some filters; whatever is no text lets go of what came before it."""
        for each in self._filters[first:last]:
            passed: list[Delta] = []
            for delta in deltas:
                passed.extend(each.feed(delta.text) if isinstance(delta, Text) else (*each.flush(), delta))
            deltas = passed
        return deltas
