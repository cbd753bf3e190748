"""The history as a sequence of exchanges: some assistant messages and what the user's side said after them.

Grouping is what keeps the prompt's prefix stable (R-PIP-1): every exchange is converted on its own, in order, so a later
message can only add to the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec

from tray_app.translation.losses import Losses
from tray_app.translation.request.admission import Block, content_blocks

_NAME_MAX_CHARS: Final = 40  # of an unknown field in the ledger
_MESSAGE_FIELDS: Final = {
    "user": frozenset({"role", "content"}),
    "assistant": frozenset({"role", "content"}),
    "system": frozenset({"role", "content", "output_config"}),
}
_CARRIED: Final = frozenset({"type", "cache_control", "citations"})
_BLOCK_FIELDS: Final = {
    "text": _CARRIED | {"text"},
    "image": _CARRIED | {"source"},
    "document": _CARRIED | {"source", "title", "context"},
    "search_result": _CARRIED | {"source", "title", "content"},
    "tool_use": _CARRIED | {"id", "name", "input"},
    "tool_result": _CARRIED | {"tool_use_id", "content", "is_error"},
    "thinking": _CARRIED | {"thinking", "signature"},
    "redacted_thinking": _CARRIED | {"data"},
}
_PLAIN_BLOCKS: Final = frozenset({"text", "thinking", "image"})  # hold no references


class Item:
    """One message of the user's side, or the part of it before or after a system text inside it (7.3).

    `role` is "user" or "system"; `index` that of its message in the request, for error paths. `continues`: it is system text
    inside a user message, or what that message says after it. `has_results`: it answers tool calls; `only_results`: and
    says nothing else.
    """

    __slots__ = ("blocks", "continues", "has_results", "index", "only_results", "role")

    def __init__(self, role: str, blocks: Sequence[Block], index: int, *, continues: bool = False) -> None:
        self.role = role
        self.blocks = blocks
        self.index = index
        self.continues = continues
        results = 0
        for block in blocks:
            if block.get("type") == "tool_result":
                results += 1
        self.has_results = results > 0
        self.only_results = results == len(blocks) > 0


class Exchange(msgspec.Struct):
    """Consecutive assistant messages (index, blocks), then everything until the next assistant message."""

    assistants: list[tuple[int, Sequence[Block]]] = []
    items: list[Item] = []

    @property
    def has_user_text(self) -> bool:
        """A person spoke: a user message that is not the answer to tool calls."""
        return any(item.role == "user" and not item.has_results for item in self.items)


def read_exchanges(messages: Sequence[Mapping[str, Any]], *, has_system: bool = True) -> list[Exchange]:
    """Group the messages; only the first exchange may be without an assistant message.

    Messages of role system that have no content are directives and say nothing (R-SYS-14). `has_system`: the system may
    speak inside a user message; who knows that it does not saves the looking.
    """
    exchange = Exchange()
    exchanges = [exchange]
    for index, message in enumerate(messages):
        role, content = message["role"], message.get("content")
        blocks = content if isinstance(content, list) else content_blocks(content)
        if role == "assistant":
            if exchange.items:
                exchange = Exchange()
                exchanges.append(exchange)
            exchange.assistants.append((index, blocks))
        elif not has_system:
            exchange.items.append(Item(role, blocks, index))
        elif role == "user" or blocks:
            exchange.items += _items(role, blocks, index)
    return exchanges


def _items(role: str, blocks: Sequence[Block], index: int) -> Iterable[Item]:
    """One item, or several where a `mid_conv_system` block speaks inside a user message."""
    for block in blocks:
        if block.get("type") == "mid_conv_system":
            return _parted(role, blocks, index)
    return (Item(role, blocks, index),)


def _parted(role: str, blocks: Sequence[Block], index: int) -> Iterator[Item]:
    begin = 0
    for position, block in enumerate(blocks):
        if block.get("type") == "mid_conv_system":
            if position > begin:
                yield Item(role, blocks[begin:position], index, continues=begin > 0)
            yield Item("system", content_blocks(block.get("content")), index, continues=True)
            begin = position + 1
    if begin < len(blocks):
        yield Item(role, blocks[begin:], index, continues=begin > 0)


class HistoryFacts(msgspec.Struct):
    """What other parts need to know of the history before it is converted."""

    tool_use_ids: set[str] = set()
    tool_names: dict[str, None] = {}  # an ordered set
    referenced: set[str] = set()  # tools named by a tool_reference (12.6)
    compacted: bool = False  # a compaction block is in it (33.5)
    has_system: bool = False  # a message or block of the system is in it (7.2, 7.3)


def read_facts(messages: Sequence[Mapping[str, Any]], losses: Losses) -> HistoryFacts:
    """Collect ids, names and references in one pass; unknown fields are noted (R-ADM-3)."""
    facts = HistoryFacts()
    for message in messages:
        role, content = message["role"], message.get("content")
        if not _MESSAGE_FIELDS[role].issuperset(message):
            _note_unknown(message, role, _MESSAGE_FIELDS[role], losses)
        if role == "system":
            facts.has_system = True
        for block in content if isinstance(content, list) else ():
            kind = block.get("type", "")
            known = _BLOCK_FIELDS.get(kind)
            if known is not None and not known.issuperset(block):
                _note_unknown(block, kind, known, losses)
            if kind == "tool_use":
                facts.tool_use_ids.add(block["id"])
                facts.tool_names[block["name"]] = None
            elif kind not in _PLAIN_BLOCKS:
                _read_other(kind, block, facts)
    return facts


def _read_other(kind: str, block: Block, facts: HistoryFacts) -> None:
    """Tool names in `tool_reference` blocks, wherever a client or a server tool puts them, and what else is rare."""
    if kind == "compaction":
        facts.compacted = True
    elif kind == "mid_conv_system":
        facts.has_system = True
    elif kind == "tool_reference":
        facts.referenced.add(block["tool_name"])
    content = block.get("content")
    inner = content.get("tool_references") if isinstance(content, dict) else content
    for item in inner if isinstance(inner, list) else ():
        if isinstance(item, dict) and item.get("type") == "tool_reference" and isinstance(item.get("tool_name"), str):
            facts.referenced.add(item["tool_name"])


def _note_unknown(value: Mapping[str, Any], kind: str, known: frozenset[str], losses: Losses) -> None:
    """Note the fields that this kind of message or block is not known to have; an unknown kind is noted elsewhere."""
    for name in sorted(value.keys() - known):
        losses.add(f"{kind}.{name[:_NAME_MAX_CHARS]}", "unknown field")
