"""Answers of Anthropic upstreams on their way to the client: the bytes as they came, cut only between events (section 34).

A stream is held back to the last whole event, so that a ping or an error of ours never lands inside one. What is known of
the answer is read by `tap.py`; the request's side is `request.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from tray_app.translation import codec, failures
from tray_app.translation.answer.answers import AnswerSummary
from tray_app.translation.answer.body import MAX_JSON_BYTES, BodyReader, JSONBody
from tray_app.translation.answer.sse import MAX_EVENT_BYTES, SSEReader, event
from tray_app.translation.context import AnswerContext
from tray_app.translation.errors import ApiError
from tray_app.translation.local.messages import message_events
from tray_app.translation.passthrough.mend import mended
from tray_app.translation.passthrough.tap import Tap
from tray_app.translation.thinking import ThinkingMemory
from tray_app.translation.upstream_errors.mapping import from_payload

WAITING: Final = b": waiting for the upstream\n\n"  # before message_start a comment is the only thing that is allowed
_EVENT_END: Final = re.compile(rb"\n\r?\n|\r\r")
_BLANK: Final = b" \t\r\n\xef\xbb\xbf"
_STOP: Final = event("message_stop", b'{"type":"message_stop"}')


class _Passed:
    """What streams and whole answers share; the interface is that of `response.StreamedAnswer`."""

    def __init__(
        self,
        context: AnswerContext,
        *,
        new_id: Callable[[], str],
        request_id: str,
        memory: ThinkingMemory | None = None,
    ) -> None:
        # `new_id` and `memory` are part of the common interface; a passed answer has ids and thinking of its own.
        self._context = context
        self._request_id = request_id
        self._tap = Tap(context)
        self.started = False
        self.failure: ApiError | None = None

    @property
    def done(self) -> bool:
        """The answer is over, well or not; nothing more need be read."""
        return self._tap.ended or self.failure is not None

    @property
    def awaiting_usage(self) -> bool:
        """Never: an Anthropic answer has its usage before its end."""
        return False

    @property
    def flowing(self) -> bool:
        """Not `done`: more is to come."""
        return not self.done

    @property
    def output_bytes(self) -> int:
        """UTF-8 bytes the model has written so far."""
        return self._tap.output_bytes

    @property
    def summary(self) -> AnswerSummary:
        """The facts of the answer so far."""
        return self._tap.summary()

    def _reported(self, payload: Any) -> ApiError | None:
        return from_payload(
            payload,
            provider=self._context.target.provider,
            estimate=self._context.input_estimate,
            context_window=self._context.target.capabilities.context_window,
            asked_max_tokens=self._context.max_tokens,
        )

    def _message(self, rest: object) -> dict[str, Any]:
        """The Message in a whole JSON body.

        Raises:
            ApiError: it is something else.
        """
        if not isinstance(rest, JSONBody):
            raise failures.not_an_answer("an event stream") if rest else failures.no_answer()
        value = rest.value
        error = self._reported(value)
        if error:
            raise error
        if not isinstance(value, dict) or not isinstance(value.get("content"), list):
            raise failures.not_an_answer("a JSON value that is no Message")
        self._tap.see_message(value)
        return value


class PassthroughAnswer(_Passed):
    """A stream: every method returns the bytes to write, possibly none."""

    def __init__(
        self,
        context: AnswerContext,
        *,
        new_id: Callable[[], str],
        request_id: str,
        memory: ThinkingMemory | None = None,
    ) -> None:
        super().__init__(context, new_id=new_id, request_id=request_id, memory=memory)
        self._mend = context.target.capabilities.pass_mend_stream
        self._buffer = bytearray()  # the event that is not whole yet
        self._searched = 0  # bytes of it that hold no event end
        self._reader = SSEReader()
        self._whole: BodyReader | None = None  # reads a body that is no event stream
        self._sniffed = False

    def start(self) -> bytes:
        """Commit the 200 before the upstream has said anything (R-COM-3)."""
        if self.started:
            return b""
        self.started = True
        return WAITING

    def feed(self, data: bytes) -> bytes:
        """The whole events completed by `data`, untouched."""
        if self.done:
            return b""
        try:
            return self._fed(data)
        except ApiError as error:
            return self.fail(error)

    def _fed(self, data: bytes) -> bytes:
        self._buffer += data
        if not self._sniffed and not self._sniff():
            return b""
        if self._whole is not None:
            self._whole.feed(bytes(self._buffer))
            self._buffer.clear()
            return b""
        return self._relayed(b"".join(self._events()))

    def _sniff(self) -> bool:
        """R-RSP-12: a JSON or HTML body in place of a stream shows in its first byte."""
        first = self._buffer.lstrip(_BLANK)[:1]
        self._sniffed = bool(first)
        if first and first in b"{[<":
            self._whole = BodyReader()
        return self._sniffed

    def _events(self) -> list[bytes]:
        """Take the whole events out of the buffer, showing each to the tap."""
        events, begin = [], 0
        while not self.done and (end := _EVENT_END.search(self._buffer, max(self._searched, begin))):
            events.append(self._tapped(bytes(self._buffer[begin : end.end()])))
            begin = end.end()
        del self._buffer[:begin]
        self._searched = max(len(self._buffer) - 2, 0)
        if len(self._buffer) > MAX_EVENT_BYTES:
            raise failures.too_much(MAX_EVENT_BYTES)
        return events

    def _tapped(self, raw: bytes) -> bytes:
        events = self._reader.feed(raw)
        for each in events:
            self._tap.see(each.data)
            if each.event == "error" or self._tap.failed:
                self.failure = self._told(each.data)
        return mended(raw, events, self._context) if self._mend else raw

    def _told(self, data: bytes) -> ApiError | None:
        """The upstream's own error event: passed on as it is, kept for the log and the screen."""
        try:
            value = codec.loads(data)
        except codec.JSONError:
            value = data.decode("utf-8", "replace")
        return self._reported(value) or self._reported({"error": value or "no explanation"})

    def _relayed(self, data: bytes) -> bytes:
        self.started = self.started or bool(data)
        return data

    def close(self) -> bytes:
        """EOF: a last event without its blank line is completed, a missing end is told (R-PAS-7)."""
        if self.done:
            return b""
        try:
            return self._closed()
        except ApiError as error:
            return self.fail(error)

    def _closed(self) -> bytes:
        if self._whole is not None:
            return self._relayed(message_events(self._message(self._whole.close())))
        rest = bytes(self._buffer)
        last = self._relayed(self._tapped(rest + b"\n\n")) if _is_whole(rest) else b""
        if self.done:
            return last
        if self._tap.stop_reason:
            return last + _STOP  # the model had finished: only the last line was lost
        return last + self.fail(failures.connection_lost() if self.started else failures.no_answer())

    def fail(self, error: ApiError) -> bytes:
        """End the answer in `error`; without bytes if nothing was written: then `failure` is to be told by a status."""
        if self.done:
            return b""
        self.failure = error
        if not self.started:
            return b""
        return self._closed_text() + event("error", codec.dumps_line(error.body(self._request_id)))

    def _closed_text(self) -> bytes:
        """R-ERR-9: after a closed text block Claude Code resumes instead of starting over."""
        if self._tap.open_text is None:
            return b""
        stop = {"type": "content_block_stop", "index": self._tap.open_text}
        return event("content_block_stop", codec.dumps_line(stop))


