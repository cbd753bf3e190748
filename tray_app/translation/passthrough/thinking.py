"""Thinking in a request that is passed through: removes what the endpoint would refuse (R-THK-3, R-PAS-6, P-32, P-115).

Works on Anthropic requests as values and returns the same object when nothing had to change, so that the caller can tell.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from tray_app.translation.losses import Losses
from tray_app.translation.thinking import is_sealed, unseal

Request = Mapping[str, Any]
Block = Mapping[str, Any]

_THINKING_TYPES: Final = ("thinking", "redacted_thinking")
_CLEAR_THINKING: Final = "clear_thinking"  # the edit's name without its date


def clean_thinking(request: Request, *, unsigned: bool, losses: Losses) -> Request:
    """Remove our own and unsigned thinking from the history (P-32); signed foreign blocks stay as they are (P-34).

    With `unsigned` the endpoint takes thinking without a signature: then only our signature goes, and redacted blocks.
    """
    cleaned = _map_assistant_blocks(request, _without_signature if unsigned else _signed_only)
    if cleaned is request:
        return request
    losses.add("thinking", "the upstream would refuse thinking of another provider")
    return cleaned if unsigned else _off_if_broken(cleaned)


def remove_thinking(request: Request) -> Request:
    """All thinking of the history removed, and thinking switched off where the history then forbids it (R-PAS-6)."""
    return _off_if_broken(_map_assistant_blocks(request, lambda block: None if _is_thinking(block) else block))


def _is_thinking(block: Block) -> bool:
    return block.get("type") in _THINKING_TYPES


def _signed_only(block: Block) -> Block | None:
    if block.get("type") == "thinking":
        signature = block.get("signature")
        return block if signature and not is_sealed(signature) else None
    return None if block.get("type") == "redacted_thinking" and is_sealed(block.get("data")) else block


def _without_signature(block: Block) -> Block | None:
    if block.get("type") == "redacted_thinking":
        return None
    if block.get("type") != "thinking" or not is_sealed(block.get("signature")):
        return block
    thought = unseal(block["signature"])
    text = block.get("thinking") or (thought.text if thought else "")
    kept = {key: value for key, value in block.items() if key != "signature"}
    return {**kept, "thinking": text} if text else None


def _map_assistant_blocks(request: Request, change: Callable[[Block], Block | None]) -> Request:
    """`change` applied to every block of the assistant's turns; None removes it, and a turn left empty."""
    changed = [_map_message(message, change) for message in request["messages"]]
    if all(new is old for new, old in zip(changed, request["messages"], strict=True)):
        return request
    return {**request, "messages": [message for message in changed if message is not None]}


def _map_message(message: Request, change: Callable[[Block], Block | None]) -> Request | None:
    content = message.get("content")
    if message.get("role") != "assistant" or not isinstance(content, list):
        return message
    blocks = [change(block) for block in content]
    if all(new is old for new, old in zip(blocks, content, strict=True)):
        return message
    kept = [block for block in blocks if block is not None]
    return {**message, "content": kept} if kept else None


def _off_if_broken(request: Request) -> Request:
    """Thinking off when the last turn calls a tool without having thought: Anthropic refuses that combination."""
    thinking = request.get("thinking")
    turns = [message for message in request["messages"] if message.get("role") == "assistant"]
    blocks = turns[-1].get("content") if turns else None
    if not isinstance(thinking, dict) or thinking.get("type") != "enabled" or not isinstance(blocks, list):
        return request
    calls = any(block.get("type") == "tool_use" for block in blocks)
    return thinking_off(request) if calls and not _is_thinking(blocks[0]) else request


def thinking_off(request: Request) -> Request:
    """`request` without thinking, and without the edit that clears thinking: it is refused when there is none (P-115)."""
    off = {**request, "thinking": {"type": "disabled"}}
    management = request.get("context_management")
    edits = management.get("edits") if isinstance(management, dict) else None
    if not isinstance(management, dict) or not isinstance(edits, list):
        return off
    kept = [edit for edit in edits if not str(edit.get("type")).startswith(_CLEAR_THINKING)]
    if kept:
        return {**off, "context_management": {**management, "edits": kept}}
    return {key: value for key, value in off.items() if key != "context_management"}
