"""Old tool results cleared where the client asks for it (R-CTX-2); a pure function over the request.

Every clearing changes the prompt's prefix and empties the upstream's cache, so it is done only for profiles that want it;
elsewhere `context_edits.py` notes the wish as not applied. What was done is told in the answer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

from tray_app.translation.request.admission import Block, content_blocks
from tray_app.translation.tokens import estimate_request

CLEAR_TOOL_USES: Final = "clear_tool_uses_20250919"
CLEARED: Final = "[cleared to save context]"
_TRIGGER_TOKENS: Final = 100_000  # Anthropic's defaults where the edit does not say
_USES_KEPT: Final = 3

Edit = Mapping[str, Any]
Request = Mapping[str, Any]


def clear_tool_uses(request: Request, edits: Sequence[Edit], ratio: float) -> tuple[Request, tuple[Edit, ...]]:
    """The request with its oldest tool results cleared, and what was applied, in Anthropic's words; the argument stays as it is.

    `edits` are the client's; `ratio` is what the model counts per estimated token.
    """
    edit = next((edit for edit in edits if edit.get("type") == CLEAR_TOOL_USES), None)
    if edit is None:
        return request, ()
    calls = dict(_calls(request["messages"]))
    before = estimate_request(request, ratio)
    if not _triggered(edit.get("trigger"), before, len(calls)):
        return request, ()
    old = _old_calls(calls, request["messages"], edit)
    cleared = {**request, "messages": [_cleared(message, old, calls, edit) for message in request["messages"]]}
    saved = before - estimate_request(cleared, ratio)
    if not old or saved < _value(edit.get("clear_at_least"), 0):
        return request, ()
    return cleared, ({"type": CLEAR_TOOL_USES, "cleared_tool_uses": len(old), "cleared_input_tokens": max(saved, 0)},)


def _calls(messages: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """Id and name of every call, the oldest first."""
    for block in _blocks(messages):
        if block.get("type") == "tool_use":
            yield block["id"], block["name"]


def _blocks(messages: Sequence[Mapping[str, Any]]) -> Iterator[Block]:
    return (block for message in messages for block in content_blocks(message.get("content")))


def _triggered(trigger: object, tokens: int, uses: int) -> bool:
    if isinstance(trigger, Mapping) and trigger.get("type") == "tool_uses":
        return uses > _value(trigger, 0)
    return tokens > _value(trigger, _TRIGGER_TOKENS)


def _value(setting: object, default: int) -> int:
    """The number of ``{"type": …, "value": n}``."""
    value = setting.get("value") if isinstance(setting, Mapping) else None
    return value if isinstance(value, int) and value >= 0 else default


def _old_calls(calls: Mapping[str, str], messages: Sequence[Mapping[str, Any]], edit: Edit) -> frozenset[str]:
    """The calls whose results go: answered ones, without those most recent and those the client excludes."""
    kept = _value(edit.get("keep"), _USES_KEPT)
    excluded = _names(edit.get("exclude_tools"))
    candidates = list(calls)[: max(len(calls) - kept, 0)]
    answered = {
        block["tool_use_id"]
        for block in _blocks(messages)
        if block.get("type") == "tool_result" and block.get("content") != CLEARED
    }
    return frozenset(call for call in candidates if calls[call] not in excluded and call in answered)


def _names(value: object) -> Collection[str]:
    return frozenset(name for name in value if isinstance(name, str)) if isinstance(value, list) else frozenset()


def _cleared(
    message: Mapping[str, Any], old: frozenset[str], calls: Mapping[str, str], edit: Edit
) -> Mapping[str, Any]:
    blocks = content_blocks(message.get("content"))
    if not any(_call_of(block) in old for block in blocks):
        return message
    return {
        **message,
        "content": [_cleared_block(block, calls, edit) if _call_of(block) in old else block for block in blocks],
    }


def _call_of(block: Block) -> str | None:
    key = {"tool_use": "id", "tool_result": "tool_use_id"}.get(str(block.get("type")))
    return block[key] if key else None


def _cleared_block(block: Block, calls: Mapping[str, str], edit: Edit) -> Block:
    if block["type"] == "tool_result":
        return {**block, "content": CLEARED}
    inputs = edit.get("clear_tool_inputs")
    clears = inputs is True or calls[block["id"]] in _names(inputs)
    return {**block, "input": {}} if clears else block
