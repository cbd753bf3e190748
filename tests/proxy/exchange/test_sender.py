"""Sending: what is tried again, what is not, and what an upstream that refuses may say."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from helpers.fake_upstream import HELLO, FakeUpstream, Peer, answers, in_turn, streams
from helpers.proxy_stack import KEY, REQUEST, FixedCredential, profile, running
from tray_app.profiles.model import ApiKind, CommandCredential, RetryPolicy
from tray_app.proxy.events import RequestFailed, RequestFinished, RequestRetried


async def test_d29_the_waiting_time_and_a_request_id_reach_the_client() -> None:
    """429 with retry-after stays 429 with retry-after (P-91)."""
    script = answers(429, {"error": {"message": "slow down"}}, {"Retry-After": "17"})
    async with FakeUpstream(script) as upstream, running(profile(upstream.url)) as proxy:
        answer = await proxy.ask()
        failed = await proxy.event(RequestFailed)
    assert (answer.status, answer.headers["retry-after"]) == (429, "17")
    assert answer.error == ("rate_limit_error", "One: slow down")
    assert (failed.status, failed.error.upstream_status, failed.error.upstream_text) == (429, 429, "slow down")


async def test_p_89_a_refused_key_is_not_to_be_retried_and_not_to_be_seen() -> None:
    """P-125: the upstream quotes the key; nobody gets to see it."""
    script = answers(401, {"error": {"message": f"Incorrect API key provided: {KEY}"}})
    async with FakeUpstream(script) as upstream, running(profile(upstream.url)) as proxy:
        answer = await proxy.ask()
        failed = await proxy.event(RequestFailed)
    assert (answer.status, answer.headers["x-should-retry"]) == (401, "false")
    assert KEY not in answer.raw.decode() + str(answer.headers) + str(failed)


@pytest.mark.parametrize("status", [302, 307])
async def test_r_up_6_d44_d45_redirects_are_not_followed(status: int) -> None:
    """A redirect would carry the prompt and the key to another host."""
    async with FakeUpstream() as elsewhere:
        script = answers(status, b"", {"Location": f"{elsewhere.url}/chat/completions"})
        async with FakeUpstream(script) as upstream, running(profile(upstream.url)) as proxy:
            answer = await proxy.ask()
        assert answer.status == 502
        assert "redirect" in answer.error[1].lower()
        assert not elsewhere.received


@pytest.mark.parametrize("kind", [ApiKind.OPENAI_CHAT, ApiKind.ANTHROPIC])
@pytest.mark.parametrize("status", [202, 204])
async def test_r_lis_4_d32_a_success_without_an_answer_is_an_error(status: int, kind: ApiKind) -> None:
    """The client never gets a 2xx with nothing in it, and never a 204."""
    async with FakeUpstream(answers(status)) as upstream, running(profile(upstream.url, api=kind)) as proxy:
        answer = await proxy.ask()
    assert answer.status == 502
    assert answer.error[0] == "api_error"


async def test_d40_an_endless_error_body_is_bounded() -> None:
    """The beginning is enough; the connection is closed."""
    gone = asyncio.Event()

    async def endless(peer: Peer) -> None:
        await peer.head(500, {"Content-Type": "text/plain"})
        try:
            while not peer.gone.is_set():
                await peer.send(b"x" * 65_536)
        except ConnectionError:
            pass
        gone.set()

    async with FakeUpstream(endless) as upstream, running(profile(upstream.url)) as proxy:
        answer = await proxy.ask()
        assert answer.status == 500
        assert len(answer.raw) < 10_000
        await gone.wait()


async def test_p_90_a_repeated_bad_request_costs_one_upstream_call() -> None:
    """R-ERR-11: Claude Code repeats a 400 six times while it changes what does not reach the upstream."""
    script = answers(400, {"error": {"message": "your schema is no good"}})
    async with FakeUpstream(script) as upstream, running(profile(upstream.url)) as proxy:
        first = await proxy.ask()
        for number in range(5):
            again = await proxy.ask({**REQUEST, "metadata": {"n": number}})
            assert (again.status, again.error) == (first.status, first.error)
        assert len(upstream.received) == 1


async def test_r_up_5_a_connection_that_died_in_the_pool_is_replaced_once() -> None:
    """The upstream closed the idle connection; the request just works."""

    async def once(peer: Peer) -> None:
        await streams(*HELLO)(peer)
        peer.cut()

    async with FakeUpstream(once) as upstream, running(profile(upstream.url)) as proxy:
        await proxy.ask()
        upstream.script = in_turn(streams(*HELLO))
        assert (await proxy.ask()).text == "Hello"


async def test_r_up_5_a_pooled_connection_that_dies_under_the_request_is_retried_and_a_fresh_one_is_not() -> None:
    """A fresh connection that is closed without an answer may have been billed: that is the client's decision."""

    async def dies(peer: Peer) -> None:
        peer.cut()

    async with FakeUpstream(in_turn(streams(*HELLO), dies, streams(*HELLO))) as upstream:
        async with running(profile(upstream.url)) as proxy:
            await proxy.ask()
            assert (await proxy.ask()).text == "Hello"
            retried = await proxy.event(RequestRetried)
            finished = await proxy.event(RequestFinished, 2)
            assert (retried.attempt, finished.attempts) == (2, 2)
            upstream.script = dies
            proxy.switchboard.reset_connections()
            answer = await proxy.ask()
    assert (answer.status, len(upstream.received)) == (502, 4)


