"""count_tokens and the model list, over HTTP."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from helpers.fake_upstream import FakeUpstream, Peer
from helpers.proxy_stack import REQUEST, profile, running
from tray_app.profiles.model import ModelMap
from tray_app.proxy.events import RequestRefused
from tray_app.translation.local.models_list import UNNAMED

COUNT = {"model": "claude-x", "messages": REQUEST["messages"]}
MAP = ModelMap(opus="big", sonnet="mid", haiku="small", default="mid", exact={"x": "exact"}, globs=(("a*", "globbed"),))


async def test_d19_a_count_is_an_estimate_and_never_zero() -> None:
    """More text, more tokens; the upstream is not asked."""
    async with FakeUpstream() as upstream, running(profile(upstream.url)) as proxy:
        short = (await proxy.ask(COUNT, "/v1/messages/count_tokens?beta=true")).json["input_tokens"]
        longer = {**COUNT, "messages": [*COUNT["messages"], *COUNT["messages"]]}
        assert 0 < short < (await proxy.ask(longer, "/v1/messages/count_tokens")).json["input_tokens"]
        assert not upstream.received


async def test_a_bad_count_request_is_refused_with_its_field() -> None:
    """The same admission as for messages."""
    async with FakeUpstream() as upstream, running(profile(upstream.url)) as proxy:
        answer = await proxy.ask({"model": "m"}, "/v1/messages/count_tokens")
        assert (await proxy.event(RequestRefused)).status == 400
    assert (answer.status, answer.error[0]) == (400, "invalid_request_error")


async def test_r_mdl_4_models_come_from_the_profile_while_the_upstream_is_down() -> None:
    """Answered at once, with aliases that Claude Code shows (P-119)."""
    async with running(profile("http://127.0.0.1:9/v1", models=MAP)) as proxy:
        answer = await proxy.get("/v1/models?limit=1000", headers={"anthropic-version": "2023-06-01"})
        assert {"big", "claude-big"} <= {entry["id"] for entry in answer.json["data"]}
        assert "object" not in answer.json
        one = await proxy.get("/v1/models/big")
        assert one.json["object"] == "model"
        page = await proxy.get("/v1/models?limit=none")
    assert page.status == 400


async def test_p_119_the_list_is_never_empty() -> None:
    """No model map, and an upstream that cannot be asked: Claude's own names, which would be handed on as they are."""
    async with running(profile("http://127.0.0.1:9/v1", models=ModelMap())) as proxy:
        answer = await proxy.get("/v1/models", headers={"anthropic-version": "2023-06-01"})
        one = await proxy.get(f"/v1/models/{UNNAMED[0]}")
    assert [entry["id"] for entry in answer.json["data"]] == list(UNNAMED)
    assert one.status == 200


async def test_pinned_profiles_have_their_own_models() -> None:
    """The list follows the path."""
    two = profile("http://127.0.0.1:9/v1", id="two", models=ModelMap(default="second"))
    async with running(profile("http://127.0.0.1:9/v1"), two) as proxy:
        answer = await proxy.get("/p/two/v1/models")
        assert "second" in {entry["id"] for entry in answer.json["data"]}
        assert (await proxy.get("/p/three/v1/models")).status == 404


@pytest.mark.parametrize("route", ["/v1/models", "/v1/messages/count_tokens"])
async def test_a_bug_of_ours_is_a_500_without_details(
    route: str, expect_log: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The boundary of these routes."""
    expect_log("failed inside the proxy")

    def broken(*_: object) -> None:
        raise RuntimeError("inner secret")

    monkeypatch.setattr("tray_app.proxy.endpoint.side_routes.pick", broken)
    async with running(profile("http://127.0.0.1:9/v1")) as proxy:
        answer = await (proxy.get(route) if route == "/v1/models" else proxy.ask(COUNT, route))
    assert (answer.status, answer.error[0]) == (500, "api_error")
    assert b"inner secret" not in answer.raw


async def test_twenty_five_counts_at_once() -> None:
    """`/context` asks that many."""
    import asyncio

    async def refuse(peer: Peer) -> None:
        peer.cut()

    async with FakeUpstream(refuse) as upstream, running(profile(upstream.url)) as proxy:
        answers = await asyncio.gather(*(proxy.ask(COUNT, "/v1/messages/count_tokens") for _ in range(25)))
    assert {answer.status for answer in answers} == {200}
