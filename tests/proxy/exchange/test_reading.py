"""Reading an upstream: any framing and coding, cut short, silent, or kept for the next request."""

from __future__ import annotations

import asyncio
import gzip

import pytest

from helpers.answers import DONE, finish, say, usage
from helpers.fake_upstream import HELLO, FakeUpstream, Peer, answers, split, streams
from helpers.proxy_stack import REQUEST, profile, read_until, running
from tray_app.proxy.events import RequestFailed, RequestFinished
from tray_app.proxy.exchange.watchdog import Delays
from tray_app.translation.usage import UsageSource

WHOLE = {**REQUEST, "stream": False}


async def test_p_55_bytes_split_anywhere_make_the_same_answer() -> None:
    """One byte per TCP write changes nothing."""
    script = streams(*split((say("hé€😀") + finish() + DONE).encode()))
    async with FakeUpstream(script) as upstream, running(profile(upstream.url)) as proxy:
        assert (await proxy.ask()).text == "hé€😀"


@pytest.mark.parametrize("announced", [True, False])
async def test_p_86_a_gzipped_stream_is_read(announced: bool) -> None:
    """R-SSE-1: with the header or without it."""
    body = gzip.compress("".join(HELLO).encode())
    script = streams(*split(body, 7), headers={"Content-Encoding": "gzip"} if announced else None)
    async with FakeUpstream(script) as upstream, running(profile(upstream.url)) as proxy:
        assert (await proxy.ask()).text == "Hello"


@pytest.mark.parametrize("coding", ["gzip", "zstd-of-the-future"])
async def test_d50_a_coding_that_cannot_be_undone_is_an_error(coding: str) -> None:
    """Garbage is never an empty success."""
    script = streams(b"\x00\x01 not what it says", headers={"Content-Encoding": coding})
    async with FakeUpstream(script) as upstream, running(profile(upstream.url)) as proxy:
        answer = await proxy.ask()
    assert answer.status == 502
    assert answer.error[0] == "api_error"


async def test_d37_twenty_streams_use_one_connection() -> None:
    """[DONE] 20 ms before the end of the body must not cost the connection."""

    async def script(peer: Peer) -> None:
        await peer.head()
        await peer.send(*HELLO)
        await peer.idle(0.02)
        await peer.end()

    async with FakeUpstream(script) as upstream, running(profile(upstream.url)) as proxy:
        for _ in range(20):
            assert (await proxy.ask()).text == "Hello"
        assert (len(upstream.received), upstream.connections) == (20, 1)


async def test_d38_parallel_workers_keep_their_connections() -> None:
    """Eight workers need eight connections, however many requests they make."""
    async with FakeUpstream() as upstream, running(profile(upstream.url)) as proxy:

        async def worker() -> None:
            for _ in range(5):
                await proxy.ask(WHOLE)

        await asyncio.gather(*(worker() for _ in range(8)))
        assert len(upstream.received) == 40
        assert upstream.connections <= 8


async def test_d14_an_html_page_in_place_of_an_answer_is_an_error() -> None:
    """A captive portal answers 200 with HTML (P-92)."""
    script = answers(200, b"<html><title>Log in</title></html>", {"Content-Type": "text/html"})
    async with FakeUpstream(script) as upstream, running(profile(upstream.url)) as proxy:
        answer = await proxy.ask()
    assert answer.status == 502
    assert "Log in" in answer.error[1]


async def test_r_com_2_an_error_as_the_first_thing_keeps_its_status() -> None:
    """A 200 whose first event is an error becomes a plain HTTP error, which SDKs retry (D10)."""
    script = streams('data: {"error":{"message":"busy","code":503}}\n\n')
    async with FakeUpstream(script) as upstream, running(profile(upstream.url)) as proxy:
        answer = await proxy.ask()
    assert (answer.status, answer.error[0]) == (503, "overloaded_error")