async def test_a_refused_connection_names_the_place_and_was_tried_twice() -> None:
    """D31: 502 api_error with host, port and a hint."""
    async with FakeUpstream() as upstream:
        port = upstream.port
    async with running(profile(f"http://127.0.0.1:{port}/v1")) as proxy:
        answer = await proxy.ask()
        failed = await proxy.event(RequestFailed)
    assert (answer.status, answer.error[0]) == (502, "api_error")
    assert f"127.0.0.1:{port}" in answer.error[1]
    assert "is the server running?" in answer.error[1]
    assert failed.attempts == 2


async def test_statuses_are_retried_only_if_the_profile_says_so() -> None:
    """By default a 503 is the client's; opted in, it is tried again before the client sees anything."""
    busy = answers(503, {"error": {"message": "busy"}}, {"Retry-After": "0"})
    async with FakeUpstream(in_turn(busy, streams(*HELLO))) as upstream:
        async with running(profile(upstream.url, retry=RetryPolicy(statuses=1))) as proxy:
            assert (await proxy.ask()).text == "Hello"
    async with FakeUpstream(in_turn(busy, streams(*HELLO))) as upstream, running(profile(upstream.url)) as proxy:
        answer = await proxy.ask()
    assert (answer.status, answer.error[0]) == (503, "overloaded_error")


async def test_a_401_refreshes_a_command_credential_once() -> None:
    """The command's token had expired (product description, 3.2)."""
    command = CommandCredential(("print-a-token",))
    key = FixedCredential("old-token-1", "new-token-2")
    script = in_turn(answers(401, {"error": {"message": "expired"}}), streams(*HELLO))
    async with (
        FakeUpstream(script) as upstream,
        running(profile(upstream.url, credential=command), credential=key) as proxy,
    ):
        assert (await proxy.ask()).text == "Hello"
    assert [request.headers["authorization"] for request in upstream.received] == [
        "Bearer old-token-1",
        "Bearer new-token-2",
    ]
    assert key.refreshes == 1


async def test_a_401_for_a_stored_key_is_not_tried_again() -> None:
    """Only a command can have a newer one."""
    async with FakeUpstream(answers(401)) as upstream, running(profile(upstream.url)) as proxy:
        assert (await proxy.ask()).status == 401
    assert len(upstream.received) == 1


async def test_r_ovf_6_a_large_request_goes_through_whole(expect_log: Callable[[str], None]) -> None:
    """Two megabytes of prompt, in pieces of aiohttp's own making; the thousand tokens that are reported cannot be all."""
    expect_log("upstream seems to truncate: claude-x")
    text = "0123456789" * 200_000
    async with FakeUpstream() as upstream, running(profile(upstream.url)) as proxy:
        answer = await proxy.ask({**REQUEST, "messages": [{"role": "user", "content": text}]})
    assert answer.status == 200
    assert upstream.received[0].body["messages"][0]["content"] == text
