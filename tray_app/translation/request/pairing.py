"""Calls and results brought together: one exchange of the history to chat messages a strict server accepts.

Tool messages stand directly after their calls, in the order of the calls, each call with exactly one (10.1, 10.4); then
comes what else the user's side said. An exchange knows nothing of the next one (R-PIP-1).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tray_app.translation.request.admission import Block
from tray_app.translation.request.assistant import AssistantTurn, Call, convert_assistant
from tray_app.translation.request.content import block_parts
from tray_app.translation.request.conversation import Exchange, Item
from tray_app.translation.request.conversion import Conversion, Message, Part
from tray_app.translation.request.media import collapse_placeholders, text_part
from tray_app.translation.request.ordinary import convert_ordinary
from tray_app.translation.request.system import keeps_late_system, late_system_parts, reminder
from tray_app.translation.request.toolresults import orphan_parts, tool_message

EMPTY: Final = "(empty)"


def convert_exchange(exchange: Exchange, conversion: Conversion, *, cleared: bool = False) -> list[Message]:
    """The chat messages of one exchange; `cleared` forgets its thinking (R-CTX-1)."""
    ordinary = convert_ordinary(exchange, conversion, cleared=cleared)
    return ordinary or convert_thoroughly(exchange, conversion, cleared=cleared)


def convert_thoroughly(exchange: Exchange, conversion: Conversion, *, cleared: bool = False) -> list[Message]:
    """`convert_exchange` the long way, which every exchange may go."""
    turns = []
    for turn in exchange.assistants:
        conversion.path = f"messages.{turn.index}"
        turns.append(convert_assistant(turn.blocks, conversion, cleared=cleared))
    orphans = _match(turns, exchange.items)
    messages, lifted = _answered(turns, conversion)
    answered = bool(messages) and messages[-1]["role"] == "tool"
    if orphans or lifted or not answered or not all(item.only_results for item in exchange.items):
        messages += _UserSide(exchange.items, orphans, lifted, conversion).messages(answered=answered)
    if exchange.has_user_text:
        conversion.thinking_missing = False
    return messages


def _match(turns: Sequence[AssistantTurn], items: Sequence[Item]) -> set[int]:
    """Give each result to its call; returns the `id()` of the blocks that have none (R-PAIR-1).

    Of two calls with the same id the first result belongs to the first (R-AST-5, P-40); further results of one id are
    more of the same answer (R-PAIR-3).
    """
    waiting: dict[str, list[Call]] = {}
    for turn in turns:
        for call in turn.calls:
            waiting.setdefault(call.tool_use_id, []).append(call)
    orphans = set()
    for item in items:
        if item.role != "user" or not item.results:
            continue
        for block in item.blocks:
            if block.get("type") != "tool_result":
                continue
            calls = waiting.get(block["tool_use_id"])
            if calls:
                next((call for call in calls if not call.results), calls[-1]).results.append(block)
            else:
                orphans.add(id(block))
    return orphans


def _answered(turns: Sequence[AssistantTurn], conversion: Conversion) -> tuple[list[Message], list[Part]]:
    """Every assistant message followed by its tool messages (R-ORD-1), and the media lifted out of those."""
    messages: list[Message] = []
    lifted: list[Part] = []
    for turn in turns:
        if turn.message is not None:
            messages.append(turn.message)
        for call in turn.calls:
            message, media = tool_message(call, conversion)
            messages.append(message)
            lifted += media
    return messages, lifted


class _UserSide:
    """What the user's side said besides answers, in order, with as few messages as its form needs."""

    def __init__(self, items: Sequence[Item], orphans: set[int], lifted: list[Part], conversion: Conversion) -> None:
        self._items = items
        self._orphans = orphans
        self._conversion = conversion
        self._messages: list[Message] = []
        self._joined = any(item.results for item in items)  # R-ORD-4: one turn, whatever messages it came in
        self._open = False  # the last message takes what the next user item says
        if lifted:  # R-ORD-2: media first
            self._say(lifted, joined=True)

    def messages(self, *, answered: bool) -> list[Message]:
        """The messages; `answered` says that tool messages stand before them."""
        for item in self._items:
            self._conversion.path = f"messages.{item.index}"
            if item.role == "user":
                self._add_user(item)
            else:
                self._add_system(item)
        spoke = any(item.role == "user" or item.continues for item in self._items)
        if spoke and not answered and not self._messages:
            self._messages.append({"role": "user", "content": [text_part(EMPTY)]})  # R-EMP-1
        return self._messages

    def _add_user(self, item: Item) -> None:
        parts = self._user_parts(item.blocks)
        if parts:
            self._say(parts, joined=self._open or item.continues)
            self._open = self._joined

    def _user_parts(self, blocks: Sequence[Block]) -> list[Part]:
        if not self._joined:
            return block_parts(blocks, self._conversion)
        parts: list[Part] = []
        for block in blocks:
            if block.get("type") != "tool_result":
                parts += block_parts([block], self._conversion)
            elif id(block) in self._orphans:
                parts += orphan_parts(block, self._conversion)
            elif parts:
                self._conversion.note("content", "moved after the tool results")  # R-ORD-3
        return collapse_placeholders(parts)

    def _add_system(self, item: Item) -> None:
        text, marker, others = late_system_parts(item, self._conversion)
        capabilities = self._conversion.capabilities
        if text and keeps_late_system(capabilities):
            kept = {**text_part(text), **(marker if capabilities.system_parts else {})}
            self._messages.append({"role": capabilities.system_role, "content": [kept]})
            self._open = False
        elif text:
            others = [{**text_part(reminder(text)), **marker}, *others]
        if others:
            alone = not self._last_is_user()
            self._say(others, joined=True)
            self._open = self._open or alone

    def _say(self, parts: list[Part], *, joined: bool) -> None:
        if joined and self._last_is_user():
            self._messages[-1]["content"] += parts
        else:
            self._messages.append({"role": "user", "content": parts})
        self._open = self._open or self._joined

    def _last_is_user(self) -> bool:
        return bool(self._messages) and self._messages[-1]["role"] == "user"
