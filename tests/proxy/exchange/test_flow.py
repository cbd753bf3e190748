"""The steady part of a stream: piece by piece without a task between, and what ends it."""

from __future__ import annotations

import asyncio

import pytest

from helpers.answers import DONE, finish, say
from helpers.fake_upstream import FakeUpstream, Peer
from helpers.proxy_stack import profile, read_until, running
from tray_app.proxy.events import RequestFailed, RequestFinished, RequestProgress
from tray_app.proxy.exchange.watchdog import Delays


class Steps:
    """A script that goes on when the test says so."""

    def __init__(self) -> None:
        self._steps: asyncio.Queue[str | None] = asyncio.Queue()

    def send(self, *pieces: str | None) -> None:
        """Let these go out, each in a write of its own; None is the end."""
        for piece in pieces:
            self._steps.put_nowait(piece)

    async def __call__(self, peer: Peer) -> None:
        await peer.head()
        while (piece := await self._steps.get()) is not None:
            await peer.send(piece)
        await peer.end()


async def test_every_piece_is_passed_on_when_it_comes() -> None:
    """None waits for the next one, whatever came before."""
    steps = Steps()
    async with FakeUpstream(steps) as upstream, running(profile(upstream.url)) as proxy:
        steps.send(say("a0"))
        async with proxy.post() as response:
            await read_until(response, b'"a0"')
            for number in range(1, 30):
                steps.send(say(f"a{number}"))
                await read_until(response, b'"a%d"' % number)
            steps.send(finish(), DONE, None)
            assert b"message_stop" in await response.read()
        finished = await proxy.event(RequestFinished)
    assert finished.stop_reason == "end_turn"


async def test_half_an_event_waits_for_its_other_half() -> None:
    """A read that makes nothing is no progress and no end."""
    steps = Steps()
    async with FakeUpstream(steps) as upstream, running(profile(upstream.url)) as proxy:
        steps.send(say("first"))
        async with proxy.post() as response:
            await read_until(response, b"first")
            event = say("second")
            steps.send(event[:20], event[20:30], event[30:])
            await read_until(response, b"second")
            steps.send(finish(), DONE, None)
            await response.read()


@pytest.mark.parametrize("how", ["cut", "reset"])
async def test_a_breakdown_in_mid_flow_is_told_once(how: str) -> None:
    """By the same error event as anywhere."""
    go_on = asyncio.Event()

    async def script(peer: Peer) -> None:
        await peer.head()
        await peer.send(say("one"))
        await go_on.wait()
        await peer.send(say("two"))
        getattr(peer, how)()

    async with FakeUpstream(script) as upstream, running(profile(upstream.url)) as proxy:
        async with proxy.post() as response:
            await read_until(response, b'"one"')
            go_on.set()
            rest = await response.read()
        failed = await proxy.event(RequestFailed)
    assert rest.count(b"event: error") == 1
    assert b"message_stop" not in rest
    assert not failed.cancelled


async def test_silence_in_mid_flow_is_filled_with_pings_and_has_an_end() -> None:
    """The watchdog counts from the newest piece, whoever passed it on."""
    steps = Steps()
    delays = Delays(ping_s=0.02)
    async with FakeUpstream(steps) as upstream, running(profile(upstream.url), delays=delays) as proxy:
        steps.send(say("one"))
        async with proxy.post() as response:
            await read_until(response, b'"one"')
            steps.send(say("two"))
            await read_until(response, b"event: ping")
            steps.send(say("three"), finish(), DONE, None)
            rest = await response.read()
    assert b'"three"' in rest
    assert rest.endswith(b'{"type":"message_stop"}\n\n')


async def test_a_client_that_goes_in_mid_flow_ends_the_upstream() -> None:
    """R-LIV-3: nothing goes on for nobody."""
    gone = asyncio.Event()
    steps = Steps()

    async def script(peer: Peer) -> None:
        await steps(peer)
        await peer.gone.wait()
        gone.set()

    async with FakeUpstream(script) as upstream, running(profile(upstream.url)) as proxy:
        steps.send(say("one"))
        async with proxy.post() as response:
            await read_until(response, b'"one"')
            steps.send(say("two"))
            await read_until(response, b'"two"')
            response.close()
        failed = await proxy.event(RequestFailed)
        steps.send(None)
        await gone.wait()
    assert failed.cancelled


async def test_progress_is_seen_while_it_goes_on() -> None:
    """The newest state of the running request, and when its first token came."""
    steps = Steps()
    async with FakeUpstream(steps) as upstream, running(profile(upstream.url)) as proxy:
        steps.send(say("one"))
        async with proxy.post() as response:
            await read_until(response, b'"one"')
            progress = proxy.events(RequestProgress)[-1]
            assert progress.first_token_s is not None
            assert progress.output_chars == 3
            steps.send(finish(), DONE, None)
            await response.read()
