"""One HTTP request of a client, and its answer's way back: whole, or as a stream that is written piece by piece.

Knows HTTP and nothing of Messages. Made by `connection.py` when the head of the request is here; what answers is
`server.py` and everything below it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Mapping
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

import msgspec
from aiohttp import HttpVersion10, HttpVersion11
from yarl import URL

from tray_app.proxy.http_head import head_bytes

if TYPE_CHECKING:
    from aiohttp import StreamReader
    from aiohttp.http import RawRequestMessage
    from multidict import CIMultiDictProxy

    from tray_app.proxy.endpoint.connection import Connection

JSON_TYPE: Final = "application/json"
SERVER_NAME: Final = "dragoman"
_PHRASES: Final = {status.value: status.phrase for status in HTTPStatus}
_CLOSE: Final = ("Connection", "close")
_LAST_CHUNK: Final = b"0\r\n\r\n"


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that is whole."""

    status: int = 200
    headers: Mapping[str, str] = msgspec.field(default_factory=dict)
    body: bytes = b""


class Request:
    """A request whose body may still be arriving, and what was answered to it so far.

    Attributes:
        content: the body as it comes, in its content coding.
        answered: the head of the answer is out.
        keep_alive: the connection may serve another request after this one.
    """

    def __init__(self, message: RawRequestMessage, content: StreamReader, connection: Connection) -> None:
        self.method: str = message.method
        self.headers: CIMultiDictProxy[str] = message.headers
        self.content = content
        self.answered = False
        self.keep_alive: bool = not message.should_close
        self._url: URL = message.url
        self._version = message.version
        self._connection = connection
        self._chunked = False
        self._head = b""  # of a stream, until its first bytes: they leave together

    # -- the request

    @property
    def path(self) -> str:
        """Still percent-encoded."""
        return self._url.raw_path

    @property
    def target(self) -> str:
        """Path and query, still percent-encoded."""
        return self._url.raw_path_qs

    @property
    def query_string(self) -> str:
        """Still percent-encoded."""
        return self._url.raw_query_string

    @property
    def query(self) -> Mapping[str, str]:
        """The decoded parameters."""
        return self._url.query

    @property
    def content_length(self) -> int:
        """As announced; 0 if it was not."""
        return int(self.headers.get("Content-Length", 0))

    def invite(self) -> None:
        """Tell a client that asks first to send its body (R-LIS-7): whoever is refused before that has sent none."""
        if self._version >= HttpVersion11 and self.headers.get("Expect", "").lower() == "100-continue":
            self._connection.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    # -- the answer

    async def send(self, reply: Reply) -> None:
        """Send a whole answer.

        Raises:
            ConnectionError: the client is gone.
        """
        head = self._begin(reply.status, _with_length(reply))
        self._connection.write(head if self.method == "HEAD" else head + reply.body)
        await self._connection.drained()

    def begin(self, status: int, headers: Mapping[str, str]) -> None:
        """Begin a stream; its head leaves with the first bytes."""
        self._chunked = self._version >= HttpVersion11
        framing = [("Transfer-Encoding", "chunked")] if self._chunked else []
        self.keep_alive = self.keep_alive and self._chunked
        self._head = self._begin(status, [*headers.items(), *framing])

    def push(self, data: bytes) -> bool:
        """Send the next bytes of a stream, never none. False: wait for `drained` before the next ones.

        Raises:
            ConnectionError: the client is gone.
        """
        framed = b"%x\r\n%b\r\n" % (len(data), data) if self._chunked else data
        if self._head:
            framed, self._head = self._head + framed, b""
        return self._connection.write(framed)

    async def drained(self) -> None:
        """Wait until the client has read enough.

        Raises:
            ConnectionError: the client is gone.
        """
        await self._connection.drained()

    def end(self) -> None:
        """The end of a stream.

        Raises:
            ConnectionError: the client is gone.
        """
        self._connection.write(self._head + (_LAST_CHUNK if self._chunked else b""))

    def cut(self) -> None:
        """Drop the connection of a client that reads nothing more."""
        self._connection.abort()

    def _begin(self, status: int, headers: Iterable[tuple[str, str]]) -> bytes:
        self.answered = True
        return _head(status, [*headers, *self._persistence()])

    def _persistence(self) -> list[tuple[str, str]]:
        """What must be said of the connection, where it is not what the version means by itself."""
        if not self.keep_alive:
            return [_CLOSE]
        return [("Connection", "keep-alive")] if self._version == HttpVersion10 else []


def last_words(reply: Reply) -> bytes:
    """A whole answer after which the connection closes, to whoever did not send a request."""
    return _head(reply.status, [*_with_length(reply), _CLOSE]) + reply.body


def _with_length(reply: Reply) -> list[tuple[str, str]]:
    headers = [*reply.headers.items()]
    if "Content-Length" not in reply.headers:
        headers.append(("Content-Length", str(len(reply.body))))
    return headers


def _head(status: int, headers: Iterable[tuple[str, str]]) -> bytes:
    return head_bytes(f"HTTP/1.1 {status} {_PHRASES.get(status, '')}", [*headers, ("Date", _date(int(time.time())))])


@lru_cache(maxsize=1)
def _date(second: int) -> str:
    return formatdate(second, usegmt=True)


async def throw_away(content: Any, seconds: float) -> bool:
    """Read the rest of a body nobody wants, so that the client gets to see its answer; True if it ended in time."""
    try:
        async with asyncio.timeout(seconds):
            while not content.is_eof():
                await content.readany()
    except TimeoutError:
        return False
    return True
