"""Reads an upstream's answer: body bytes to the answer's translation, and what it makes of them to the client.

One write per read: whatever arrived together leaves together. No timer and no task per chunk; the watchdog is stamped and
does the rest. Its counterparts are `exchange.py`, which decides what an interruption means, and `translation/answer/answers.py`.
"""

from __future__ import annotations

import asyncio
import logging
import zlib
from collections.abc import Callable, Iterator
from typing import Final

import aiohttp
from aiohttp.http_exceptions import ContentEncodingError

from tray_app.proxy.endpoint.inflate import GZIP_MAGIC, Inflater
from tray_app.proxy.exchange.flow import Flow
from tray_app.proxy.exchange.journal import Journal
from tray_app.proxy.exchange.outgoing import BodyAnswer, StreamAnswer
from tray_app.proxy.exchange.outlet import Outlet
from tray_app.proxy.exchange.sender import Delivered
from tray_app.proxy.exchange.watchdog import Phase, Watchdog
from tray_app.proxy.upstream.wire import Response
from tray_app.translation import failures
from tray_app.translation.errors import ApiError

# Upstreams end the body some milliseconds after [DONE]; a connection that is read to its end is used again (D37).
LINGER_S: Final = 0.1  # the client waits this long for the end of its own body
DRAIN_S: Final = 1.0  # in the background
DRAIN_BYTES: Final = 1 << 16

_log = logging.getLogger(__name__)


class UpstreamBody:
    """The bytes of a response, decoded. Gateways that gzip without saying so are noticed by the first bytes (R-SSE-1)."""

    def __init__(self, response: Response) -> None:
        self.response = response
        self._content = response.content
        self._inflater: Inflater | None = None
        self._pieces: Iterator[bytes] = iter(())
        self._fresh = True

    @property
    def plain(self) -> bool:
        """Its bytes need no unpacking here."""
        return self._inflater is None and not self._fresh

    async def read(self) -> bytes:
        """What has arrived, waiting for it if nothing has; ``b""`` at the end, also at a premature one.

        Raises:
            ApiError: the bytes are not what their encoding says.
        """
        if self._inflater is not None:
            return await self._inflated(self._inflater)
        data = await self._arrived()
        if self._fresh:
            self._fresh = False
            if data.startswith(GZIP_MAGIC):
                self._inflater = Inflater("gzip")
                self._pieces = self._inflater.pieces(data)
                return await self._inflated(self._inflater)
        return data

    async def _arrived(self) -> bytes:
        try:
            return await self._content.readany()
        except aiohttp.ClientPayloadError as error:
            if isinstance(error.__cause__, ContentEncodingError):
                raise failures.unreadable("its content encoding is broken or unknown") from None
            return b""  # cut: the answer knows by itself whether it is complete (22.7)
        except (aiohttp.ClientError, OSError):
            return b""

    async def _inflated(self, inflater: Inflater) -> bytes:
        try:
            while (piece := next(self._pieces, None)) is None:
                data = await self._arrived()
                if not data:
                    return b""
                self._pieces = inflater.pieces(data)
        except zlib.error:
            raise failures.unreadable("its gzip data is broken") from None
        return piece


async def pump(
    body: UpstreamBody,
    answer: StreamAnswer,
    outlet: Outlet,
    watchdog: Watchdog,
    journal: Journal,
    clock: Callable[[], float],
) -> None:
    """Write the answer as it comes, until it is over. What went wrong is in `answer.failure`.

    Raises:
        ConnectionError: the client is gone.
    """

    def progressed(shown: bool) -> None:
        watchdog.received = clock()
        if shown:
            watchdog.heard = watchdog.written = watchdog.received
            if watchdog.received >= journal.due:
                journal.progressed(answer.output_bytes, watchdog.received)

    finishing = False
    while not answer.done:
        data = await _read(body, answer)
        out = answer.feed(data) if data else answer.close()
        if out:
            watchdog.committed = True
            await outlet.write(out)
        # Stamped after the write: a client that was slow to take it is not the upstream's silence.
        progressed(bool(out))
        if answer.awaiting_usage and not finishing:
            finishing = True
            watchdog.enter(Phase.FINISHING)
        if body.plain and outlet.opened and not finishing:
            await Flow(body.response, answer, outlet, progressed).run()
            await outlet.write(b"")  # whatever did not fit


async def collect(
    body: UpstreamBody, answer: BodyAnswer, watchdog: Watchdog, journal: Journal, clock: Callable[[], float]
) -> None:
    """Read the answer whole. What went wrong is in `answer.failure`."""
    finishing = False
    known = 0
    while not answer.done:
        data = await _read(body, answer)
        if data:
            answer.feed(data)
        else:
            answer.close()
        watchdog.received = clock()
        if answer.output_bytes != known:
            known = answer.output_bytes
            watchdog.heard = watchdog.received
            journal.progressed(known, watchdog.received)
        if answer.awaiting_usage and not finishing:
            finishing = True
            watchdog.enter(Phase.FINISHING)


async def _read(body: UpstreamBody, answer: StreamAnswer | BodyAnswer) -> bytes:
    try:
        return await body.read()
    except ApiError as error:
        answer.fail(error)
        raise


async def linger(delivered: Delivered, seconds: float) -> bool:
    """Read what is left of a finished body, for a while; True if it has ended and its connection can be used again."""
    content = delivered.response.content
    if content.at_eof():
        return True
    left = DRAIN_BYTES
    try:
        async with asyncio.timeout(seconds):
            while left > 0 and not content.at_eof():
                left -= len(await content.readany())
    except (TimeoutError, aiohttp.ClientError, OSError) as error:
        _log.debug("the rest of an answer was not read: %s", type(error).__name__)
    return content.at_eof()


async def drain(delivered: Delivered) -> None:
    """`linger` in the background, then let go."""
    try:
        await linger(delivered, DRAIN_S)
    finally:
        let_go(delivered)


def let_go(delivered: Delivered) -> None:
    """Give the connection back, or close it if its body was not read to the end: the upstream stops generating (P-106)."""
    delivered.response.close()
    delivered.connections.release()
