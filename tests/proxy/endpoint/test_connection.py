"""A client's connection, byte by byte: one request after another, whatever the client does with it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from helpers.answers import say
from helpers.fake_upstream import FakeUpstream, Peer
from helpers.proxy_stack import REQUEST, TOKEN, Proxy, profile, running
from tray_app.proxy.endpoint import connection
from tray_app.proxy.events import RequestFailed
from tray_app.translation import codec

HEALTH = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
BODY = codec.dumps({**REQUEST, "stream": False})


def post(body: bytes, *headers: str) -> bytes:
    """A Messages request as bytes; its framing is among `headers`."""
    own = (f"Host: localhost\r\nx-api-key: {TOKEN}\r\nContent-Type: application/json\r\n").encode()
    return b"POST /v1/messages HTTP/1.1\r\n" + own + "".join(f"{h}\r\n" for h in headers).encode() + b"\r\n" + body


@asynccontextmanager
async def connected(proxy: Proxy) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A socket to the proxy."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(proxy.url.rpartition(":")[2]))
    try:
        yield reader, writer
    finally:
        writer.close()


async def answer(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """The next answer that has a length: head and body."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
    return head, await reader.readexactly(int(length.partition(b":")[2]))


async def test_requests_sent_ahead_are_answered_in_their_order() -> None:
    """Many more than are read at once, on one connection that stays open."""
    count = 40
    async with running() as proxy, connected(proxy) as (reader, writer):
        writer.write(b"".join(b"GET /v1/models/m%d HTTP/1.1\r\nHost: localhost\r\n\r\n" % n for n in range(count)))
        writer.write(HEALTH)
        for _ in range(count):
            assert (await answer(reader))[0].startswith(b"HTTP/1.1 401 ")
        assert (await answer(reader))[0].startswith(b"HTTP/1.1 200 OK\r\n")


@pytest.mark.parametrize("size", [1, 7, 1000])
async def test_a_request_may_come_in_any_pieces(size: int) -> None:
    """Head and body cut anywhere."""
    data = post(BODY, f"Content-Length: {len(BODY)}")
    async with (
        FakeUpstream() as upstream,
        running(profile(upstream.url)) as proxy,
        connected(proxy) as (reader, writer),
    ):
        for start in range(0, len(data), size):
            writer.write(data[start : start + size])
            await writer.drain()
        head, body = await answer(reader)
    assert head.startswith(b"HTTP/1.1 200 ")
    assert codec.loads(body)["type"] == "message"


