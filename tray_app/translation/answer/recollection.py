"""What the next request may need of this answer's reasoning, because the client will not or cannot bring it back (R-THK-8).

Collected while the answer streams, sealed into the envelopes the client sees, and put into the memory when it ends well.
"""

from __future__ import annotations

from typing import Any, Final

from tray_app.translation.answer import deltas
from tray_app.translation.answer.toolcalls import Slot
from tray_app.translation.context import Target
from tray_app.translation.thinking import ENVELOPE_MAX_CHARS, ThinkingMemory, Thought, call_key, seal, text_key

MAX_CHARS: Final = ENVELOPE_MAX_CHARS  # of reasoning, and of visible text hashed for the key


class Recollection:
    """The reasoning of one answer; without a `memory` it only seals envelopes."""

    def __init__(self, target: Target, memory: ThinkingMemory | None) -> None:
        self._target = target
        self._memory = memory
        self._field = ""
        self._reasoning: list[str] = []
        self._reasoning_chars = 0
        self._opaque: list[Any] = []
        self._text: list[str] = []
        self._text_chars = 0
        self._calls: list[tuple[str, Slot]] = []

    @property
    def reasoning(self) -> str:
        """The reasoning so far, up to `MAX_CHARS`."""
        return "".join(self._reasoning)

    def add_reasoning(self, item: deltas.Reasoning) -> None:
        """Note a piece of reasoning; beyond `MAX_CHARS` it is not worth keeping."""
        self._field = self._field or item.field
        self._reasoning_chars += len(item.text)
        if self._reasoning_chars <= MAX_CHARS:
            self._reasoning.append(item.text)

    def add_opaque(self, item: deltas.ReasoningOpaque) -> None:
        """Note opaque state."""
        self._field = self._field or item.field
        self._opaque.append(item.value)

    def add_text(self, text: str) -> None:
        """Note visible text, the key of an answer without tool calls."""
        self._text_chars += len(text)
        if self._text_chars <= MAX_CHARS:
            self._text.append(text)

    def add_call(self, tool_use_id: str, slot: Slot) -> None:
        """Note a call by the id the client knows."""
        self._calls.append((tool_use_id, slot))

    def seal(self, text: str, opaque: list[Any], field: str, *, hidden: bool) -> str:
        """The envelope of one thinking block."""
        thought = self._thought(text, opaque, field)
        return seal(thought, hidden=hidden, memory=self._memory)

    def keep(self) -> None:
        """The answer ended well: remember its reasoning under its calls and its text."""
        if self._memory is None:
            return
        if self._reasoning or self._opaque:
            keys = [call_key(tool_use_id) for tool_use_id, _ in self._calls]
            if self._text and self._text_chars <= MAX_CHARS:
                keys.append(text_key("".join(self._text)))
            self._memory.remember(keys, self._thought("".join(self._reasoning), self._opaque, self._field))
        for tool_use_id, slot in self._calls:
            if slot.opaque is not None:
                self._memory.remember([call_key(tool_use_id)], self._thought("", [slot.opaque], "gemini"))

    def _thought(self, text: str, opaque: list[Any], field: str) -> Thought:
        return Thought(
            provider=self._target.provider,
            model=self._target.model,
            field=field,
            text=text,
            opaque=list(opaque) or None,
        )
