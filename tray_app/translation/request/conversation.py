"""The history as a sequence of exchanges: some assistant messages and what the user's side said after them.

Grouping is what keeps the prompt's prefix stable (R-PIP-1): every exchange is converted on its own, in order, so a later
message can only add to the end. One reading finds the exchanges, which of their messages are ordinary, and what other
parts need to know of the history before it is converted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
_CALL: Final = frozenset({"type", "id", "name", "input"})
_RESULT: Final = frozenset({"type", "tool_use_id", "content", "is_error"})
_CARRIED: Final = frozenset({"type", "cache_control", "citations"})
_BLOCK_FIELDS: Final = {
    "text": _CARRIED | {"text"},
    "image": _CARRIED | {"source"},
    "document": _CARRIED | {"source", "title", "context"},
    "search_result": _CARRIED | {"source", "title", "content"},
    "tool_use": _CARRIED | _CALL,
    "tool_result": _CARRIED | _RESULT,
    "thinking": _CARRIED | {"thinking", "signature"},
    "redacted_thinking": _CARRIED | {"data"},
}
THINKING_TYPES: Final = frozenset({"thinking", "redacted_thinking"})
_PLAIN_BLOCKS: Final = frozenset({"text", "thinking", "image"})  # hold no references


class Turn(msgspec.Struct):
    """One assistant message; `index` is its place in the request, for error paths.

    `calls`, by their ids, and the `text` and thinking before them are what an ordinary turn is and nothing else; any other
    has no calls here.
    """

    index: int
    blocks: Sequence[Block]
    text: str = ""
    calls: dict[str, Block] = {}
    thinks: bool = False


class Item(msgspec.Struct):
    """One message of the user's side, or the part of it before or after a system text inside it (7.3).

    `role` is "user" or "system"; `index` that of its message in the request, for error paths. `results`: how many of its
    blocks answer tool calls. `outputs`: the text of each, by the id of its call, if the user's message is ordinary: results
    that are nothing but a text, one a call, and after them nothing but text. `continues`: it is system text inside a user
    message, or what that message says after it.
    """

    role: str
    blocks: Sequence[Block]
    index: int
    results: int = 0
    outputs: dict[str, str] = {}
    continues: bool = False

    @property
    def only_results(self) -> bool:
        """It answers tool calls and says nothing else."""
        return self.results == len(self.blocks) > 0


class Exchange(msgspec.Struct):
    """Consecutive assistant messages, then everything until the next assistant message."""

    assistants: list[Turn] = []
    items: list[Item] = []

    @property
    def has_user_text(self) -> bool:
        """A person spoke: a user message that is not the answer to tool calls."""
        return any(item.role == "user" and not item.results for item in self.items)


class History(msgspec.Struct):
    """The exchanges, and what other parts need to know of them before they are converted."""

    exchanges: list[Exchange]
    tool_use_ids: set[str] = set()
    tool_names: dict[str, None] = {}  # an ordered set
    referenced: set[str] = set()  # tools named by a tool_reference (12.6)
    compacted: bool = False  # a compaction block is in it (33.5)
    has_system: bool = False  # a message or block of the system is in it (7.2, 7.3)


def read_history(messages: Sequence[Mapping[str, Any]], losses: Losses) -> History:
    """Group the messages; only the first exchange may be without an assistant message. Unknown fields are noted (R-ADM-3).

    Messages of role system that have no content are directives and say nothing (R-SYS-14).
    """
    exchange = Exchange()
    history = History([exchange])
    for index, message in enumerate(messages):
        role, content = message["role"], message.get("content")
        if len(message) > 2 or role == "system":  # else it has nothing but these two
            _note_unknown(message, role, _MESSAGE_FIELDS[role], losses)
        blocks = content if isinstance(content, list) else content_blocks(content)
        if role == "assistant":
            if exchange.items:
                exchange = Exchange()
                history.exchanges.append(exchange)
            exchange.assistants.append(_turn(index, blocks, history, losses))
            continue
        item = _item(role, index, blocks, history, losses)
        if role == "system":
            history.has_system = True
        if not history.has_system:
            exchange.items.append(item)
        elif role == "user" or blocks:
            exchange.items += _parted(item)
    return history


def _turn(index: int, blocks: Sequence[Block], history: History, losses: Losses) -> Turn:
    text = ""
    calls: dict[str, Block] = {}
    texts = thoughts = 0
    for block in blocks:
        kind = block.get("type", "")
        if kind == "tool_use" and block["name"] and _CALL.issuperset(block):
            calls[block["id"]] = block
            history.tool_names[block["name"]] = None
        elif kind == "text" and not calls and len(block) == 2:
            text += block["text"]
            texts += 1
        else:
            _look_closely(kind, block, history, losses)
            thoughts += kind in THINKING_TYPES and not calls and "cache_control" not in block
    history.tool_use_ids.update(calls)
    ordinary = texts + thoughts + len(calls) == len(blocks)
    return Turn(index, blocks, text, calls if ordinary else {}, thoughts > 0)


def _item(role: str, index: int, blocks: Sequence[Block], history: History, losses: Losses) -> Item:
    results = 0
    outputs: dict[str, str] = {}
    texts = 0
    for block in blocks:
        kind = block.get("type", "")
        if kind == "tool_result":
            results += 1
            output = plain_output(block) if not texts and _RESULT.issuperset(block) else ""
            if output:
                outputs[block["tool_use_id"]] = output
                continue
        elif kind == "text" and len(block) == 2:
            texts += 1
            continue
        _look_closely(kind, block, history, losses)
    ordinary = role == "user" and len(outputs) + texts == len(blocks)
    return Item(role, blocks, index, results, outputs if ordinary else {})


def plain_output(block: Block) -> str:
    """The text of a result that is nothing but one text, as nearly all are; empty for any other."""
    if block.get("is_error") or "cache_control" in block:
        return ""
    content = block.get("content")
    if isinstance(content, list) and len(content) == 1 and content[0].get("type") == "text":
        content = "" if "cache_control" in content[0] else content[0]["text"]
    return content if isinstance(content, str) else ""


def _look_closely(kind: str, block: Block, history: History, losses: Losses) -> None:
    """What else there is to know of a block that may hold more than its kind's own fields."""
    known = _BLOCK_FIELDS.get(kind)
    if known is not None:
        _note_unknown(block, kind, known, losses)
    if kind == "tool_use":
        history.tool_use_ids.add(block["id"])
        history.tool_names[block["name"]] = None
    elif kind not in _PLAIN_BLOCKS:
        _read_other(kind, block, history)


