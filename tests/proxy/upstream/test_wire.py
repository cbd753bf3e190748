"""The upstream's side of one request: what is written, what an interim answer means, and what a broken head is."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest
from yarl import URL

from helpers.fake_upstream import FakeUpstream, Peer, answers
from tray_app.proxy.upstream.pool import Pool


async def status_and_body(pool: Pool, url: URL, headers: dict[str, str], payload: bytes) -> tuple[int, bytes, bool]:
    """What one POST brings, and whether its connection came from the pool."""
    connections = pool.hold()
    try:
        wire = await connections.connect()
        response = await wire.post(url, headers, payload)
        try:
            return response.status, await response.content.read(), wire.reused
        finally:
            response.close()
    finally:
        connections.release()


@pytest.mark.parametrize("size", [3, 1 << 20])
async def test_a_request_arrives_as_it_was_sent(size: int) -> None:
    """Head and body, small in one write, large in two; the second request reuses the connection."""
    async with FakeUpstream(answers(200, {"ok": True})) as upstream:
        pool = Pool(URL(upstream.url), "direct", 5.0)
        url = URL(f"{upstream.url}/chat?x=%26")
        host = f"127.0.0.1:{upstream.port}"
        for reused in (False, True):
            status, body, came_from_pool = await status_and_body(pool, url, {"X-One": "é"}, b'"%s"' % (b"a" * size))
            assert (status, body, came_from_pool) == (200, b'{"ok":true}', reused)
        await pool.close()
    received = upstream.received[1]
    assert received.target.endswith("/chat?x=%26")
    assert received.headers["host"] == host
    assert received.headers["content-length"] == str(size + 2)
    assert received.body == "a" * size


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "a\n", "a\rb", "a\0b"])
async def test_a_value_with_a_line_end_is_never_sent(value: str) -> None:
    """No header can smuggle another one."""
    async with FakeUpstream() as upstream:
        pool = Pool(URL(upstream.url), "direct", 5.0)
        with pytest.raises(ValueError, match="line end"):
            await status_and_body(pool, URL(upstream.url), {"X-One": value}, b"{}")
        await pool.close()
        assert not upstream.received


async def test_an_interim_answer_is_not_the_answer() -> None:
    """103 and its kind come before the real head."""

    async def script(peer: Peer) -> None:
        await peer.raw(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n")
        await answers(200, {"ok": True})(peer)

    async with FakeUpstream(script) as upstream:
        pool = Pool(URL(upstream.url), "direct", 5.0)
        assert (await status_and_body(pool, URL(upstream.url), {}, b"{}"))[:2] == (200, b'{"ok":true}')
        await pool.close()


async def test_a_head_that_is_not_http_is_an_error() -> None:
    """Said as aiohttp says it."""

    async def script(peer: Peer) -> None:
        await peer.raw(b"SSH-2.0-OpenSSH\r\n\r\n")

    async with FakeUpstream(script) as upstream:
        pool = Pool(URL(upstream.url), "direct", 5.0)
        with pytest.raises(aiohttp.ClientError):
            await status_and_body(pool, URL(upstream.url), {}, b"{}")
        await pool.close()


async def test_a_listener_hears_of_what_comes_and_of_the_end() -> None:
    """Until the response is closed."""
    go_on = asyncio.Event()

    async def script(peer: Peer) -> None:
        await peer.head()
        await go_on.wait()
        await peer.send("data: 1\n\n")
        await peer.end()

    async with FakeUpstream(script) as upstream:
        pool = Pool(URL(upstream.url), "direct", 5.0)
        connections = pool.hold()
        response = await (await connections.connect()).post(URL(upstream.url), {}, b"{}")
        heard = asyncio.Event()
        response.listen(heard.set)
        go_on.set()
        await heard.wait()
        assert await response.content.read() == b"data: 1\n\n"
        response.close()
        connections.release()
        await pool.close()
