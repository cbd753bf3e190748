"""Turns tool calls that a local server's parser left in the text back into calls (23.8); the formats are `leaked_formats.py`.

From a marker on the text is held until the call is whole. Only complete calls of tools the client offered are converted;
anything else is released unchanged, because an answer may well talk about such markup.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

from tray_app.translation.answer.deltas import Delta, Text, ToolDelta
from tray_app.translation.answer.leaked_formats import FORMATS, Call, Format
from tray_app.translation.answer.markers import split_hold
from tray_app.translation.codec import JSONError, dumps_text, loads
from tray_app.translation.context import AnswerContext

MAX_CALL_CHARS: Final = 2**20  # of one block of calls; beyond it the text is released


class LeakedCalls:
    """Text in; text and calls out."""

    def __init__(self, context: AnswerContext) -> None:
        self._names = context.tool_names
        self._schemas = context.tool_schemas
        self._formats = _by_opening(context.target.capabilities.leaked_calls)
        self._held = ""
        self._block: _Block | None = None

    @property
    def done(self) -> bool:
        """There is nothing to look for."""
        return not self._formats or not self._schemas

    def feed(self, text: str) -> list[Delta]:
        """The next piece of text."""
        found: list[Delta] = []
        while text:
            text = self._outside(text, found) if self._block is None else self._inside(self._block, text, found)
        return found

    def flush(self) -> list[Delta]:
        """Let go of what is held; a format without a closing marker ends with the text."""
        held, self._held = self._held, ""
        if self._block is None:
            return [Text(held)] if held else []
        block, self._block = self._block, None
        return [Text(block.text)] if block.closing else self._converted(block)

    def _outside(self, text: str, found: list[Delta]) -> str:
        """Plain text up to the next opening marker; returns what follows it."""
        text = self._held + text
        at, opening = min(
            ((at, opening) for opening in self._formats if (at := text.find(opening)) >= 0), default=(-1, "")
        )
        if at < 0:
            before, self._held = split_hold(text, self._formats)
        else:
            before, self._held = text[:at], ""
            self._block = _Block(opening, self._formats[opening][0].closing)
        if before:
            found.append(Text(before))
        return text[at + len(opening) :] if at >= 0 else ""

    def _inside(self, block: _Block, text: str, found: list[Delta]) -> str:
        """Part of a block; returns what follows its end."""
        rest = block.take(text)
        if block.whole:
            self._block = None
            found.extend(self._converted(block))
        elif block.chars > MAX_CALL_CHARS:
            self._block = None
            found.append(Text(block.text))
        return rest

    def _converted(self, block: _Block) -> list[Delta]:
        """The calls of a block, or its text if one of them is not certain."""
        for row in self._formats[block.opening]:
            try:
                calls = row.read(block.body)
            except (LookupError, TypeError, ValueError):
                continue  # not this format: the text below is the answer to that
            if calls and all(self._client_name(call) in self._schemas for call in calls):
                return [self._delta(call) for call in calls]
        return [Text(block.text)]

    def _client_name(self, call: Call) -> str:
        return self._names.get(call.name, call.name)

    def _delta(self, call: Call) -> ToolDelta:
        arguments = call.arguments
        if call.untyped:
            arguments = _typed(arguments, self._schemas[self._client_name(call)])
        return ToolDelta(id=call.id, name=call.name, arguments=dumps_text(arguments), whole=True)


class _Block:
    """The text from an opening marker on, until its closing marker comes."""

    def __init__(self, opening: str, closing: str | None) -> None:
        self.opening = opening
        self.closing = closing
        self.whole = False
        self.chars = 0
        self._pieces: list[str] = []
        self._tail = ""  # the last characters, where a closing marker may have begun

    def take(self, text: str) -> str:
        """Add text up to the closing marker; returns what follows it."""
        end = self._end_in(text)
        self._pieces.append(text[:end])
        self.chars += len(text[:end])
        return text[end:]

    def _end_in(self, text: str) -> int:
        if self.closing is None:
            return len(text)
        window = self._tail + text
        at = window.find(self.closing)
        if at < 0:
            self._tail = window[1 - len(self.closing) :]
            return len(text)
        self.whole = True
        return at + len(self.closing) - len(self._tail)

    @property
    def text(self) -> str:
        """Everything, markers included."""
        return self.opening + "".join(self._pieces)

    @property
    def body(self) -> str:
        """What is between the markers."""
        return "".join(self._pieces).removesuffix(self.closing or "")


@cache  # asked for every answer, with the same few sets of parsers
def _by_opening(parsers: tuple[str, ...]) -> Mapping[str, Sequence[Format]]:
    """The formats that begin with each marker, in the order of the parsers."""
    found: dict[str, list[Format]] = {}
    for name in parsers:
        for row in FORMATS[name]:
            found.setdefault(row.opening, []).append(row)
    return found


def _typed(arguments: Mapping[str, Any], schema: Any) -> dict[str, Any]:
    """Plain-text arguments as the schema's types: a string stays as it is, anything else is JSON if it can be."""
    properties = schema.get("properties") if isinstance(schema, Mapping) else None
    types = properties if isinstance(properties, Mapping) else {}
    return {name: _value(text, types.get(name)) for name, text in arguments.items()}


def _value(text: str, schema: Any) -> Any:
    if isinstance(schema, Mapping) and schema.get("type") == "string":
        return text
    try:
        return loads(text)
    except JSONError:
        return text
