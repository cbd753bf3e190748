"""The history as a sequence of exchanges: some assistant messages and what the user's side said after them.

Grouping is what keeps the prompt's prefix stable (R-PIP-1): every exchange is converted on its own, in order, so a later
message can only add to the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

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


@dataclass(slots=True)
class Item:
    """One message of the user's side, or the part of it before or after a system text inside it (7.3)."""

    role: str  # "user" or "system"
    blocks: Sequence[Block]
    index: int  # of its message in the request, for error paths
    continues: bool = False  # system text inside a user message, or what that message says after it
    has_results: bool = field(init=False)  # it answers tool calls
    only_results: bool = field(init=False)  # and says nothing else

    def __post_init__(self) -> None:
        results = 0
        for block in self.blocks:
            if block.get("type") == "tool_result":
                results += 1
        self.has_results = results > 0
        self.only_results = results == len(self.blocks) > 0


@dataclass(slots=True)
class Exchange:
    """Consecutive assistant messages (index, blocks), then everything until the next assistant message."""

    assistants: list[tuple[int, Sequence[Block]]] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)

    @property
    def has_user_text(self) -> bool:
        """A person spoke: a user message that is not the answer to tool calls."""
        return any(item.role == "user" and not item.has_results for item in self.items)


def read_exchanges(messages: Sequence[Mapping[str, Any]]) -> list[Exchange]:
    """Group the messages; only the first exchange may be without an assistant message.

    Messages of role system that have no content are directives and say nothing (R-SYS-14).
    """
    exchanges = [Exchange()]
    for index, message in enumerate(messages):
        blocks = content_blocks(message.get("content"))
        if message["role"] == "assistant":
            if exchanges[-1].items:
                exchanges.append(Exchange())
            exchanges[-1].assistants.append((index, blocks))
        elif message["role"] == "user" or blocks:
            exchanges[-1].items.extend(_items(message["role"], blocks, index))
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


@dataclass(slots=True)
class HistoryFacts:
    """What other parts need to know of the history before it is converted."""

    tool_use_ids: set[str] = field(default_factory=set)
    tool_names: dict[str, None] = field(default_factory=dict)  # an ordered set
    referenced: set[str] = field(default_factory=set)  # tools named by a tool_reference (12.6)
    compacted: bool = False  # a compaction block is in it (33.5)


def read_facts(messages: Sequence[Mapping[str, Any]], losses: Losses) -> HistoryFacts:
    """Collect ids, names and references in one pass; unknown fields are noted (R-ADM-3)."""
    facts = HistoryFacts()
    for message in messages:
        _note_unknown(message, message["role"], _MESSAGE_FIELDS, losses)
        for block in content_blocks(message.get("content")):
            kind = block.get("type", "")
            _note_unknown(block, kind, _BLOCK_FIELDS, losses)
            if kind == "tool_use":
                facts.tool_use_ids.add(block["id"])
                facts.tool_names[block["name"]] = None
            elif kind == "compaction":
                facts.compacted = True
            elif kind not in _PLAIN_BLOCKS:
                facts.referenced.update(_referenced(block))
    return facts


def _referenced(block: Block) -> Iterator[str]:
    """Tool names in `tool_reference` blocks, wherever a client or a server tool puts them."""
    if block.get("type") == "tool_reference":
        yield block["tool_name"]
    content = block.get("content")
    inner = content.get("tool_references") if isinstance(content, dict) else content
    for item in inner if isinstance(inner, list) else ():
        if isinstance(item, dict) and item.get("type") == "tool_reference" and isinstance(item.get("tool_name"), str):
            yield item["tool_name"]


def _note_unknown(value: Mapping[str, Any], kind: str, fields: Mapping[str, frozenset[str]], losses: Losses) -> None:
    """Note the fields that this kind of message or block is not known to have; an unknown kind is noted elsewhere."""
    known = fields.get(kind)
    if known is not None and not known.issuperset(value):
        for name in sorted(value.keys() - known):
            losses.add(f"{kind}.{name[:_NAME_MAX_CHARS]}", "unknown field")
