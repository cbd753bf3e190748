"""A strict chat-completions server's opinion of a request: what api.openai.com, Mistral or a template would refuse."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
MESSAGE_FIELDS = {
    "system": {"role", "content"},
    "user": {"role", "content"},
    "assistant": {"role", "content", "tool_calls"},
    "tool": {"role", "content", "tool_call_id"},
}
PART_TYPES = {"text", "image_url", "file"}
ANTHROPIC_KEYS = {"cache_control", "input_schema", "tool_use", "thinking", "signature", "is_error", "tool_use_id"}
PERSONAL_FIELDS = {"metadata", "safeguards", "context_management"}


def violations(body: dict[str, Any]) -> list[str]:
    """Everything wrong with a request for the default capability record."""
    messages = body["messages"]
    found = [f"{key} has no business upstream" for key in keys(body) & (ANTHROPIC_KEYS | PERSONAL_FIELDS)]
    if not any(message["role"] != "system" for message in messages):
        found.append("no message")
    for index, message in enumerate(messages):
        found += [f"{index}: {problem}" for problem in _message_problems(message)]
        if message["role"] == "system" and index:
            found.append(f"{index}: late system message")
    return found + list(_pairing_problems(messages)) + list(_tool_problems(body))


def keys(value: Any) -> set[str]:
    """Every key of every object inside a value."""
    if isinstance(value, list):
        return set().union(*map(keys, value))
    if isinstance(value, dict):
        return set(value).union(*map(keys, value.values()))
    return set()


def _message_problems(message: dict[str, Any]) -> Iterator[str]:
    unknown = set(message) - MESSAGE_FIELDS.get(message["role"], set())
    if unknown:
        yield f"unknown fields {unknown}"
    content = message.get("content")
    if content is None and not message.get("tool_calls"):
        yield "no content"
    if content in ("", []):
        yield "empty content"
    if isinstance(content, list):
        yield from _part_problems(content, message["role"])
    for call in message.get("tool_calls", ()):
        yield from _call_problems(call)
    if message.get("tool_calls") == []:
        yield "empty tool_calls"


def _part_problems(parts: list[dict[str, Any]], role: str) -> Iterator[str]:
    for part in parts:
        if part["type"] not in PART_TYPES or set(part) != {"type", part["type"]}:
            yield f"bad part {part}"
        if part["type"] == "text" and not part["text"]:
            yield "empty text part"
        if part["type"] != "text" and role != "user":
            yield f"media in a message of role {role}"


def _call_problems(call: dict[str, Any]) -> Iterator[str]:
    if not isinstance(json.loads(call["function"]["arguments"]), dict):
        yield "arguments are no object"
    if not NAME.fullmatch(call["function"]["name"]):
        yield "bad function name"
    if not call["id"] or len(call["id"]) > 64:
        yield "bad call id"


def _pairing_problems(messages: list[dict[str, Any]]) -> Iterator[str]:
    """Every call is answered once, in order, before anything else is said."""
    waiting: list[str] = []
    seen: set[str] = set()
    for index, message in enumerate(messages):
        if message["role"] == "tool":
            expected = waiting.pop(0) if waiting else None
            if message["tool_call_id"] != expected:
                yield f"{index}: answers {message['tool_call_id']}, expected {expected}"
            continue
        if waiting:
            yield f"{index}: stands before the answers to {waiting}"
        waiting = [call["id"] for call in message.get("tool_calls", ())]
        yield from (f"{index}: id {call_id} repeated" for call_id in waiting if call_id in seen)
        seen.update(waiting)
    if waiting:
        yield f"no answers to {waiting}"


def _tool_problems(body: dict[str, Any]) -> Iterator[str]:
    names = [tool["function"]["name"] for tool in body.get("tools", ())]
    if len(names) != len(set(names)):
        yield "duplicate tool names"
    if body.get("tools") == [] or ("tool_choice" in body and not names):
        yield "tool fields without tools"
