"""Assistant content: one Anthropic assistant message to one chat message with its tool calls (spec section 9).

Answers to the calls are matched by `pairing.py`. Text keeps its order; its place between the calls cannot be told in a
chat message and goes to the ledger.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from tray_app.translation import codec
from tray_app.translation.local.server_tools import history_text
from tray_app.translation.request.admission import Block
from tray_app.translation.request.content import PARAGRAPH, block_parts, mark
from tray_app.translation.request.conversation import THINKING_TYPES
from tray_app.translation.request.conversion import Conversion, Message
from tray_app.translation.request.media import text_part
from tray_app.translation.request.reasoning_history import (
    GEMINI_BYPASS,
    call_signature,
    read_thinking,
    recall_thoughts,
    wants_reasoning,
    write_reasoning,
)
from tray_app.translation.thinking import Thought


class Call(msgspec.Struct):
    """A tool call of the history and the results that answer it."""

    tool_use_id: str
    upstream_id: str
    name: str  # the upstream's
    input: Any
    signature: str | None = None
    results: list[Block] = []


class AssistantTurn(msgspec.Struct):
    """A converted assistant message; `message` is None when nothing of it is left (R-EMP-2)."""

    message: Message | None
    calls: list[Call]


class _Reading:
    """What one pass over the blocks collects."""

    def __init__(self) -> None:
        self.groups: list[str] = [""]  # text; a new group begins after each tool call
        self.visible: list[str] = []  # the text blocks alone, which the memory knows the turn by
        self.calls: list[Call] = []
        self.thoughts: list[Thought] = []
        self.since_call: list[Thought] = []
        self.had_thinking = False
        self.marker: Message = {}

    def begin_group(self) -> None:
        if self.groups[-1]:
            self.groups.append("")

    @property
    def text(self) -> str:
        return PARAGRAPH.join(group for group in self.groups if group)


def convert_assistant(blocks: Sequence[Block], conversion: Conversion, *, cleared: bool = False) -> AssistantTurn:
    """One assistant message; `cleared` says that the client wants its thinking forgotten (R-CTX-1)."""
    conversion.ids.next_turn()
    reading = _Reading()
    for block in blocks:
        if block.get("type") == "text" and "cache_control" not in block and not reading.calls:
            reading.groups[-1] += block["text"]
            reading.visible.append(block["text"])
            continue
        _read_block(block, reading, conversion, cleared=cleared)
    text = reading.text
    if not text and not reading.calls:
        return AssistantTurn(None, [])
    message = _message(reading, text, conversion)
    if wants_reasoning(conversion):
        write_reasoning(message, _thoughts(reading, conversion, cleared=cleared), conversion)
    return AssistantTurn(message, reading.calls)


def _read_block(block: Block, reading: _Reading, conversion: Conversion, *, cleared: bool) -> None:
    kind = block.get("type")
    if "cache_control" in block:
        mark(reading.marker, block, conversion)
    if kind == "text":
        _read_text(block["text"], reading, conversion)
    elif kind == "tool_use":
        _read_call(block, reading, conversion, cleared=cleared)
    elif kind in THINKING_TYPES:
        _read_thought(block, reading, conversion, cleared=cleared)
    elif kind != "compaction":  # `context_edits.after_compaction` has told it; a failed one says nothing
        _read_other(block, reading, conversion)


def _read_text(text: str, reading: _Reading, conversion: Conversion) -> None:
    """Neighbouring text blocks were one text once: no separator (R-AST-2, invariant 9)."""
    if text and reading.calls:
        conversion.note("text", "moved before the tool calls of its turn")
    reading.groups[-1] += text
    reading.visible.append(text)


def _read_call(block: Block, reading: _Reading, conversion: Conversion, *, cleared: bool) -> None:
    name = block["name"] or conversion.only_tool
    if not name:  # R-AST-4: its result becomes user text
        conversion.note("tool_use", "a call without a name was dropped")
        return
    call = Call(
        tool_use_id=block["id"],
        upstream_id=conversion.ids.allocate(block["id"]),
        name=conversion.upstream_name(name),
        input=block.get("input"),
    )
    if conversion.capabilities.reasoning_history == "gemini" and not cleared:
        call.signature = call_signature(reading.since_call, call.tool_use_id, conversion)
    reading.since_call = []
    reading.calls.append(call)
    reading.begin_group()


def _read_thought(block: Block, reading: _Reading, conversion: Conversion, *, cleared: bool) -> None:
    reading.had_thinking = True
    thought = read_thinking(block, conversion, cleared=cleared)
    if thought is not None:
        reading.thoughts.append(thought)
        reading.since_call.append(thought)


def _read_other(block: Block, reading: _Reading, conversion: Conversion) -> None:
    """Server tools as text (33.4), anything else by R-BLK-9; an assistant message holds nothing but text."""
    text = history_text(block)
    if text is None:
        parts = block_parts([block], conversion)
        if any(part["type"] != "text" for part in parts):
            conversion.note(str(block.get("type")), "assistant messages hold text only")
        text = PARAGRAPH.join(part["text"] for part in parts if part["type"] == "text")
    reading.begin_group()
    reading.groups[-1] += text
    reading.begin_group()


def _thoughts(reading: _Reading, conversion: Conversion, *, cleared: bool) -> list[Thought]:
    if reading.had_thinking or cleared:
        return reading.thoughts
    return recall_thoughts([call.tool_use_id for call in reading.calls], "".join(reading.visible), conversion)


def _message(reading: _Reading, text: str, conversion: Conversion) -> Message:
    message: Message = {"role": "assistant"}
    _write_text(message, reading, text, conversion)
    if reading.calls:  # R-AST-3: never an empty list
        _bypass_missing_signature(reading.calls, conversion)
        message["tool_calls"] = [_tool_call(call) for call in reading.calls]
    return message


def _write_text(message: Message, reading: _Reading, text: str, conversion: Conversion) -> None:
    if text:
        message["content"] = [{**text_part(text), **reading.marker}]
        return
    message.update(reading.marker)  # `caching.place_markers` finds it another place
    style = conversion.capabilities.assistant_content_when_tools
    if style != "omit":
        message["content"] = None if style == "null" else ""


def _bypass_missing_signature(calls: list[Call], conversion: Conversion) -> None:
    """R-GEM-3, for older turns as well: Gemini does not look at those, and so the prompt's bytes never change."""
    if conversion.capabilities.reasoning_history == "gemini" and calls[0].signature is None:
        calls[0].signature = GEMINI_BYPASS


def _tool_call(call: Call) -> dict[str, Any]:
    function = {"name": call.name, "arguments": arguments_text(call.input)}
    tool_call: dict[str, Any] = {"id": call.upstream_id, "type": "function", "function": function}
    if call.signature is not None:
        tool_call["extra_content"] = {"google": {"thought_signature": call.signature}}
    return tool_call


def arguments_text(value: Any) -> str:
    """A tool's input as the JSON text of an object, key order kept (R-AST-1)."""
    if isinstance(value, dict):  # nearly always
        return codec.dumps_text(value)
    if isinstance(value, str):
        value = _parsed_object(value)
    if value is None:
        return "{}"
    return codec.dumps_text(value if isinstance(value, dict) else {"value": value})


def _parsed_object(text: str) -> Any:
    try:
        value = codec.loads(text)
    except codec.JSONError:
        return text
    return value if isinstance(value, dict) else text