async def test_r_com_4_nothing_at_all_is_a_502() -> None:
    """An empty 200 (P-124)."""
    async with FakeUpstream(streams()) as upstream, running(profile(upstream.url)) as proxy:
        answer = await proxy.ask()
    assert (answer.status, answer.error[0]) == (502, "api_error")


@pytest.mark.parametrize("how", ["cut", "reset"])
async def test_d9_an_answer_that_breaks_off_ends_in_an_error_event(how: str) -> None:
    """P-62, P-95: never an end_turn, and no message_stop after the error."""
    go_on = asyncio.Event()

    async def script(peer: Peer) -> None:
        await peer.head()
        await peer.send(say("half an ans"))
        await go_on.wait()
        getattr(peer, how)()

    async with FakeUpstream(script) as upstream, running(profile(upstream.url)) as proxy:
        async with proxy.post() as response:
            seen = await read_until(response, b"half an ans")
            go_on.set()
            seen += await response.read()
        failed = await proxy.event(RequestFailed)
    assert seen.count(b"event: error") == 1
    assert b"message_stop" not in seen
    assert failed.error.type == "api_error"
    assert not failed.cancelled


async def test_a_reset_after_the_finish_reason_is_a_success() -> None:
    """22.7: finish seen and then anything is success."""

    async def script(peer: Peer) -> None:
        await peer.head()
        await peer.send(say("done"), finish())
        peer.cut()

    async with FakeUpstream(script) as upstream, running(profile(upstream.url)) as proxy:
        assert (await proxy.ask()).events[-1]["type"] == "message_stop"


@pytest.mark.parametrize("stream", [True, False])
async def test_r_stm_14_p_60_usage_is_waited_for_but_not_for_ever(stream: bool) -> None:
    """No [DONE] and no end: the answer is finished after the grace."""

    async def script(peer: Peer) -> None:
        await peer.head()
        await peer.send(say("hi"), finish())
        await peer.gone.wait()

    async with FakeUpstream(script) as upstream, running(profile(upstream.url), delays=Delays(usage_s=0.01)) as proxy:
        answer = await proxy.ask({**REQUEST, "stream": stream})
        finished = await proxy.event(RequestFinished)
    assert answer.status == 200
    assert finished.stop_reason == "end_turn"
    assert finished.usage.source is UsageSource.ESTIMATED


async def test_usage_after_the_finish_reason_is_taken() -> None:
    """P-67: the usage chunk comes in a read of its own."""
    go_on = asyncio.Event()

    async def script(peer: Peer) -> None:
        await peer.head()
        await peer.send(say("hi"), finish())
        await go_on.wait()
        await peer.send(usage(), DONE)
        await peer.end()

    async with FakeUpstream(script) as upstream, running(profile(upstream.url)) as proxy:
        async with proxy.post() as response:
            await read_until(response, b"hi")
            go_on.set()
            await response.read()
        finished = await proxy.event(RequestFinished)
    assert finished.usage.output_tokens == 50


async def test_a_gzip_body_in_several_reads_is_read_whole() -> None:
    """Unannounced, with a pause in the middle of it."""
    body = gzip.compress("".join(HELLO).encode())
    go_on = asyncio.Event()

    async def script(peer: Peer) -> None:
        await peer.head()
        await peer.send(body[:40])
        await peer.idle(0.02)
        await peer.send(body[40:])
        await peer.end()
        go_on.set()

    async with FakeUpstream(script) as upstream, running(profile(upstream.url)) as proxy:
        assert (await proxy.ask()).text == "Hello"
        await go_on.wait()


async def test_gzip_that_turns_to_garbage_is_an_error() -> None:
    """R-SSE-1: never an empty success."""
    script = streams(gzip.compress(b"x" * 100)[:12] + b"garbage" * 20)
    async with FakeUpstream(script) as upstream, running(profile(upstream.url)) as proxy:
        answer = await proxy.ask()
    assert (answer.status, answer.error[0]) == (502, "api_error")
