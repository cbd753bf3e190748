"""System text wherever the client puts it (spec section 7): at the top, among the messages, and as effort directives.

Late system text stays where it is unless the upstream's policy says otherwise: moving it to the front would change the
prompt's prefix and empty the upstream's cache (P-02).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from tray_app.translation.capabilities import Capabilities
from tray_app.translation.losses import Losses
from tray_app.translation.request.admission import Block, content_blocks
from tray_app.translation.request.content import PARAGRAPH, block_parts, mark
from tray_app.translation.request.conversation import Exchange, Item
from tray_app.translation.request.conversion import Conversion, Message, Part
from tray_app.translation.request.media import text_part

_ATTRIBUTION: Final = "x-anthropic-billing-header:"


def leading_blocks(system: object) -> list[Block]:
    """The top-level system as text blocks, without empty ones and without the client's attribution (R-SYS-1, 2, 7)."""
    blocks = [_without_attribution(block) for block in content_blocks(system)]
    return [block for block in blocks if not _is_blank(block["text"])]


def _without_attribution(block: Block) -> Block:
    """R-SYS-7, P-08: that line changes with every version and conversation and so would the prompt's prefix."""
    if not block["text"].startswith(_ATTRIBUTION):
        return block
    return {**block, "text": block["text"].partition("\n")[2]}


def _is_blank(text: str) -> bool:
    return not text or text.isspace()


def take_leading_items(exchanges: Sequence[Exchange], policy: str) -> list[Block]:
    """Remove from the exchanges, and return, the system text that belongs into the leading message.

    That is what stands before any user or assistant message (R-SYS-11) and, under `hoist`, all of it (R-SYS-10). Images
    stay behind as user content (R-SYS-13, P-05).
    """
    taken: list[Block] = []
    leading = True
    for exchange in exchanges:
        leading = leading and not exchange.assistants
        kept: list[Item] = []
        for item in exchange.items:
            leading = leading and item.role == "system" and not item.continues
            kept += _taken_apart(item, taken) if item.role == "system" and (leading or policy == "hoist") else [item]
        exchange.items = kept
    return taken


def _taken_apart(item: Item, taken: list[Block]) -> list[Item]:
    taken += [block for block in item.blocks if _is_text(block) and block["text"]]
    rest = [block for block in item.blocks if not _is_text(block)]
    return [Item("user", rest, item.index)] if rest else []


def _is_text(block: Block) -> bool:
    return block.get("type") == "text"


def system_messages(blocks: Sequence[Block], extra: str, conversion: Conversion) -> list[Message]:
    """The leading system message, or none. `extra` is text of our own (structured output, section 16)."""
    parts = [text_part(block["text"]) for block in blocks]
    capabilities = conversion.capabilities
    if capabilities.system_parts and capabilities.system_role != "user":  # R-SYS-3
        for part, block in zip(parts, blocks, strict=True):
            mark(part, block, conversion)
    if extra:
        parts.append(text_part(extra))
    if not parts:
        return []
    if capabilities.system_role == "user":  # R-SYS-5
        text = PARAGRAPH.join(part["text"] for part in parts)
        return [{"role": "user", "content": [text_part(f"<system>\n{text}\n</system>")]}]
    return [{"role": capabilities.system_role, "content": parts}]


def keeps_late_system(capabilities: Capabilities) -> bool:
    """R-SYS-8: the upstream takes system messages anywhere; one without a system role surely does not."""
    return capabilities.mid_system == "keep" and capabilities.system_role != "user"


def late_system_parts(item: Item, conversion: Conversion) -> tuple[str, Part, list[Part]]:
    """A late system item as (text, its cache marker, other parts); the text is the same for its string and list form."""
    parts = block_parts(item.blocks, conversion)
    texts = [part for part in parts if part["type"] == "text"]
    others = [part for part in parts if part["type"] != "text"]
    marker = {key: part[key] for part in texts for key in part if key == "cache_control"}
    return PARAGRAPH.join(part["text"] for part in texts), marker, others


def reminder(text: str) -> str:
    """System text told in a user message (R-SYS-9)."""
    return f"<system-reminder>\n{text}\n</system-reminder>"


def directive_effort(messages: Sequence[Mapping[str, Any]], losses: Losses) -> str | None:
    """The effort that system messages ask for: the last directive up to the final user turn (R-SYS-14, R-SYS-15)."""
    effort = None
    for message in messages[: _end_of_user_turn(messages)]:
        directive = message.get("output_config") if message["role"] == "system" else None
        if not isinstance(directive, Mapping):
            continue
        for key in directive:
            if key != "effort":
                losses.add(f"system.output_config.{key}", "unknown directive")
        if isinstance(directive.get("effort"), str):
            effort = directive["effort"]
    return effort


def _end_of_user_turn(messages: Sequence[Mapping[str, Any]]) -> int:
    """The position after the last user message and the system messages that directly follow it."""
    end = next((i + 1 for i in range(len(messages) - 1, -1, -1) if messages[i]["role"] == "user"), len(messages))
    while end < len(messages) and messages[end]["role"] == "system":
        end += 1
    return end
