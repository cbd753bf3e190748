"""Answers that need no upstream."""

from __future__ import annotations

import pytest

from helpers.fake_upstream import FakeUpstream
from helpers.proxy_stack import REQUEST, profile, running
from tray_app.proxy.events import RequestStarted

TOOLS = [{"name": "Bash", "input_schema": {"type": "object", "properties": {"command": {"type": "string"}}}}]


@pytest.mark.parametrize("stream", [True, False])
async def test_d17_d21_the_quota_probe_is_answered_here_in_the_form_it_asked_for(stream: bool) -> None:
    """JSON or events, and the upstream is not asked."""
    probe = {"model": "claude-x", "max_tokens": 1, "stream": stream, "messages": [{"role": "user", "content": "quota"}]}
    async with FakeUpstream() as upstream, running(profile(upstream.url)) as proxy:
        answer = await proxy.ask(probe)
        started = await proxy.event(RequestStarted)
    assert not upstream.received
    assert started.route == "probe"
    kind = "text/event-stream; charset=utf-8" if stream else "application/json"
    assert answer.headers["Content-Type"] == kind
    assert b"max_tokens" in answer.raw


async def test_d21_a_real_request_for_one_token_goes_upstream() -> None:
    """A bad key must not look like a good one."""
    async with FakeUpstream() as upstream, running(profile(upstream.url)) as proxy:
        await proxy.ask({**REQUEST, "max_tokens": 1, "tools": TOOLS})
    assert len(upstream.received) == 1


async def test_p_109_a_bare_web_search_is_answered_here() -> None:
    """The agent hears that searching is not available; never a 400."""
    search = {**REQUEST, "tools": [{"type": "web_search_20250305", "name": "web_search", "max_uses": 8}]}
    async with FakeUpstream() as upstream, running(profile(upstream.url)) as proxy:
        answer = await proxy.ask(search)
    assert not upstream.received
    assert b"web_search_tool_result_error" in answer.raw
