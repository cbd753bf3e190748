"""System-role messages in a request that is passed through: to their place, or to reminders (P-04, P-05, R-PAS-5).

Anthropic takes them in the middle of a conversation but not at its beginning; most compatible endpoints take none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tray_app.translation.losses import Losses

Request = Mapping[str, Any]
Block = Mapping[str, Any]
Message = Mapping[str, Any]


def lift_leading_system(request: Request) -> Request:
    """System messages before the first turn move to the top-level `system`; their images open the first user turn.

    Messages that only carry a directive (no content) are legal anywhere and stay (P-06).
    """
    messages = request["messages"]
    lead = next((n for n, message in enumerate(messages) if message.get("role") != "system"), len(messages))
    blocks = [block for message in messages[:lead] for block in _blocks(message.get("content"))]
    if not blocks:
        return request
    directives = [{**message, "content": []} for message in messages[:lead] if "output_config" in message]
    rest = _with_first(messages[lead:], [block for block in blocks if not _is_text(block)])
    texts = [block for block in blocks if _is_text(block)]
    system = [*_blocks(request.get("system")), *texts]
    lifted = {**request, "messages": [*directives, *rest]}
    return {**lifted, "system": system} if texts else lifted


def _blocks(content: Any) -> list[Block]:
    """A string or a list of blocks as a list; nothing for empty text and for what is neither."""
    if isinstance(content, str):
        return [{"type": "text", "text": content}] if content else []
    return list(content) if isinstance(content, list) else []


def _is_text(block: Block) -> bool:
    return block.get("type") == "text"


def _with_first(messages: Sequence[Message], blocks: Sequence[Block]) -> list[Message]:
    """`blocks` at the beginning of the first message if that is the user's, else in a user message of their own."""
    if not blocks:
        return list(messages)
    if messages and messages[0].get("role") == "user":
        first = messages[0]
        return [{**first, "content": [*blocks, *_blocks(first.get("content"))]}, *messages[1:]]
    return [{"role": "user", "content": list(blocks)}, *messages]


def system_to_reminders(request: Request, losses: Losses) -> Request:
    """Every system message becomes reminder text of the user's turn before it; a directive sets the request's effort."""
    if not any(message.get("role") == "system" or _has_mid_system(message) for message in request["messages"]):
        return request
    losses.add("messages.system", "told as a reminder in the user's turn")
    messages: list[Message] = []
    directive: dict[str, Any] = {}
    for message in request["messages"]:
        if message.get("role") == "system":
            asked = message.get("output_config")
            directive |= asked if isinstance(asked, dict) else {}
            _remind(messages, message)
        else:
            messages.append(_without_mid_system(message))
    changed = {**request, "messages": messages}
    return {**changed, "output_config": {**(request.get("output_config") or {}), **directive}} if directive else changed


def _remind(messages: list[Message], system: Message) -> None:
    """Append the system message's content to the last user turn, after its tool results, or as a new one."""
    blocks = [_reminder(block) for block in _blocks(system.get("content"))]
    if blocks and messages and messages[-1].get("role") == "user":
        last = messages.pop()
        messages.append({**last, "content": [*_blocks(last.get("content")), *blocks]})
    elif blocks:
        messages.append({"role": "user", "content": blocks})


def _reminder(block: Block) -> Block:
    if not _is_text(block):
        return block
    return {**block, "text": f"<system-reminder>\n{block['text']}\n</system-reminder>"}


def _has_mid_system(message: Message) -> bool:
    content = message.get("content")
    return isinstance(content, list) and any(block.get("type") == "mid_conv_system" for block in content)


def _without_mid_system(message: Message) -> Message:
    if not _has_mid_system(message):
        return message
    blocks: list[Block] = []
    for block in message["content"]:
        mid = block.get("type") == "mid_conv_system"
        blocks += map(_reminder, _blocks(block.get("content"))) if mid else [block]
    return {**message, "content": blocks}
