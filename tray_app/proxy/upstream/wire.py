"""One POST over a pooled connection: its head and body in one write, the answer's head back, the answer's body as it comes.

aiohttp finds, makes, keeps and closes the connections (names, TLS, proxies), and its parser reads what comes. What its
ClientSession puts on top (redirects, cookies, traces, a request and a response object, timers) is left out: a proxy needs
none of it, and it was half of what a small request cost (see `endpoint/connection.py`). Counterparts: `pool.py`, which owns
the connector, and `sender.py`, which sends.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

import aiohttp
from aiohttp.client_proto import ResponseHandler
from aiohttp.http import HttpProcessingError
from multidict import CIMultiDictProxy
from yarl import URL

from tray_app.proxy.http_head import head_bytes
from tray_app.proxy.transports import READ_BYTES, read_in_pieces

HEADER_BYTES: Final = 1 << 16  # some gateways send huge headers
# A head and a small body go out together: one write, one packet.
_JOINED_BYTES: Final = 1 << 16
_LAST_INTERIM: Final = 199
PROXY_KEY: Final = "Proxy-Authorization"  # aiohttp notes it on the request it connects for


class _Protocol(ResponseHandler):
    """aiohttp's own, which also counts its requests and can tell a listener at once that something came."""

    requests = 0
    listener: Callable[[], None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        read_in_pieces(transport)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.listener is not None:
            self.listener()

    def resume_reading(self, resume_parser: bool = True) -> None:
        """Only what was paused: aiohttp's reader asks after every read, and would be parsed once more for nothing."""
        if self._reading_paused:
            super().resume_reading(resume_parser)

    def connection_lost(self, exc: BaseException | None) -> None:
        super().connection_lost(exc)
        if self.listener is not None:
            self.listener()


def use_protocol(connector: aiohttp.BaseConnector) -> None:
    """Let a connector make connections that `connect` can take; the one place that knows how aiohttp makes them."""
    factory = partial(_Protocol, loop=asyncio.get_running_loop())
    connector._factory = factory  # type: ignore[assignment]  # noqa: SLF001 - it has no other place for this


class Response:
    """An answer's status and headers, and its body in `content`. `close` must be called, whatever happened."""

    __slots__ = ("_connection", "content", "headers", "status")

    def __init__(
        self,
        status: int,
        headers: CIMultiDictProxy[str],
        content: aiohttp.StreamReader,
        connection: aiohttp.connector.Connection,
    ) -> None:
        self.status = status
        self.headers = headers
        self.content = content
        self._connection = connection

    def listen(self, listener: Callable[[], None] | None) -> None:
        """Have `listener` called for everything that comes, the end and a breakdown included; it must not raise."""
        protocol = self._connection.protocol
        if protocol is not None:
            assert isinstance(protocol, _Protocol)
            protocol.listener = listener

    def close(self) -> None:
        """Give the connection back, or close it if the body was not read to its end. Idempotent."""
        self.listen(None)
        self._connection.release()


class Wire:
    """A connection taken for one request.

    Attributes:
        reused: it comes from the pool, where it may have died unnoticed.
    """

    def __init__(self, connection: aiohttp.connector.Connection, target: aiohttp.ClientRequest) -> None:
        protocol = connection.protocol
        assert isinstance(protocol, _Protocol)
        self.reused = protocol.requests > 0
        protocol.requests += 1
        self._connection = connection
        self._protocol = protocol
        self._target = target

    async def post(self, url: URL, headers: Mapping[str, str], payload: bytes) -> Response:
        """Send a request; returns when the head of its answer is here.

        Raises:
            aiohttp.ClientError, OSError: there is no answer, or none that can be read.
            ValueError: a header cannot be sent.
        """
        try:
            self._protocol.set_response_params(
                read_until_eof=True,
                read_bufsize=READ_BYTES,
                max_line_size=HEADER_BYTES,
                max_field_size=HEADER_BYTES,
            )
            self._send(self._head(url, headers, len(payload)), payload)
            return await self._answer()
        except BaseException:
            self._connection.close()
            raise

    def _head(self, url: URL, headers: Mapping[str, str], length: int) -> bytes:
        lines = [*headers.items()]
        path = url.raw_path_qs
        if self._target.proxy is not None and url.scheme == "http":
            path = str(url)  # a plain proxy is told the whole address; TLS goes through a tunnel
            lines += [(PROXY_KEY, key) for key in self._target.headers.getall(PROXY_KEY, ())]
        return head_bytes(
            f"POST {path} HTTP/1.1",
            [("Host", url.host_port_subcomponent or ""), *lines, ("Content-Length", str(length))],
        )

    def _send(self, head: bytes, payload: bytes) -> None:
        transport = self._protocol.transport
        if transport is None:
            raise aiohttp.ServerDisconnectedError
        if len(payload) <= _JOINED_BYTES:
            transport.write(head + payload)
        else:
            transport.write(head)
            transport.write(payload)

    async def _answer(self) -> Response:
        while True:
            try:
                message, content = await self._protocol.read()
            except HttpProcessingError as error:
                raise aiohttp.ClientError(error.message) from error
            if message.code > _LAST_INTERIM:
                return Response(message.code, message.headers, content, self._connection)
