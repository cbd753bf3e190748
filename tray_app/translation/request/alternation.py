"""The last look at the order of roles: prefill, bridging, strict templates, never an empty request (9.5, 10.5, R-AST-7).

Works on converted messages. All inserted texts are constants, so that they are the same on every turn.
"""

from __future__ import annotations

from typing import Any, Final

from tray_app.translation.request.content import PARAGRAPH
from tray_app.translation.request.conversion import Conversion, Message
from tray_app.translation.request.media import text_part
from tray_app.translation.request.pairing import EMPTY

CONTINUE: Final = "Continue exactly from the end of your previous message, without repeating it."
BRIDGE: Final = "I have read the tool results."
CONTINUES: Final = "(conversation continues)"
_PREFILL_MARKS: Final[dict[str, dict[str, Any]]] = {"prefix": {"prefix": True}, "partial": {"partial": True}}
_PREFILL_FIELDS: Final[dict[str, dict[str, Any]]] = {
    "vllm": {"continue_final_message": True, "add_generation_prompt": False}
}


def finish_prefill(messages: list[Message], conversion: Conversion) -> dict[str, Any]:
    """Let the model continue a trailing assistant message, in place; returns request fields that go with it (R-AST-7)."""
    if not messages or messages[-1]["role"] != "assistant":
        return {}
    style = conversion.capabilities.prefill
    if style == "unsupported":
        conversion.losses.add("prefill", "asked for in words: the upstream cannot continue an assistant message")
        messages.append(_user(CONTINUE))
        return {}
    last = messages[-1]
    last["content"][-1]["text"] = last["content"][-1]["text"].rstrip()
    if not last["content"][-1]["text"]:
        messages.pop()
        return {}
    last.update(_PREFILL_MARKS.get(style, {}))
    return _PREFILL_FIELDS.get(style, {})


def suit_template(messages: list[Message], conversion: Conversion) -> list[Message]:
    """The conversation (without its system message) in the order of roles the upstream's template wants."""
    capabilities = conversion.capabilities
    if capabilities.no_user_after_tool:
        messages = _bridged(messages)
    if capabilities.merge_same_role:
        messages = _merged(messages)
    if not messages:
        return [_user(EMPTY)]  # R-EMP-3
    wants_user = capabilities.first_user and messages[0]["role"] != "user"
    if wants_user or all(message["role"] != "user" for message in messages):
        return [_user(CONTINUES), *messages]  # R-BRI-3, R-BRI-4
    return messages


def _user(text: str) -> Message:
    return {"role": "user", "content": [text_part(text)]}


def _bridged(messages: list[Message]) -> list[Message]:
    """R-BRI-1: some templates refuse a user message directly after a tool message."""
    bridged: list[Message] = []
    for message in messages:
        if bridged and bridged[-1]["role"] == "tool" and message["role"] == "user":
            bridged.append({"role": "assistant", "content": [text_part(BRIDGE)]})
        bridged.append(message)
    return bridged


def _merged(messages: list[Message]) -> list[Message]:
    """R-BRI-2: neighbours of one role become one message; a message with tool calls takes nothing after it."""
    merged: list[Message] = []
    for message in messages:
        if merged and _are_mergeable(merged[-1], message):
            merged[-1] = _pair(merged[-1], message)
        else:
            merged.append(message)
    return merged


def _are_mergeable(first: Message, second: Message) -> bool:
    return first["role"] == second["role"] and first["role"] != "tool" and not first.get("tool_calls")


def _pair(first: Message, second: Message) -> Message:
    parts = [*first["content"], *(second.get("content") or [])]
    if first["role"] == "assistant" and all(part["type"] == "text" for part in parts):
        markers = {key: part[key] for part in parts for key in part if key == "cache_control"}
        parts = [{**text_part(PARAGRAPH.join(part["text"] for part in parts)), **markers}]
    return {**first, **second, "content": parts}


def with_system(system: list[Message], messages: list[Message]) -> list[Message]:
    """The system message in front; one in the user's role becomes the beginning of the first user message (R-SYS-5)."""
    if system and system[0]["role"] == "user" and messages[0]["role"] == "user":
        first = {**messages[0], "content": [*system[0]["content"], *messages[0]["content"]]}
        return [first, *messages[1:]]
    return [*system, *messages]
