"""Server-sent events, both ways: any provider's bytes in, whole events out; events for the client as bytes (section 20).

Works on bytes only and never decodes text, so that no character is cut in two (P-55). What an event means is
`chunks.py`; whether a body is an event stream at all is `body.py`. Time is linear however the bytes are cut.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from tray_app.translation.codec import BOM, JSONError, loads
from tray_app.translation.errors import ApiError
from tray_app.translation.failures import unreadable

MAX_LINE_BYTES: Final = 16 * 2**20  # one tool call with a whole file in it is a few MiB (D11, P-58)
MAX_EVENT_BYTES: Final = 32 * 2**20
MAX_EVENT_LINES: Final = 2**20  # empty data lines cost no bytes, but memory
PING: Final = b'event: ping\ndata: {"type":"ping"}\n\n'
DONE: Final = (b"[DONE]", b'"[DONE]"')

_BLANKS: Final = b" \t"
_CR: Final = ord("\r")  # a number: Python looks for bytes in bytes by way of an exception


def event(name: str, data: bytes) -> bytes:
    """One event for the client; `data` is JSON on one line (`codec.dumps_line`)."""
    return b"event: %b\ndata: %b\n\n" % (name.encode(), data)


class SSEEvent(msgspec.Struct, frozen=True, gc=False):
    """One dispatched event: its name ("" when none was given) and its data, several lines joined by LF."""

    event: str
    data: bytes


class SSEReader:
    """Incremental reader: bytes in, whole events out.

    `comments` counts comment lines, which are a sign of life and nothing else. A broken limit raises once the events
    before it were handed out, so that the cut of the reads does not decide what the client sees, and it raises for ever.
    """

    __slots__ = (
        "_data", "_event", "_failure", "_first_event", "_partial", "_partial_size", "_size", "_skip_lf", "_started",
        "comments",
    )  # fmt: skip

    def __init__(self) -> None:
        self.comments = 0
        self._failure: ApiError | None = None
        self._started = False
        self._skip_lf = False  # the last read ended in CR: an LF that follows belongs to it
        self._partial: list[bytes] = []  # pieces of a line without its end; joined once, when the end comes
        self._partial_size = 0
        self._event = ""
        self._data: list[bytes] = []
        self._size = 0  # of the data lines after the first
        self._first_event: str | None = None  # the name in force when the first data line came, if it has changed since

    def feed(self, data: bytes) -> list[SSEEvent]:
        """The events completed by `data`, which may be cut anywhere.

        Raises:
            ApiError: a line over 16 MiB or an event over 32 MiB (R-SSE-8).
        """
        if (  # a data line and its blank one, and nothing came before: a token that came alone
            data.startswith(b"data: ")
            and data.endswith(b"\n\n")
            and data.find(b"\n") == len(data) - 2
            and _CR not in data
            and self._started
            and len(data) <= MAX_LINE_BYTES
            and not (self._partial or self._data or self._event or self._failure or self._skip_lf)
        ):
            return [SSEEvent("", data[6:-2])]
        return self._guarded(data, last=False)

    def close(self) -> list[SSEEvent]:
        """The end of the bytes: a last event without its blank line is dispatched too (R-SSE-7).

        Raises:
            ApiError: a limit was broken.
        """
        return self._guarded(b"\n\n", last=True)

    def _guarded(self, data: bytes, *, last: bool) -> list[SSEEvent]:
        if self._failure:
            raise self._failure
        events: list[SSEEvent] = []
        try:
            self._advance(data, events)
        except ApiError as error:
            self._failure = error
            if last or not events:
                raise
        return events

    def _advance(self, data: bytes, events: list[SSEEvent]) -> None:
        if _CR in data or self._skip_lf:
            data = self._with_lf(data)
        end = data.rfind(b"\n")
        if end >= 0:
            self._read(self._take(data[:end]), events)
        self._keep(data[end + 1 :])

    def _with_lf(self, data: bytes) -> bytes:
        """CRLF and lone CR become LF; a CR at the end of a read ends its line at once (D35)."""
        if not data:
            return data
        if self._skip_lf:
            data = data.removeprefix(b"\n")
        self._skip_lf = data.endswith(b"\r")
        return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")

    def _take(self, data: bytes) -> Iterable[bytes]:
        """The whole lines: what was put aside of a line, then `data`."""
        if self._partial:
            data = b"".join((*self._partial, data))
            self._partial.clear()
            self._partial_size = 0
        if not self._started:
            self._started = True
            data = data.removeprefix(BOM)
        lines = data.split(b"\n")
        return lines if len(data) <= MAX_LINE_BYTES else _bounded(lines)

    def _keep(self, piece: bytes) -> None:
        """Put the beginning of an unfinished line aside."""
        if piece:
            self._partial.append(piece)
            self._partial_size += len(piece)
            _check_line(self._partial_size)

    def _read(self, lines: Iterable[bytes], events: list[SSEEvent]) -> None:
        """The hot loop: nearly every line is blank or the only data line of its event."""
        data = self._data
        for line in lines:
            if not line:
                if len(data) == 1 and not self._event:
                    events.append(SSEEvent("", data.pop()))
                elif data or self._event:
                    self._dispatch(events)
            elif line.startswith(b"data: ") and not data:
                data.append(line[6:])
            else:
                self._read_field(line.strip(_BLANKS), events)

    def _read_field(self, line: bytes, events: list[SSEEvent]) -> None:
        """Any other line, its outer blanks gone: some proxies pad lines, an empty one included (R-SSE-4)."""
        name, colon, value = line.partition(b":")
        if line.startswith(b"{") or line in DONE:
            self._read_bare(line, events)
        elif name == b"data":
            self._add(value.removeprefix(b" "), events)
        elif name == b"event":
            self._name_event(value.strip(_BLANKS).decode("utf-8", "replace"))
        elif name == b"error":
            self._read_error(value.strip(_BLANKS), events)
        elif colon and not name:
            self.comments += 1
        elif not line:
            self._dispatch(events)

    def _name_event(self, name: str) -> None:
        if name and self._data and self._first_event is None:
            self._first_event = self._event
        self._event = name

    def _read_bare(self, line: bytes, events: list[SSEEvent]) -> None:
        """A line of newline-delimited JSON is an event of its own (R-SSE-4)."""
        if self._data:
            self._dispatch(events)
        self._add(line, events)
        self._dispatch(events)

    def _read_error(self, value: bytes, events: list[SSEEvent]) -> None:
        """``error: {…}`` is how older llama.cpp servers tell one in their streams."""
        if value.startswith(b"{"):
            if self._data:
                self._dispatch(events)
            events.append(SSEEvent("error", value))

    def _add(self, value: bytes, events: list[SSEEvent]) -> None:
        """One data line. A whole JSON object cannot go on in a second line: the server forgot the blank one (R-SSE-5)."""
        if len(self._data) == 1 and _is_whole(self._data[0]):
            name = self._event if self._first_event is None else self._first_event
            events.append(SSEEvent(name, self._data.pop()))
            self._first_event = None
        self._size = self._size + len(value) + 1 if self._data else 0
        self._data.append(value)
        if self._size + len(self._data[0]) > MAX_EVENT_BYTES or len(self._data) > MAX_EVENT_LINES:
            raise unreadable(f"an event of more than {MAX_EVENT_BYTES // 2**20} MiB or {MAX_EVENT_LINES} lines")

    def _dispatch(self, events: list[SSEEvent]) -> None:
        data = self._data.copy()
        self._data.clear()  # the same list for ever: `_read` holds it
        name, self._event, self._first_event = self._event, "", None
        if len(data) == 1:
            events.append(SSEEvent(name, data[0]))
        elif data or name:
            events.extend(SSEEvent(name, each) for each in _joined(data))


def _joined(lines: list[bytes]) -> list[bytes]:
    """Several data lines are one value, unless only the single lines make sense (R-SSE-5, D35)."""
    joined = b"\n".join(lines)
    if not joined.strip() or _is_json(joined) or not all(map(_is_json, lines)):
        return [joined]
    return lines


def _is_whole(line: bytes) -> bool:
    return line.strip() in DONE or (line.rstrip().endswith(b"}") and line.lstrip().startswith(b"{") and _is_json(line))


def _is_json(data: bytes) -> bool:
    try:
        loads(data)
    except JSONError:
        return False
    return True


def _bounded(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The lines of a very big read, up to one that is too long."""
    for line in lines:
        _check_line(len(line))
        yield line


def _check_line(size: int) -> None:
    if size > MAX_LINE_BYTES:
        raise unreadable(f"a line of more than {MAX_LINE_BYTES // 2**20} MiB")
