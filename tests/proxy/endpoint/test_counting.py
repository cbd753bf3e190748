"""Counting at an Anthropic-style upstream, and doing without it."""

from __future__ import annotations

import pytest

from helpers.fake_upstream import FakeUpstream, Peer, Script, answers
from helpers.proxy_stack import KEY, REQUEST, profile, running
from tray_app.profiles.model import ApiKind

COUNT = {"model": "claude-x", "messages": REQUEST["messages"]}
PATH = "/v1/messages/count_tokens"


async def test_r_cnt_2_an_anthropic_upstream_counts_itself() -> None:
    """The request is passed on, the number is the upstream's."""
    async with FakeUpstream(answers(200, {"input_tokens": 4711})) as upstream:
        async with running(profile(upstream.url, api=ApiKind.ANTHROPIC)) as proxy:
            answer = await proxy.ask(
                COUNT, PATH + "?beta=true", headers={"anthropic-beta": "token-counting-2024-11-01"}
            )
    sent = upstream.received[0]
    assert answer.json == {"input_tokens": 4711}
    assert (sent.target, sent.headers["x-api-key"]) == ("/v1/messages/count_tokens?beta=true", KEY)
    assert sent.headers["anthropic-beta"] == "token-counting-2024-11-01"


async def test_r_cnt_2_many_counts_share_a_connection() -> None:
    """Claude Code asks for some 25 at once; one that comes later finds a connection that was used before."""
    async with FakeUpstream(answers(200, {"input_tokens": 4711})) as upstream:
        async with running(profile(upstream.url, api=ApiKind.ANTHROPIC)) as proxy:
            counts = [(await proxy.ask(COUNT, PATH)).json for _ in range(3)]
    assert counts == [{"input_tokens": 4711}] * 3
    assert upstream.connections == 1


async def _cuts(peer: Peer) -> None:
    peer.cut()


@pytest.mark.parametrize("script", [answers(404), answers(500), answers(200, b"<html>"), answers(200, {"x": 1}), _cuts])
async def test_r_cnt_5_an_upstream_that_cannot_count_is_replaced_by_the_estimate(script: Script) -> None:
    """A count never fails, and never costs a generation."""
    async with FakeUpstream(script) as upstream:
        async with running(profile(upstream.url, api=ApiKind.ANTHROPIC)) as proxy:
            answer = await proxy.ask(COUNT, PATH)
    assert (answer.status, answer.json["input_tokens"] > 0) == (200, True)
    assert {request.target for request in upstream.received} == {PATH}