@pytest.mark.parametrize(
    ("head", "kept"),
    [
        (b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", False),
        (b"GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n", False),
        (b"GET /healthz HTTP/1.0\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n", True),
        (HEALTH, True),
    ],
)
async def test_the_connection_is_kept_if_the_client_wants_it(head: bytes, kept: bool) -> None:
    """By its version and its Connection header; what is not obvious is said."""
    async with running() as proxy, connected(proxy) as (reader, writer):
        writer.write(head)
        got, _ = await answer(reader)
        assert (b"Connection: close" in got) is not kept
        assert (b"Connection: keep-alive" in got) is (kept and b"1.0" in head)
        if kept:
            writer.write(HEALTH)
            await answer(reader)
        else:
            assert await reader.read() == b""


async def test_a_stream_for_an_old_client_ends_with_its_connection() -> None:
    """HTTP/1.0 knows no chunks."""
    body = codec.dumps(REQUEST)
    data = post(body, f"Content-Length: {len(body)}").replace(b"HTTP/1.1", b"HTTP/1.0", 1)
    async with (
        FakeUpstream() as upstream,
        running(profile(upstream.url)) as proxy,
        connected(proxy) as (reader, writer),
    ):
        writer.write(data)
        head, _, stream = (await reader.read()).partition(b"\r\n\r\n")
    assert b"chunked" not in head
    assert stream.startswith(b"event: message_start\n")
    assert stream.endswith(b'{"type":"message_stop"}\n\n')


@pytest.mark.parametrize(
    "length", ["Content-Length: 5\r\nContent-Length: 6", "Content-Length: x", "Content-Length: -1"]
)
async def test_a_framing_that_is_none_is_refused_and_the_connection_closed(length: str) -> None:
    """Two proxies that read one request differently are how requests are smuggled."""
    async with running() as proxy, connected(proxy) as (reader, writer):
        writer.write(post(BODY, length))
        head, body = await answer(reader)
        assert head.startswith(b"HTTP/1.1 400 ")
        assert codec.loads(body)["error"]["type"] == "invalid_request_error"
        assert await reader.read() == b""


async def test_a_chunked_body_that_breaks_is_a_bad_request_and_does_not_hang() -> None:
    """The handler is waiting for the rest of it."""
    async with running() as proxy, connected(proxy) as (reader, writer):
        writer.write(post(b"", "Transfer-Encoding: chunked", "Expect: 100-continue"))
        assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        writer.write(b'4\r\n{"mo\r\nthis is no chunk\r\n')
        head, body = await answer(reader)
        assert head.startswith(b"HTTP/1.1 400 ")
        assert "body is broken" in codec.loads(body)["error"]["message"]
        assert await reader.read() == b""


async def test_garbage_after_a_good_request_is_answered_in_its_turn() -> None:
    """First the answer, then the refusal, then the end."""
    async with running() as proxy, connected(proxy) as (reader, writer):
        writer.write(HEALTH)
        assert (await answer(reader))[0].startswith(b"HTTP/1.1 200 ")
        writer.write(b"\x16\x03\x01 this is TLS\r\n\r\n")
        assert (await answer(reader))[0].startswith(b"HTTP/1.1 400 ")
        assert await reader.read() == b""


async def test_another_protocol_is_not_spoken() -> None:
    """The request is answered as the plain one it also is; nothing after it is read."""
    upgrade = HEALTH.replace(b"\r\n\r\n", b"\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
    async with running() as proxy, connected(proxy) as (reader, writer):
        writer.write(upgrade + b"\x81\x05hello")
        assert (await answer(reader))[0].startswith(b"HTTP/1.1 200 ")
        assert await reader.read() == b""


async def test_a_refused_body_is_thrown_away_and_the_connection_goes_on() -> None:
    """The client gets to see why, and needs no new connection."""
    body = b"x" * 500_000
    async with running() as proxy, connected(proxy) as (reader, writer):
        writer.write(post(body, f"Content-Length: {len(body)}").replace(TOKEN.encode(), b"wrong"))
        assert (await answer(reader))[0].startswith(b"HTTP/1.1 401 ")
        writer.write(HEALTH)
        assert (await answer(reader))[0].startswith(b"HTTP/1.1 200 ")


async def test_a_body_that_never_comes_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a while the connection closes."""
    monkeypatch.setattr(connection, "LINGER_S", 0.05)
    async with running() as proxy, connected(proxy) as (reader, writer):
        writer.write(post(b"x", "Content-Length: 5000").replace(TOKEN.encode(), b"wrong"))
        assert (await answer(reader))[0].startswith(b"HTTP/1.1 401 ")
        assert await reader.read() == b""


async def test_an_idle_connection_is_closed_and_a_busy_one_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """Idleness counts from the last answer."""
    monkeypatch.setattr(connection, "KEEPALIVE_S", 0.1)
    go_on = asyncio.Event()

    async def script(peer: Peer) -> None:
        await peer.head()
        await go_on.wait()
        await peer.send(say("late"), "data: [DONE]\n\n")
        await peer.end()

    body = codec.dumps(REQUEST)
    async with FakeUpstream(script) as upstream, running(profile(upstream.url)) as proxy:
        async with connected(proxy) as (busy, writer), connected(proxy) as (idle, _):
            writer.write(post(body, f"Content-Length: {len(body)}"))
            assert await idle.read() == b""
            go_on.set()
            assert b"late" in await busy.readuntil(b"late")
            await busy.read()


async def test_r_liv_3_a_client_that_hangs_up_ends_its_request() -> None:
    """Before anything was answered."""
    asked, gone = asyncio.Event(), asyncio.Event()

    async def script(peer: Peer) -> None:
        asked.set()
        await peer.gone.wait()
        gone.set()

    async with FakeUpstream(script) as upstream, running(profile(upstream.url)) as proxy:
        async with connected(proxy) as (_, writer):
            writer.write(post(BODY, f"Content-Length: {len(BODY)}"))
            await asked.wait()
        await gone.wait()
        assert (await proxy.event(RequestFailed)).cancelled


async def test_stopping_closes_idle_connections_at_once() -> None:
    """Nobody's keep-alive holds the program."""
    async with running() as proxy, connected(proxy) as (reader, writer):
        writer.write(HEALTH)
        await answer(reader)
        await proxy.server.stop(drain_s=60.0)
        assert await reader.read() == b""


async def test_a_bug_in_a_handler_closes_the_connection(expect_log: Callable[[str], None]) -> None:
    """It is logged, and the client does not wait for ever."""
    expect_log("task request failed")

    async def fail(_request: object) -> None:
        raise LookupError("a bug")

    server = await asyncio.get_running_loop().create_server(
        lambda: connection.Connection(fail, lambda: b"", lambda _: None), "127.0.0.1", 0
    )
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    writer.write(HEALTH)
    assert await reader.read() == b""
    writer.close()
    server.close()
