"""A scripted OpenAI-compatible upstream on a real loopback socket, raw enough to stall, cut, reset and lie.

Each request is handed to a script, a coroutine that gets a `Peer`: it reads what was asked and sends bytes when it likes.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final, Self

from helpers.answers import DONE, finish, say, usage
from tray_app.translation import codec

SSE: Final = {"Content-Type": "text/event-stream"}
JSON: Final = {"Content-Type": "application/json"}
HELLO: Final = (say("Hel"), say("lo"), finish(), usage(), DONE)


@dataclass(frozen=True, slots=True)
class Received:
    """One request as it arrived; header names in lower case. `connection` numbers the TCP connections from 1."""

    method: str
    target: str
    headers: Mapping[str, str]
    raw: bytes
    connection: int

    @property
    def body(self) -> Any:
        return codec.loads(self.raw)


class Peer:
    """The upstream's end of one request.

    Attributes:
        gone: set when the proxy has closed the connection.
    """

    def __init__(self, request: Received, writer: asyncio.StreamWriter, gone: asyncio.Event) -> None:
        self.request = request
        self.gone = gone
        self._writer = writer
        self._chunked = False

    async def head(self, status: int = 200, headers: Mapping[str, str] | None = None, *, chunked: bool = True) -> None:
        """The status line and headers."""
        self._chunked = chunked
        lines = [f"HTTP/1.1 {status} Whatever", *(f"{name}: {value}" for name, value in (headers or SSE).items())]
        if chunked:
            lines.append("Transfer-Encoding: chunked")
        await self.raw("\r\n".join([*lines, "", ""]).encode())

    async def send(self, *pieces: str | bytes) -> None:
        """Body bytes, each piece in a write of its own."""
        for piece in pieces:
            data = piece.encode() if isinstance(piece, str) else piece
            await self.raw(b"%x\r\n%b\r\n" % (len(data), data) if self._chunked else data)

    async def end(self) -> None:
        """The end of a chunked body."""
        if self._chunked:
            await self.raw(b"0\r\n\r\n")

    async def idle(self, seconds: float) -> None:
        """Be silent for a while, or until the proxy is gone: a slow upstream is what some tests are about."""
        try:
            async with asyncio.timeout(seconds):
                await self.gone.wait()
        except TimeoutError:
            return

    async def raw(self, data: bytes) -> None:
        """Bytes on the wire."""
        self._writer.write(data)
        await self._writer.drain()

    def cut(self) -> None:
        """Close the connection where it is."""
        self._writer.close()

    def reset(self) -> None:
        """Close it with a TCP reset."""
        sock = self._writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()


Script = Callable[[Peer], Awaitable[None]]


def streams(*pieces: str | bytes, headers: Mapping[str, str] | None = None) -> Script:
    """A script: 200 and these pieces as an event stream."""

    async def script(peer: Peer) -> None:
        await peer.head(200, {**SSE, **(headers or {})})
        await peer.send(*pieces)
        await peer.end()

    return script


def answers(status: int, body: Any = b"", headers: Mapping[str, str] | None = None) -> Script:
    """A script: a whole answer; anything but bytes is sent as JSON."""
    data = body if isinstance(body, bytes) else codec.dumps(body)

    async def script(peer: Peer) -> None:
        await peer.head(status, {**JSON, "Content-Length": str(len(data)), **(headers or {})}, chunked=False)
        await peer.send(data)

    return script


def in_turn(*scripts: Script) -> Script:
    """A script: the n-th request gets the n-th one, later requests the last."""
    left = list(scripts)

    async def script(peer: Peer) -> None:
        await (left.pop(0) if len(left) > 1 else left[0])(peer)

    return script


class _Connection(asyncio.StreamReaderProtocol):
    """Notices the other side's end even while nobody reads."""

    def __init__(self, reader: asyncio.StreamReader, on_connect: Any, gone: asyncio.Event) -> None:
        super().__init__(reader, on_connect)
        self._gone = gone

    def eof_received(self) -> bool:
        self._gone.set()
        super().eof_received()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self._gone.set()
        super().connection_lost(exc)


class FakeUpstream:
    """The server. Use with ``async with``.

    Attributes:
        script: what answers the next requests; may be replaced at any time.
        received: every request so far.
        connections: TCP connections so far.
    """

    def __init__(self, script: Script | None = None) -> None:
        self.script = script or streams(*HELLO)
        self.received: list[Received] = []
        self.connections = 0
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.get_running_loop().create_server(self._connection, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def port(self) -> int:
        assert self._server is not None
        return int(self._server.sockets[0].getsockname()[1])

    @property
    def url(self) -> str:
        """The base URL to give to a profile."""
        return f"http://127.0.0.1:{self.port}/v1"

    def _connection(self) -> asyncio.BaseProtocol:
        gone = asyncio.Event()
        self.connections += 1
        number = self.connections

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            try:
                await self._serve(reader, writer, gone, number)
            except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                pass  # the proxy closed the connection, or the test is over
            finally:
                writer.close()

        return _Connection(asyncio.StreamReader(limit=1 << 20), serve, gone)

    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, gone: asyncio.Event, number: int
    ) -> None:
        while not writer.is_closing():
            request = await _read_request(reader, number)
            self.received.append(request)
            await self.script(Peer(request, writer, gone))


async def _read_request(reader: asyncio.StreamReader, number: int) -> Received:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, target, _ = head[0].split(" ")
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:-2])}
    if headers.get("transfer-encoding") == "chunked":
        body = b"".join([piece async for piece in _chunks(reader)])
    else:
        body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Received(method, target, headers, body, number)


async def _chunks(reader: asyncio.StreamReader) -> Any:
    while size := int(await reader.readline(), 16):
        yield await reader.readexactly(size)
        await reader.readline()
    await reader.readline()


def split(data: bytes, size: int = 1) -> Iterable[bytes]:
    """The bytes in pieces of `size`."""
    return (data[start : start + size] for start in range(0, len(data), size))
