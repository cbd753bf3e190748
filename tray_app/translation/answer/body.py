"""What kind of body is this: an event stream or one JSON value, whatever was asked for and whatever the headers say?

Decides by the first bytes (R-RSP-11, R-RSP-12), unpacks gzip that no header announced (R-SSE-1) and keeps a JSON body
until its end. What the events or the value mean is `chunks.py`.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from typing import Any, Final

import msgspec

from tray_app.translation import codec
from tray_app.translation.answer.sse import SSEEvent, SSEReader
from tray_app.translation.errors import ApiError
from tray_app.translation.failures import not_an_answer, too_much, unreadable
from tray_app.translation.upstream_errors.payloads import message_of

MAX_JSON_BYTES: Final = 32 * 2**20
MAX_WORDS_BYTES: Final = 16 * 2**10  # of a body that is no answer: enough for the title of an HTML page
GZIP_STEP_BYTES: Final = 2**20  # unpacked at once, so that a small bomb cannot fill the memory

_GZIP: Final = b"\x1f\x8b"
_GZIP_WBITS: Final = 31
_SPACE: Final = b" \t\r\n"
_LINE_END: Final = re.compile(rb"[\r\n]")


class JSONBody(msgspec.Struct, frozen=True):
    """A body that was one JSON value. Only where it `escapes` characters may strings hold lone surrogates (`codec.py`)."""

    value: Any
    escapes: bool


class BodyReader:
    """Body bytes in; events as they come, or one value at the end.

    The state is the pair of methods that takes the next bytes and the end: first `_sniff`, then one of

        body begins with  takes bytes    at the end
        ``{`` or ``[``    _take_json     _end_json      (or lines, when a second value follows the first: NDJSON)
        ``<``             _take_page     _end_words
        anything else     _take_lines    _end_words     plain text, until the first event shows that it is a stream
                          SSEReader      SSEReader
    """

    def __init__(self) -> None:
        self._sse = SSEReader()
        self._gunzip: Gunzip | None = None
        self._head: bytes | None = b""  # the first byte, until the second tells whether this is gzip
        self._take: Callable[[bytes], list[SSEEvent]] = self._sniff
        self._end: Callable[[], list[SSEEvent] | JSONBody] = self._end_words
        self._kept = bytearray()  # of a JSON body: all; else the beginning, to quote it if it is no answer
        self._first_line_end = 0  # of a JSON body whose first line is a whole value; -1: it is not

    @property
    def comments(self) -> int:
        """How many SSE comments came: signs of life without content."""
        return self._sse.comments

    def feed(self, data: bytes) -> list[SSEEvent]:
        """The events completed by `data`; always empty for a JSON body.

        Raises:
            ApiError: a limit was broken, damaged gzip, or a long page that is no answer at all.
        """
        if self._head is not None:
            data = self._sniff_gzip(self._head + data)
        if self._gunzip is None:
            return self._take(data)
        return self._unpacked(self._gunzip, data)

    def close(self) -> list[SSEEvent] | JSONBody:
        """The end of the body: its last events, or its value; an empty list for an empty body.

        Raises:
            ApiError: malformed JSON, or HTML or text in place of an answer (D14).
        """
        if self._head:
            self._take(self._head)
        end = self._end
        self._take, self._end = self._sse.feed, self._sse.close  # no cycle of references keeps a big body alive
        return end()

    def _sniff_gzip(self, data: bytes) -> bytes:
        if data == _GZIP[:1] or not data:
            self._head = data
            return b""
        self._head = None
        if data.startswith(_GZIP):
            self._gunzip = Gunzip()
        return data

    def _unpacked(self, gunzip: Gunzip, data: bytes) -> list[SSEEvent]:
        """Events of the pieces before a failure go first; it is raised again by the next call."""
        events: list[SSEEvent] = []
        try:
            for piece in gunzip.feed(data):
                events.extend(self._take(piece))
        except ApiError:
            if not events:
                raise
        return events

    def _sniff(self, data: bytes) -> list[SSEEvent]:
        """Decide by the first byte that is no blank."""
        data = data.lstrip(codec.BOM + _SPACE)
        if not data:
            return []
        if data.startswith((b"{", b"[")):
            self._take, self._end = self._take_json, self._end_json
        else:
            self._take = self._take_page if data.startswith(b"<") else self._take_lines
        return self._take(data)

    def _take_json(self, data: bytes) -> list[SSEEvent]:
        self._kept += data
        if len(self._kept) > MAX_JSON_BYTES:
            raise too_much(MAX_JSON_BYTES)
        if self._first_line_end == 0:
            self._first_line_end = self._whole_first_line(data)
        if self._first_line_end > 0 and self._kept[self._first_line_end :].strip(_SPACE):
            return self._restart_as_lines()
        return []

    def _whole_first_line(self, data: bytes) -> int:
        """Where a first line ends that is a JSON object in itself: another one may follow (R-SSE-4)."""
        if b"\n" not in data and b"\r" not in data:
            return 0
        found = _LINE_END.search(self._kept)
        if found is None or self._kept.startswith(b"[") or _parsed(self._kept[: found.start()]) is None:
            return -1
        return found.start()

    def _restart_as_lines(self) -> list[SSEEvent]:
        data = bytes(self._kept)
        self._kept.clear()
        self._take, self._end = self._take_lines, self._end_words
        return self._take_lines(data)

    def _take_lines(self, data: bytes) -> list[SSEEvent]:
        """Lines that may be an event stream or plain words; the first event or comment settles it."""
        events = self._sse.feed(data)
        if events or self._sse.comments:
            self._kept.clear()
            self._take, self._end = self._sse.feed, self._sse.close
        else:
            self._kept += data[: MAX_WORDS_BYTES - len(self._kept)]
        return events

    def _take_page(self, data: bytes) -> list[SSEEvent]:
        self._kept += data
        if len(self._kept) >= MAX_WORDS_BYTES:
            raise self._no_answer()
        return []

    def _end_json(self) -> JSONBody:
        value = _parsed(self._kept)
        if value is None:
            raise self._no_answer() if self._kept.startswith(b"[") else unreadable("malformed JSON")
        return JSONBody(value[0], escapes=codec.UNICODE_ESCAPE in self._kept)

    def _end_words(self) -> list[SSEEvent]:
        events = self._sse.close()
        if not events and self._kept:
            raise self._no_answer()
        return events

    def _no_answer(self) -> ApiError:
        text = self._kept.decode("utf-8", "replace")
        kind = "an HTML page, " if text.startswith("<") else ""
        return not_an_answer(kind + (message_of(None, text) or text))


def _parsed(data: bytes | bytearray) -> tuple[Any] | None:
    try:
        return (codec.loads_keeping_surrogates(data),)
    except codec.JSONError:
        return None


class Gunzip:
    """Gzip bytes in, unpacked pieces of at most `GZIP_STEP_BYTES` out; several members are one body."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(_GZIP_WBITS)
        self._between = False  # a member has ended
        self._damaged = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Unpack `data`.

        Raises:
            ApiError: the bytes are damaged.
        """
        try:
            if not self._damaged:
                yield from self._pieces(data)
        except zlib.error:
            self._damaged = True
        if self._damaged:
            raise unreadable("damaged gzip data")

    def _pieces(self, data: bytes) -> Iterator[bytes]:
        piece = b""
        while data or len(piece) == GZIP_STEP_BYTES:
            if self._between:
                data = data.lstrip(b"\0")  # padding
                self._between = not data
            piece = self._member.decompress(data, GZIP_STEP_BYTES)
            data = self._member.unconsumed_tail
            if self._member.eof:
                data = self._member.unused_data
                self._member = zlib.decompressobj(_GZIP_WBITS)
                self._between = True
            if piece:
                yield piece
