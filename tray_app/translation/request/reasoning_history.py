"""Reasoning of earlier turns, put back the way the upstream wants it (spec 11.2, 11.3): one small writer per dialect.

Reads thinking blocks (our sealed ones and foreign ones) and the memory. Never invents reasoning: what is unknown stays
away or becomes the empty back-fill the capability record names (R-THK-9).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from tray_app.translation.request.admission import Block
from tray_app.translation.request.conversion import Conversion, Message
from tray_app.translation.request.media import text_part
from tray_app.translation.thinking import Thought, call_key, text_key, unseal

GEMINI_BYPASS: Final = "skip_thought_signature_validator"  # documented by Google for calls without a signature
_PLAIN_FIELDS: Final = frozenset({"reasoning_content", "reasoning", "reasoning_text"})


def wants_reasoning(conversion: Conversion) -> bool:
    """Whether the upstream is sent any reasoning of earlier turns."""
    return conversion.capabilities.reasoning_history != "drop"


def read_thinking(block: Block, conversion: Conversion, *, cleared: bool) -> Thought | None:
    """The reasoning a block may give to this upstream; None, with a note, if it is another's (R-THK-2, 4, 6).

    None, too, where the upstream is sent no reasoning, or if the client wants it forgotten: `cleared` (R-CTX-1).
    """
    if cleared or not wants_reasoning(conversion):
        reason = "cleared as the client asked" if cleared else "this upstream is sent no earlier reasoning"
        conversion.losses.add("thinking", reason)
        return None
    sealed = unseal(block.get("signature") or block.get("data"), conversion.memory)
    text = block.get("thinking") or (sealed.text if sealed else "")
    if sealed is not None and _is_from_target(sealed, conversion):
        return Thought(
            provider=sealed.provider, model=sealed.model, field=sealed.field, text=text, opaque=sealed.opaque
        )
    if text and conversion.capabilities.foreign_thinking == "text":
        return Thought(text=text)
    conversion.losses.add("thinking", "reasoning of another model is not sent")
    return None


def recall_thoughts(tool_use_ids: Sequence[str], visible_text: str, conversion: Conversion) -> list[Thought]:
    """What the memory holds of a turn whose thinking the client dropped (R-THK-8): at most one entry."""
    keys = [call_key(tool_use_id) for tool_use_id in tool_use_ids]
    if visible_text:
        keys.append(text_key(visible_text))
    for key in keys:
        found = conversion.memory.recall(key)
        if found is not None and _is_from_target(found, conversion):
            return [found]
    return []


def call_signature(thoughts: Sequence[Thought], tool_use_id: str, conversion: Conversion) -> str | None:
    """A call's own Gemini signature: from the block before it, else from the memory (R-GEM-2)."""
    known = [*thoughts, *recall_thoughts([tool_use_id], "", conversion)]
    return next((item for thought in known for item in _opaque_items(thought) if isinstance(item, str)), None)


def write_reasoning(message: Message, thoughts: Sequence[Thought], conversion: Conversion) -> None:
    """Put a turn's reasoning into its chat message, in place."""
    text = "\n".join(thought.text for thought in thoughts if thought.text)  # R-THK-7
    opaque = [item for thought in thoughts for item in _opaque_items(thought)]
    field = next((thought.field for thought in thoughts if thought.field in _PLAIN_FIELDS), "")
    if not text and not opaque:
        _back_fill(message, conversion)
        return
    _WRITERS[conversion.capabilities.reasoning_history](message, text, opaque, field)


def _back_fill(message: Message, conversion: Conversion) -> None:
    """R-THK-9: a tool turn must carry the field even when nothing is known; other turns need not."""
    if not message.get("tool_calls"):
        return
    conversion.thinking_missing = True
    dialect = conversion.capabilities.reasoning_history
    filler = conversion.capabilities.reasoning_backfill
    if dialect == "reasoning_content_tools":
        filler = filler or ""
    if filler is not None and dialect in _FILLED_FIELDS:
        message[_FILLED_FIELDS[dialect]] = filler


def _is_from_target(thought: Thought, conversion: Conversion) -> bool:
    return thought.provider == conversion.target.provider and thought.model == conversion.target.model


def _opaque_items(thought: Thought) -> list[Any]:
    if thought.opaque is None:
        return []
    return thought.opaque if isinstance(thought.opaque, list) else [thought.opaque]


def _write_nothing(message: Message, text: str, opaque: list[Any], field: str) -> None:
    """`drop` sends no reasoning; Gemini's signatures are written with the calls."""


def _write_plain(default: str) -> Callable[[Message, str, list[Any], str], None]:
    def write(message: Message, text: str, opaque: list[Any], field: str) -> None:
        if text:
            message[field or default] = text  # R-THK-5

    return write


def _write_on_tool_turns(message: Message, text: str, opaque: list[Any], field: str) -> None:
    if message.get("tool_calls"):
        message[field or "reasoning_content"] = text


def _write_details(message: Message, text: str, opaque: list[Any], field: str) -> None:
    if opaque:
        message["reasoning_details"] = opaque
    else:
        message["reasoning"] = text


def _write_copilot(message: Message, text: str, opaque: list[Any], field: str) -> None:
    if text:
        message["reasoning_text"] = text
    if opaque:
        message["reasoning_opaque"] = opaque[-1]


def _write_mistral(message: Message, text: str, opaque: list[Any], field: str) -> None:
    if text:
        thinking = {"type": "thinking", "thinking": [text_part(text)], "closed": True}
        message["content"] = [thinking, *(message.get("content") or [])]


def _write_think_tag(message: Message, text: str, opaque: list[Any], field: str) -> None:
    if text:
        first, *rest = message.get("content") or [text_part("")]
        message["content"] = [{**first, "text": f"<think>{text}</think>{first['text']}"}, *rest]


_WRITERS: Final = {
    "drop": _write_nothing,
    "gemini": _write_nothing,
    "reasoning_content": _write_plain("reasoning_content"),
    "reasoning": _write_plain("reasoning"),
    "reasoning_content_tools": _write_on_tool_turns,
    "details": _write_details,
    "copilot": _write_copilot,
    "mistral": _write_mistral,
    "think_tag": _write_think_tag,
}
_FILLED_FIELDS: Final = {
    "reasoning_content": "reasoning_content",
    "reasoning_content_tools": "reasoning_content",
    "reasoning": "reasoning",
}
