"""The short way for what nearly every exchange of an agent is: text and calls, each answered by one plain text, and reminders.

The reading of the history (`conversation.py`) tells which are, and nothing there needs matching, lifting, moving or noting.
Whatever else an exchange holds, it goes the long way of `pairing.py`, which gives the same messages for these (its test
compares the two).
"""

from __future__ import annotations

from tray_app.translation.request.assistant import arguments_text
from tray_app.translation.request.conversation import THINKING_TYPES, Exchange, Turn
from tray_app.translation.request.conversion import Conversion, Message
from tray_app.translation.request.media import collapse_placeholders, text_part
from tray_app.translation.request.reasoning_history import (
    read_thinking,
    recall_thoughts,
    wants_reasoning,
    write_reasoning,
)
from tray_app.translation.thinking import Thought


def convert_ordinary(exchange: Exchange, conversion: Conversion, *, cleared: bool) -> list[Message]:
    """The chat messages of an ordinary exchange; none at all, and nothing done, for any other."""
    if len(exchange.assistants) != 1 or len(exchange.items) != 1:
        return []
    turn, item = exchange.assistants[0], exchange.items[0]
    outputs = item.outputs
    if not outputs or turn.calls.keys() != outputs.keys():
        return []
    capabilities = conversion.capabilities
    if capabilities.tool_result_name or capabilities.reasoning_history == "gemini":
        return []
    conversion.ids.next_turn()
    assistant = _assistant(turn.text, conversion)
    tool_calls = assistant["tool_calls"] = []
    messages = [assistant]
    for tool_use_id, call in turn.calls.items():
        upstream_id = conversion.ids.allocate(tool_use_id)
        function = {"name": conversion.upstream_name(call["name"]), "arguments": arguments_text(call.get("input"))}
        tool_calls.append({"id": upstream_id, "type": "function", "function": function})
        messages.append({"role": "tool", "tool_call_id": upstream_id, "content": outputs[tool_use_id]})
    wanted = wants_reasoning(conversion)
    if wanted or turn.thinks:
        thoughts = _thoughts(turn, conversion, cleared=cleared)
        if wanted:
            write_reasoning(assistant, thoughts, conversion)
    if len(outputs) < len(item.blocks):
        said = [text_part(block["text"]) for block in item.blocks[len(outputs) :] if block["text"]]
        messages += [{"role": "user", "content": collapse_placeholders(said)}] if said else []
    return messages


def _thoughts(turn: Turn, conversion: Conversion, *, cleared: bool) -> list[Thought]:
    """The reasoning in the turn's own blocks, else what the memory holds."""
    if not turn.thinks:
        return [] if cleared else recall_thoughts([*turn.calls], turn.text, conversion)
    blocks = (block for block in turn.blocks if block["type"] in THINKING_TYPES)
    found = (read_thinking(block, conversion, cleared=cleared) for block in blocks)
    return [thought for thought in found if thought is not None]


def _assistant(text: str, conversion: Conversion) -> Message:
    if text:
        return {"role": "assistant", "content": text if conversion.text_is_final else [text_part(text)]}
    style = conversion.capabilities.assistant_content_when_tools
    if style == "omit":
        return {"role": "assistant"}
    return {"role": "assistant", "content": None if style == "null" else ""}
