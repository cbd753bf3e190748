"""Which profile answers: the pinned one, the active one, or none."""

from __future__ import annotations

import asyncio

from helpers.answers import DONE, finish, say
from helpers.fake_upstream import FakeUpstream, Peer, streams
from helpers.proxy_stack import profile, read_until, running


async def test_a_pinned_profile_is_used_whatever_is_active() -> None:
    """``/p/<id>`` chooses the provider for one terminal."""
    async with FakeUpstream() as first, FakeUpstream(streams(say("two"), finish(), DONE)) as second:
        async with running(profile(first.url), profile(second.url, id="two")) as proxy:
            assert (await proxy.ask(path="/p/two/v1/messages?beta=true")).text == "two"
            assert not first.received
            unknown = await proxy.ask(path="/p/three/v1/messages")
    assert unknown.status == 404
    assert unknown.error[0] == "not_found_error"


async def test_without_an_active_profile_the_client_is_told() -> None:
    """A proxy with nothing selected says so at once."""
    async with running() as proxy:
        answer = await proxy.ask()
    assert answer.status == 503
    assert "no provider is selected" in answer.error[1]


async def test_a_running_stream_ends_where_it_began_when_the_provider_is_switched() -> None:
    """Switching replaces a reference: the old stream goes on at the old upstream, the next request goes to the new one."""
    go_on = asyncio.Event()

    async def slow(peer: Peer) -> None:
        await peer.head()
        await peer.send(say("old "))
        await go_on.wait()
        await peer.send(say("still old"), finish(), DONE)
        await peer.end()

    async with FakeUpstream(slow) as old, FakeUpstream(streams(say("new"), finish(), DONE)) as new:
        async with running(profile(old.url), profile(new.url, id="two")) as proxy, proxy.post() as response:
            await read_until(response, b"old ")
            await proxy.switchboard.activate(profile(new.url, id="two"))
            await proxy.switchboard.refresh([profile(new.url, id="two")])
            assert (await proxy.ask()).text == "new"
            go_on.set()
            assert b"message_stop" in await read_until(response, b"message_stop")
    assert (len(old.received), len(new.received)) == (1, 1)


async def test_dropped_connections_are_made_again_and_running_answers_go_on() -> None:
    """After sleep or a network change the next request just works."""
    async with FakeUpstream() as upstream, running(profile(upstream.url)) as proxy:
        await proxy.ask()
        proxy.switchboard.reset_connections()
        assert (await proxy.ask()).text == "Hello"
        assert upstream.connections == 2


async def test_d41_a_pinned_profile_that_cannot_be_used_is_a_400_in_words() -> None:
    """Its base URL is wrong; the active one goes on working."""
    async with FakeUpstream() as upstream:
        async with running(profile(upstream.url), profile("no-scheme/v1", id="bad")) as proxy:
            answer = await proxy.ask(path="/p/bad/v1/messages")
            assert (await proxy.ask()).status == 200
    assert (answer.status, answer.error[0]) == (400, "invalid_request_error")
    assert "must start with" in answer.error[1]