def _is_whole(rest: bytes) -> bool:
    """Whether the bytes after the last blank line are an event that lacks only its end."""
    events = SSEReader().feed(rest + b"\n\n")
    try:
        return bool(events) and codec.loads(events[-1].data) is not None
    except codec.JSONError:
        return False


class PassthroughBody(_Passed):
    """A whole answer: the body's bytes as they came, once they were seen to be a Message."""

    def __init__(
        self,
        context: AnswerContext,
        *,
        new_id: Callable[[], str],
        request_id: str,
        memory: ThinkingMemory | None = None,
    ) -> None:
        super().__init__(context, new_id=new_id, request_id=request_id, memory=memory)
        self._raw = bytearray()

    def feed(self, data: bytes) -> None:
        """Take the next bytes of the upstream's body."""
        self._raw += data
        if len(self._raw) > MAX_JSON_BYTES:
            self.fail(failures.too_much(MAX_JSON_BYTES))

    def close(self) -> None:
        """The upstream's body has ended."""
        if self.done:
            return
        reader = BodyReader()
        try:
            self._message(reader.feed(bytes(self._raw)) or reader.close())
        except ApiError as error:
            self.fail(error)

    def fail(self, error: ApiError) -> None:
        """End the answer in `error`."""
        self.failure = self.failure or error

    def body(self) -> bytes:
        """The upstream's bytes.

        Raises:
            ApiError: the answer failed.
        """
        if self.failure is not None:
            raise self.failure
        return bytes(self._raw)
