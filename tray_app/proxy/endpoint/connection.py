"""One client connection: bytes to requests, one after another, each in a task of its own that a disconnect cancels.

aiohttp's parser reads and aiohttp's base protocol paces; its request handler is not used, nor its request and response
objects. In prototypes measured beside each other on uvloop a small request cost 206 µs with aiohttp's server and client,
143 µs with a server protocol like this one, 68 µs with a client of the same kind as well. Counterparts: `listener.py`,
which makes these and ends them, and `request.py`, which answers.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any, Final

from aiohttp import StreamReader
from aiohttp.base_protocol import BaseProtocol
from aiohttp.http import HttpProcessingError, HttpRequestParser, RawRequestMessage

from tray_app.proxy.endpoint.request import Request, throw_away
from tray_app.proxy.tasks import spawn
from tray_app.proxy.transports import read_in_pieces

HEADER_BYTES: Final = 1 << 16  # Claude Code's beta list alone nears 1 kB; agents add their own
KEEPALIVE_S: Final = 300.0
# How long a body that was refused is still read and thrown away, so that the client gets to see the 413.
LINGER_S: Final = 5.0
# Of a body, before the client has to wait for the handler: most bodies then arrive in a few turns of the loop.
BODY_BUFFER_BYTES: Final = 1 << 18
_PIPELINED_MAX: Final = 8  # requests sent ahead of their turn; beyond it the client waits

Handler = Callable[[Request], Awaitable[None]]

_log = logging.getLogger(__name__)


class BrokenBodyError(Exception):
    """The client's body is not what its head says."""


class Connection(BaseProtocol):
    """Reads requests and hands them to `handler`; `refusal` makes the answer to bytes that are no request.

    `changed` is told that the connection was made, and that it was lost.
    """

    def __init__(
        self,
        handler: Handler,
        refusal: Callable[[], bytes],
        changed: Callable[[Connection], None],
    ) -> None:
        loop = asyncio.get_running_loop()
        parser: Any = HttpRequestParser(
            self,
            loop,
            BODY_BUFFER_BYTES,
            max_line_size=HEADER_BYTES,
            max_field_size=HEADER_BYTES,
            payload_exception=BrokenBodyError,
            auto_decompress=False,  # `bodies.py` bounds what comes out, and answers what it cannot undo in our shape
            max_msg_queue_size=_PIPELINED_MAX,
        )
        super().__init__(loop, parser)
        self._reader = parser
        self._handler = handler
        self._refusal = refusal
        self._changed = changed
        self._waiting: deque[tuple[RawRequestMessage, StreamReader]] = deque()
        self._task: asyncio.Task[None] | None = None
        self._content: StreamReader | None = None  # of the newest request
        self._deaf = False  # nothing that comes now will be read
        self._unreadable = False  # it was no HTTP, and that is still to be said
        self._closing = False  # no request after the present one is wanted
        self._idle_since = loop.time()
        self._timer: asyncio.TimerHandle | None = None

    @property
    def lost(self) -> bool:
        """The client is gone, or was let go."""
        return self.transport is None

    # -- the transport's side

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        read_in_pieces(transport)
        self._watch_idleness()
        self._changed(self)

    def connection_lost(self, exc: BaseException | None) -> None:
        super().connection_lost(exc)
        self._closing = self._deaf = True
        self._waiting.clear()
        if self._timer is not None:
            self._timer.cancel()
        if self._task is not None:
            self._task.cancel()
        self._changed(self)

    def resume_reading(self, resume_parser: bool = True) -> None:
        """Only what was paused: aiohttp's reader asks after every read, and would be parsed once more for nothing."""
        if self._reading_paused:
            super().resume_reading(resume_parser)

    def data_received(self, data: bytes) -> None:
        """Bytes of the client; none when the parser may go on after a pause."""
        if self._deaf:
            return
        try:
            messages, upgraded, _ = self._reader.feed_data(data)
        except HttpProcessingError as error:
            self._stop_reading(error)
            messages, upgraded = (), False
        self._waiting += messages
        if upgraded:
            self._deaf = True  # no other protocol is spoken here: what follows cannot be read
        if len(self._waiting) >= _PIPELINED_MAX and not self._buffer_paused:
            self._pause_reading_for_buffer()  # the parser keeps the rest back too
        if self._task is None:
            self._next()

    def _stop_reading(self, error: HttpProcessingError) -> None:
        """What comes is not HTTP: the request whose body it should be fails, else it is answered in its turn."""
        _log.debug("unreadable request: %s", type(error).__name__)
        self._deaf = True
        if self._content is not None and not self._content.is_eof():
            self._content.set_exception(BrokenBodyError(error.message))
        else:
            self._unreadable = True

    # -- requests

    def _next(self) -> None:
        """Begin with the next request, if there is one."""
        if self._waiting:
            message, self._content = self._waiting.popleft()
            self._reader.message_consumed()
            self._task = spawn(self._answer(Request(message, self._content, self)), name="request")
        elif self._unreadable and self.transport is not None:
            self.transport.write(self._refusal())
            self.close()
        else:
            self._idle_since = self._loop.time()

    async def _answer(self, request: Request) -> None:
        goes_on = False
        try:
            await self._handler(request)
            goes_on = request.keep_alive and (request.content.is_eof() or await throw_away(request.content, LINGER_S))
        except (ConnectionError, BrokenBodyError) as error:
            _log.debug("a client went away: %s", type(error).__name__)
        finally:
            self._task = None
            if goes_on and not self._closing:
                self._go_on()
            else:
                self.close()

    def _go_on(self) -> None:
        if self._buffer_paused and not self._waiting:
            self._resume_reading_for_buffer()
            self.data_received(b"")  # what the parser kept back
        if self._task is None and (self._waiting or self._unreadable or not self._deaf):
            self._next()
        elif self._task is None:
            self.close()

    # -- the answer's side

    def write(self, data: bytes) -> bool:
        """Hand bytes to the transport; False if more is unread now than it should hold.

        Raises:
            ConnectionError: the client is gone.
        """
        transport = self.transport
        if transport is None or transport.is_closing():
            raise ConnectionResetError("the client is gone")
        transport.write(data)
        return not self._paused

    async def drained(self) -> None:
        """Wait while more is unread than the transport should hold.

        Raises:
            ConnectionError: the client is gone.
        """
        if self._paused:
            await self._drain_helper()

    def close(self) -> None:
        """Close once what was written has left. Idempotent."""
        self._closing = True
        if self.transport is not None:
            self.transport.close()

    def abort(self) -> None:
        """Close now."""
        self._closing = True
        if self.transport is not None:
            self.transport.abort()

    # -- idleness

    def retire(self) -> None:
        """Close now, or when the present request has been answered."""
        self._closing = True
        if self._task is None:
            self.close()

    def give_up(self) -> None:
        """Close now, whatever is being answered."""
        if self._task is not None:
            self._task.cancel()
        self.abort()

    def _watch_idleness(self) -> None:
        """One timer per connection, not one per request: it looks whether the connection has been idle for long."""
        left = self._idle_since + KEEPALIVE_S - self._loop.time()
        if self._task is not None:
            left = KEEPALIVE_S
        if left <= 0:
            self.close()
        else:
            self._timer = self._loop.call_later(left, self._watch_idleness)
