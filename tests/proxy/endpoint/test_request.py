"""A request's view of its own head, and the shape of its answers."""

from __future__ import annotations

import asyncio

from tray_app.proxy.endpoint.connection import Connection
from tray_app.proxy.endpoint.request import Reply, Request, last_words


async def answered(data: bytes, handler: object) -> bytes:
    """Everything a connection with this handler says to these bytes."""
    server = await asyncio.get_running_loop().create_server(
        lambda: Connection(handler, lambda: b"", lambda _: None),  # type: ignore[arg-type]
        "127.0.0.1",
        0,
    )
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    writer.write(data)
    answer = await reader.read()
    writer.close()
    server.close()
    return answer


async def test_the_head_is_read_as_it_was_sent() -> None:
    """Paths and queries stay encoded; parameters are decoded when asked for."""
    seen: list[object] = []

    async def note(request: Request) -> None:
        seen.extend((request.method, request.path, request.query_string, dict(request.query), request.content_length))
        await request.send(Reply())

    await answered(b"GET /a%2Fb?x=%26&y=1 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", note)
    assert seen == ["GET", "/a%2Fb", "x=%26&y=1", {"x": "&", "y": "1"}, 0]


async def test_an_answer_has_a_length_and_a_date() -> None:
    """And a HEAD gets the same head without the body."""

    async def answer(request: Request) -> None:
        await request.send(Reply(status=529, headers={"A": "b"}, body=b"body"))

    rest = b" / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
    head, _, body = (await answered(b"GET" + rest, answer)).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 529 \r\nA: b\r\nContent-Length: 4\r\nConnection: close\r\nDate: ")
    assert head.endswith(b" GMT")
    assert body == b"body"
    assert (await answered(b"HEAD" + rest, answer)).endswith(b"\r\n\r\n")


async def test_a_stream_without_a_word_still_has_a_head_and_an_end() -> None:
    """Its head waits for the first bytes, or for the end."""

    async def stream(request: Request) -> None:
        request.begin(200, {"A": "b"})
        request.end()

    answer = await answered(b"GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", stream)
    assert answer.startswith(b"HTTP/1.1 200 OK\r\nA: b\r\nTransfer-Encoding: chunked\r\n")
    assert answer.endswith(b"\r\n\r\n0\r\n\r\n")


def test_last_words_close_the_connection() -> None:
    """For whoever sent something that is no request."""
    words = last_words(Reply(status=400, headers={"A": "b"}, body=b"no"))
    assert words.startswith(b"HTTP/1.1 400 Bad Request\r\nA: b\r\nContent-Length: 2\r\nConnection: close\r\n")
    assert words.endswith(b"\r\n\r\nno")
