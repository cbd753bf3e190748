"""The answer's translation as the proxy uses it: upstream bytes in, bytes or one Message for the client out.

Streamed and whole answers run through the same readers and the same state machine (section 19); they differ only in the sink.
Either takes an SSE or a JSON body from the upstream, whatever was asked for (R-RSP-11, R-RSP-12).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, Final

import msgspec

from tray_app.translation import failures
from tray_app.translation.answer.body import MAX_JSON_BYTES, BodyReader, JSONBody
from tray_app.translation.answer.call_text import ArgsMode
from tray_app.translation.answer.chunks import ChunkReader
from tray_app.translation.answer.sinks import EventSink, MessageSink, Sink
from tray_app.translation.answer.sse import PING, SSEEvent
from tray_app.translation.answer.stream import State, StreamMachine
from tray_app.translation.context import AnswerContext
from tray_app.translation.errors import ApiError
from tray_app.translation.thinking import ThinkingMemory
from tray_app.translation.usage import Usage

ID_CHARS: Final = 24
_BASE62: Final = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_LETTERS: Final = (_BASE62 * 5)[:256]  # the letter of each byte


class AnswerSummary(msgspec.Struct, frozen=True, kw_only=True):
    """What the log, the ledger and the screen get to know of an answer."""

    stop_reason: str | None
    stop_sequence: str | None
    usage: Usage
    losses: tuple[str, ...]
    upstream_id: str
    upstream_model: str
    output_bytes: int


def message_id(upstream_id: str, request_id: str) -> str:
    """``msg_`` and 24 base62 characters (R-RSP-1).

    The request's id goes into the hash: some upstreams give every answer the same id, and Claude Code takes messages of
    one id for pieces of one message.
    """
    digest = hashlib.blake2b(f"{upstream_id}\n{request_id}".encode(), digest_size=ID_CHARS).digest()
    return "msg_" + digest.translate(_LETTERS).decode()


class _Answer:
    """What both kinds of answers share: reading, the machine, and the end."""

    def __init__(
        self,
        context: AnswerContext,
        sink: Sink,
        args_mode: ArgsMode,
        *,
        new_id: Callable[[], str],
        request_id: str,
        memory: ThinkingMemory | None,
    ) -> None:
        self._context = context
        self._body = BodyReader()
        self._chunks = ChunkReader(context)
        self._machine = StreamMachine(
            context,
            sink,
            message_id=lambda upstream_id: message_id(upstream_id, request_id),
            new_id=new_id,
            request_id=request_id,
            args_mode=args_mode,
            memory=memory,
        )

    @property
    def started(self) -> bool:
        """The message has begun: content has come, or `start` was called."""
        return self._machine.begun

    @property
    def done(self) -> bool:
        """The answer is over, well or not; nothing more need be read."""
        return self._machine.over

    @property
    def awaiting_usage(self) -> bool:
        """The finish reason has come, usage and `[DONE]` have not: wait a second for them, then `close` (R-STM-14)."""
        return self._machine.awaiting_usage

    @property
    def flowing(self) -> bool:
        """Neither `done` nor `awaiting_usage`: more is to come. Both in one, as it is asked after every read."""
        machine = self._machine
        return not (machine.over or machine.awaiting_usage)

    @property
    def failure(self) -> ApiError | None:
        """The error the answer ended in; still to be told to the client unless `started`."""
        return self._machine.failure

    @property
    def output_bytes(self) -> int:
        """UTF-8 bytes the model has written so far, thinking included."""
        return self._machine.output_bytes

    @property
    def summary(self) -> AnswerSummary:
        """The facts of the answer so far."""
        stop = self._machine.stop
        return AnswerSummary(
            stop_reason=stop.stop_reason if stop else None,
            stop_sequence=stop.stop_sequence if stop else None,
            usage=self._machine.usage(),
            losses=self._context.losses.as_tuple(),
            upstream_id=self._machine.upstream_id,
            upstream_model=self._machine.upstream_model,
            output_bytes=self._machine.output_bytes,
        )

    def _read(self, data: bytes) -> None:
        if self._machine.over:
            return
        try:
            events = self._body.feed(data)
        except ApiError as error:
            self._machine.fail(error)
            return
        self._take(events)
        if self._chunks.ended:
            self._machine.end(marked=True)

    def _take(self, events: list[SSEEvent]) -> None:
        read = self._chunks.read
        texts: list[str] = []
        for event in events:
            items = read(event)
            if isinstance(items, str):
                texts.append(items)
                continue
            if texts:
                self._machine.add_texts(texts)
                texts = []
            self._machine.handle(items)
        if texts:
            self._machine.add_texts(texts)

    def _finish_reading(self) -> None:
        if self._machine.over:
            return
        try:
            rest = self._body.close()
        except ApiError as error:
            self._machine.fail(error)
            return
        if isinstance(rest, JSONBody):
            self._machine.handle(self._chunks.read_whole(rest))
        else:
            self._take(rest)
            self._machine.handle(self._chunks.close())
        self._machine.end(marked=self._chunks.ended)

    def _abort(self, error: ApiError) -> None:
        self._machine.fail(error)


class StreamedAnswer(_Answer):
    """An answer for a client that asked for a stream: every method returns the bytes to write, possibly none."""

    def __init__(
        self,
        context: AnswerContext,
        *,
        new_id: Callable[[], str],
        request_id: str,
        memory: ThinkingMemory | None = None,
    ) -> None:
        self._sink = EventSink()
        mode = context.target.capabilities.args_mode
        super().__init__(context, self._sink, mode, new_id=new_id, request_id=request_id, memory=memory)

    def start(self) -> bytes:
        """Begin the message before the upstream has said anything (R-COM-3); nothing if it has begun."""
        if self._machine.state is not State.WAITING:
            return b""
        self._machine.start()
        return self._sink.take() + PING

    def feed(self, data: bytes) -> bytes:
        """Translate the next bytes of the upstream's body."""
        self._read(data)
        return self._sink.take()

    def close(self) -> bytes:
        """The upstream's body has ended, or its time for usage is over."""
        self._finish_reading()
        return self._sink.take()

    def fail(self, error: ApiError) -> bytes:
        """End the answer in `error`; without bytes if it has not begun: then `failure` is to be told by a status."""
        self._abort(error)
        return self._sink.take()


class WholeAnswer(_Answer):
    """An answer for a client that wants one JSON Message."""

    def __init__(
        self,
        context: AnswerContext,
        *,
        new_id: Callable[[], str],
        request_id: str,
        memory: ThinkingMemory | None = None,
    ) -> None:
        self._sink = MessageSink()
        cumulative = (
            context.target.capabilities.args_mode == "cumulative"
        )  # what fragments mean is no matter of the client
        mode: ArgsMode = "cumulative" if cumulative else "buffer"
        super().__init__(context, self._sink, mode, new_id=new_id, request_id=request_id, memory=memory)

    def feed(self, data: bytes) -> None:
        """Take the next bytes of the upstream's body; a Message that grows past any request's size fails."""
        self._read(data)
        if self.output_bytes > MAX_JSON_BYTES:
            self._machine.fail(failures.too_much(MAX_JSON_BYTES))

    def close(self) -> None:
        """The upstream's body has ended, or its time for usage is over."""
        self._finish_reading()

    def fail(self, error: ApiError) -> None:
        """End the answer in `error`."""
        self._abort(error)

    def message(self) -> dict[str, Any]:
        """The Message.

        Raises:
            ApiError: the answer failed, or it is not over yet.
        """
        if self._machine.failure is not None:
            raise self._machine.failure
        return self._sink.message
