"""Edits of the history the client asks for or has made: clearing old thinking, summaries of what was (17.3, 33.5).

Pure functions over the request's messages. Clearing tool results changes the prompt's prefix, so it is left to
`tool_clearing.py` where the profile wants it, and noted as not applied elsewhere (R-CTX-2).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from tray_app.translation.losses import Losses
from tray_app.translation.request.admission import content_blocks
from tray_app.translation.request.conversation import THINKING_TYPES, Exchange

CLEAR_THINKING: Final = "clear_thinking_20251015"
_THINKING_TURNS_KEPT: Final = 1  # Anthropic's default when the edit does not say


def first_exchange_with_thinking(
    edits: Sequence[Mapping[str, Any]], exchanges: Sequence[Exchange], applied: str, losses: Losses
) -> int:
    """The position of the first exchange whose thinking stays (R-CTX-1); 0 keeps all.

    Edits that are not applied are entered in the ledger (R-CTX-2, R-CTX-3); `applied` is the type of one that others apply.
    """
    begin = 0
    for edit in edits:
        if edit.get("type") == CLEAR_THINKING:
            begin = _begin_of_last_turns(_turns_kept(edit.get("keep")), exchanges)
        elif not applied or edit.get("type") != applied:
            losses.add(f"context_management.{edit.get('type')}", "not applied")
    return begin


def edits_of(context_management: object) -> list[Mapping[str, Any]]:
    """The edits a request asks for."""
    edits = context_management.get("edits") if isinstance(context_management, Mapping) else None
    return [edit for edit in edits if isinstance(edit, Mapping)] if isinstance(edits, list) else []


def _turns_kept(keep: object) -> int | None:
    """How many turns keep their thinking; None is all of them."""
    if keep == "all" or (isinstance(keep, Mapping) and keep.get("type") == "all"):
        return None
    value = keep.get("value") if isinstance(keep, Mapping) else None
    return value if isinstance(value, int) and value >= 0 else _THINKING_TURNS_KEPT


def _begin_of_last_turns(kept: int | None, exchanges: Sequence[Exchange]) -> int:
    """Walk back over turns that hold thinking; a whole tool loop, up to the user's own words, is one turn."""
    if kept is None:
        return 0
    begin, thinks = len(exchanges), False
    for position in range(len(exchanges) - 1, -1, -1):
        thinks = thinks or _has_thinking(exchanges[position])
        if not position or exchanges[position - 1].has_user_text:
            if thinks and not kept:
                return begin
            kept -= thinks
            begin, thinks = position, False
    return 0


def _has_thinking(exchange: Exchange) -> bool:
    return any(block.get("type") in THINKING_TYPES for turn in exchange.assistants for block in turn.blocks)


def after_compaction(messages: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """The messages from the last `compaction` block on, its summary as a user message in front (33.5)."""
    for position in range(len(messages) - 1, -1, -1):
        message = messages[position]
        blocks = content_blocks(message.get("content"))
        for place in range(len(blocks) - 1, -1, -1):
            summary = _summary(blocks[place])
            if summary:
                rest = {**message, "content": list(blocks[place + 1 :])}
                told = {"role": "user", "content": f"<summary>\n{summary}\n</summary>"}
                return [told, *([rest] if rest["content"] else ()), *messages[position + 1 :]]
    return messages


def _summary(block: Mapping[str, Any]) -> str:
    """A compaction block's text; a failed compaction has none and changes nothing."""
    if block.get("type") != "compaction":
        return ""
    texts = [inner.get("text") for inner in content_blocks(block.get("content"))]
    return "\n\n".join(text for text in texts if isinstance(text, str) and text)
