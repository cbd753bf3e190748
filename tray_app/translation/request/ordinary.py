"""The short way for what nearly every exchange of an agent is: text and calls, each answered in order by one plain text.

Nothing there needs matching, lifting, moving or noting. Whatever else an exchange holds, it goes the long way of
`pairing.py`, which gives the same messages for these (its test compares the two).
"""

from __future__ import annotations

from collections.abc import Sequence

from tray_app.translation.request.admission import Block
from tray_app.translation.request.assistant import arguments_text
from tray_app.translation.request.conversation import Exchange
from tray_app.translation.request.conversion import Conversion, Message
from tray_app.translation.request.reasoning_history import recall_thoughts, write_reasoning
from tray_app.translation.request.toolresults import plain_output


def convert_ordinary(exchange: Exchange, conversion: Conversion, *, cleared: bool) -> list[Message]:
    """The chat messages of an ordinary exchange; none at all, and nothing done, for any other."""
    capabilities = conversion.capabilities
    if len(exchange.assistants) != 1 or len(exchange.items) != 1 or capabilities.tool_result_name:
        return []
    item = exchange.items[0]
    if not item.only_results or item.role != "user" or capabilities.reasoning_history == "gemini":
        return []
    text, calls = _text_and_calls(exchange.assistants[0][1])
    outputs = _outputs(calls, item.blocks)
    return _messages(text, calls, outputs, conversion, cleared=cleared) if outputs else []


def _text_and_calls(blocks: Sequence[Block]) -> tuple[str, list[Block]]:
    """The text before the calls, and the calls; no calls if there is anything else."""
    text = ""
    calls: list[Block] = []
    for block in blocks:
        kind = block.get("type")
        if "cache_control" in block:
            return "", []
        if kind == "tool_use" and block["name"]:
            calls.append(block)
        elif kind == "text" and not calls:
            text += block["text"]
        else:
            return "", []
    return text, calls


def _outputs(calls: Sequence[Block], results: Sequence[Block]) -> list[str]:
    """What each call gave; nothing unless every call has its one result, in the same order, and each is plain text."""
    outputs: list[str] = []
    if len(calls) != len(results):
        return outputs
    for call, result in zip(calls, results, strict=True):
        output = plain_output(result)
        if not output or call["id"] != result["tool_use_id"]:
            return []
        outputs.append(output)
    return outputs


def _messages(
    text: str, calls: Sequence[Block], outputs: Sequence[str], conversion: Conversion, *, cleared: bool
) -> list[Message]:
    conversion.ids.next_turn()
    tool_calls = []
    messages: list[Message] = [_assistant(text, conversion)]
    for call, output in zip(calls, outputs, strict=True):
        upstream_id = conversion.ids.allocate(call["id"])
        function = {"name": conversion.upstream_name(call["name"]), "arguments": arguments_text(call.get("input"))}
        tool_calls.append({"id": upstream_id, "type": "function", "function": function})
        messages.append({"role": "tool", "tool_call_id": upstream_id, "content": [{"type": "text", "text": output}]})
    messages[0]["tool_calls"] = tool_calls
    if conversion.capabilities.reasoning_history != "drop":
        known = [] if cleared else recall_thoughts([call["id"] for call in calls], text, conversion)
        write_reasoning(messages[0], known, conversion)
    return messages


def _assistant(text: str, conversion: Conversion) -> Message:
    if text:
        return {"role": "assistant", "content": [{"type": "text", "text": text}]}
    style = conversion.capabilities.assistant_content_when_tools
    if style == "omit":
        return {"role": "assistant"}
    return {"role": "assistant", "content": None if style == "null" else ""}
