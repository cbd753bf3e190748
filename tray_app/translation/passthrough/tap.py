"""Reads along in an Anthropic event stream that is passed through: usage, stop reason, how much was written (R-PAS-4).

Never changes a byte and never fails: an event it cannot read tells it nothing. The bytes are `pass_answer.py`'s.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final

import msgspec

from tray_app.translation.answer.answers import AnswerSummary
from tray_app.translation.context import AnswerContext
from tray_app.translation.usage import Usage, UsageSource

_BYTES_PER_TOKEN: Final = 4  # of an answer whose usage nobody reported (R-USE-7)
_COUNTS: Final = ("input_tokens", "output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens")


class _Message(msgspec.Struct, frozen=True):
    id: str | None = ""  # some endpoints send null
    model: str | None = ""
    usage: Any = None


class _Delta(msgspec.Struct, frozen=True):
    text: str = ""
    thinking: str = ""
    partial_json: str = ""
    stop_reason: str | None = None
    stop_sequence: str | None = None


class _Block(msgspec.Struct, frozen=True):
    type: str = ""


class _Event(msgspec.Struct, frozen=True):
    type: str = ""
    index: int = 0
    message: _Message = _Message()
    delta: _Delta = _Delta()
    content_block: _Block = _Block()
    usage: Any = None


_decode = msgspec.json.Decoder(_Event).decode


class Tap:
    """What was seen of one answer.

    Attributes:
        output_bytes: UTF-8 bytes of text, thinking and arguments so far.
        ended: `message_stop` or an `error` event has passed.
        failed: it was an `error` event.
        open_text: index of the text block that is open, or None.
        stop_reason: why the model stopped, as soon as it said so.
    """

    def __init__(self, context: AnswerContext) -> None:
        self._context = context
        self._counts: dict[str, int] = {}
        self._message = _Message()
        self._stop_sequence: str | None = None
        self.output_bytes = 0
        self.ended = False
        self.failed = False
        self.open_text: int | None = None
        self.stop_reason: str | None = None

    def see(self, data: bytes) -> None:
        """Take one event's data."""
        try:
            event = _decode(data)
        except msgspec.MsgspecError:
            return
        see = self._see.get(event.type)
        if see is not None:
            see(self, event)

    def see_message(self, message: Mapping[str, Any]) -> None:
        """Take a whole Message."""
        self._message = _Message(str(message.get("id", "")), str(message.get("model", "")))
        self._count(message.get("usage"))
        self.stop_reason = message.get("stop_reason")
        self._stop_sequence = message.get("stop_sequence")
        self.ended = True

    def _start(self, event: _Event) -> None:
        self._message = event.message
        self._count(event.message.usage)

    def _open(self, event: _Event) -> None:
        self.open_text = event.index if event.content_block.type == "text" else None

    def _add(self, event: _Event) -> None:
        delta = event.delta
        self.output_bytes += len((delta.text + delta.thinking + delta.partial_json).encode())

    def _close(self, event: _Event) -> None:
        self.open_text = None

    def _finish(self, event: _Event) -> None:
        self._count(event.usage)
        self.stop_reason = event.delta.stop_reason or self.stop_reason
        self._stop_sequence = event.delta.stop_sequence

    def _end(self, event: _Event) -> None:
        self.ended = True

    def _fail(self, event: _Event) -> None:
        self.ended = self.failed = True

    _see: ClassVar = {
        "message_start": _start,
        "content_block_start": _open,
        "content_block_delta": _add,
        "content_block_stop": _close,
        "message_delta": _finish,
        "message_stop": _end,
        "error": _fail,
    }

    def _count(self, usage: Any) -> None:
        """The last positive number wins, per field (R-USE-6)."""
        for name in _COUNTS if isinstance(usage, dict) else ():
            if isinstance(usage.get(name), int) and usage[name] > 0:
                self._counts[name] = usage[name]

    def summary(self) -> AnswerSummary:
        """The facts of the answer so far."""
        return AnswerSummary(
            stop_reason=self.stop_reason,
            stop_sequence=self._stop_sequence,
            usage=self._usage(),
            losses=self._context.losses.as_tuple(),
            upstream_id=self._message.id or "",
            upstream_model=self._message.model or "",
            output_bytes=self.output_bytes,
        )

    def _usage(self) -> Usage:
        if self._counts:
            return Usage(**self._counts, source=UsageSource.REPORTED)
        return Usage(
            input_tokens=self._context.input_estimate(),
            output_tokens=-(-self.output_bytes // _BYTES_PER_TOKEN),
            source=UsageSource.ESTIMATED,
        )
