"""The client's side of a stream: its headers, and its pace."""

from __future__ import annotations

import asyncio

from helpers.answers import say
from helpers.fake_upstream import FakeUpstream, Peer
from helpers.proxy_stack import profile, running
from tray_app.profiles.model import Timeouts
from tray_app.proxy.events import RequestFailed


async def test_r_stm_10_the_stream_has_the_headers_of_an_event_stream() -> None:
    """No length, no compression, no caching, no buffering on the way."""
    async with FakeUpstream() as upstream, running(profile(upstream.url)) as proxy:
        answer = await proxy.ask(headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Type"] == "text/event-stream; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["X-Accel-Buffering"] == "no"
    assert "Content-Encoding" not in answer.headers
    assert "Content-Length" not in answer.headers


async def test_r_liv_4_a_client_that_does_not_read_slows_the_upstream_down() -> None:
    """Back-pressure: the upstream cannot push more than the buffers hold."""
    blocked = asyncio.Event()

    async def script(peer: Peer) -> None:
        await peer.head()
        try:
            async with asyncio.timeout(0.5):
                for _ in range(2_000):
                    await peer.send(say("x" * 50_000))
        except TimeoutError:
            blocked.set()
            raise ConnectionResetError from None

    async with FakeUpstream(script) as upstream, running(profile(upstream.url)) as proxy:
        async with proxy.post():
            await blocked.wait()


async def test_a_client_that_stops_reading_for_good_is_let_go() -> None:
    """It is not taken for a silent upstream, and nothing is held for it for ever."""
    closed = asyncio.Event()

    async def script(peer: Peer) -> None:
        await peer.head()
        try:
            while not peer.gone.is_set():
                await peer.send(say("x" * 500_000))
        finally:
            closed.set()

    patience = Timeouts(idle_s=0.3)
    async with FakeUpstream(script) as upstream, running(profile(upstream.url, timeouts=patience)) as proxy:
        async with proxy.post():
            await closed.wait()
            failed = await proxy.event(RequestFailed)
    assert failed.error.message == "the client stopped reading"