def _parted(item: Item) -> Iterator[Item]:
    """One item, or several where a `mid_conv_system` block speaks inside a user message."""
    begin = 0
    for position, block in enumerate(item.blocks):
        if block.get("type") == "mid_conv_system":
            if position > begin:
                yield _part(item.role, item.blocks[begin:position], item.index, continues=begin > 0)
            yield _part("system", content_blocks(block.get("content")), item.index, continues=True)
            begin = position + 1
    if not begin:
        yield item
    elif begin < len(item.blocks):
        yield _part(item.role, item.blocks[begin:], item.index, continues=True)


def _part(role: str, blocks: Sequence[Block], index: int, *, continues: bool) -> Item:
    results = sum(block.get("type") == "tool_result" for block in blocks)
    return Item(role, blocks, index, results, continues=continues)


def _read_other(kind: str, block: Block, history: History) -> None:
    """Tool names in `tool_reference` blocks, wherever a client or a server tool puts them, and what else is rare."""
    if kind == "compaction":
        history.compacted = True
    elif kind == "mid_conv_system":
        history.has_system = True
    elif kind == "tool_reference":
        history.referenced.add(block["tool_name"])
    content = block.get("content")
    inner = content.get("tool_references") if isinstance(content, dict) else content
    for item in inner if isinstance(inner, list) else ():
        if isinstance(item, dict) and item.get("type") == "tool_reference" and isinstance(item.get("tool_name"), str):
            history.referenced.add(item["tool_name"])


def _note_unknown(value: Mapping[str, Any], kind: str, known: frozenset[str], losses: Losses) -> None:
    """Note the fields that this kind of message or block is not known to have; an unknown kind is noted elsewhere."""
    if known.issuperset(value):
        return
    for name in sorted(value.keys() - known):
        losses.add(f"{kind}.{name[:_NAME_MAX_CHARS]}", "unknown field")
