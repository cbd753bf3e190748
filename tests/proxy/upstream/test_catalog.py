"""The models of a profile: named, listed by the upstream, offered under aliases."""

from __future__ import annotations

import asyncio

import pytest

from helpers.fake_upstream import FakeUpstream, Peer, answers
from helpers.proxy_stack import KEY, REQUEST, profile, running
from tray_app.profiles.model import ApiKind, ModelMap
from tray_app.proxy.upstream import catalog
from tray_app.proxy.upstream.catalog import FRESH_S, Catalog, fetch_models, models_of
from tray_app.translation.errors import ApiError

MAP = ModelMap(opus="big", sonnet="mid", haiku="small", default="mid", exact={"x": "exact"}, globs=(("a*", "globbed"),))
LISTED = {"object": "list", "data": [{"id": "gpt-x"}, {"id": "claude-y"}, {"id": "gpt-x"}, {"id": 3}, "nonsense"]}


def test_models_are_named_once_in_the_order_of_the_map() -> None:
    """Roles, default, exact aliases, globs."""
    assert models_of(MAP) == ("big", "mid", "small", "exact", "globbed")


def test_the_list_is_asked_for_once_in_a_while() -> None:
    """Whoever asks first says so."""
    known = Catalog(["a"])
    assert [known.is_stale(now) for now in (5.0, 6.0, 5.0 + FRESH_S)] == [True, False, True]
    known.learn(["b", "a"])
    assert known.models == ("a", "b")


async def test_r_mdl_2_the_upstreams_models_are_offered_and_an_alias_leads_back() -> None:
    """P-119: Claude Code shows only ids with claude in them; choosing one asks for the real model."""
    async with FakeUpstream(answers(200, LISTED)) as upstream, running(profile(upstream.url)) as proxy:
        listed = [entry["id"] for entry in (await proxy.get("/v1/models?limit=1000")).json["data"]]
        assert listed == ["gpt-x", "claude-y", "claude-gpt-x"]
        await proxy.get("/v1/models")
        assert [(request.method, request.target) for request in upstream.received] == [("GET", "/v1/models")]
        assert upstream.received[0].headers["authorization"] == f"Bearer {KEY}"
        await proxy.ask({**REQUEST, "model": "claude-gpt-x"})
        assert upstream.received[-1].body["model"] == "gpt-x"


async def test_r_mod_1_an_alias_holds_as_long_as_its_model_is_listed() -> None:
    """The id a client asked for may become an alias of another."""
    async with FakeUpstream() as upstream, running(profile(upstream.url)) as proxy:
        catalog = proxy.switchboard.pinned("one").catalog
        for listed, chosen in (((), "claude-gpt-x"), (("gpt-x",), "gpt-x"), ((), "claude-gpt-x")):
            catalog.learn(listed)
            for _ in range(2):
                await proxy.ask({**REQUEST, "model": "claude-gpt-x"})
                assert upstream.received[-1].body["model"] == chosen


async def test_the_list_may_come_over_a_connection_that_served_a_request() -> None:
    """The pool tells exchanges alone that theirs was used before."""
    async with FakeUpstream(answers(200, LISTED)) as upstream, running(profile(upstream.url)) as proxy:
        ready = proxy.switchboard.pinned("one")
        assert [await fetch_models(ready), await fetch_models(ready)] == [("gpt-x", "claude-y")] * 2
        assert upstream.connections == 1


async def test_r_mdl_4_what_is_named_is_answered_without_waiting() -> None:
    """The upstream's list comes later, or never."""
    asked = asyncio.Event()

    async def never(peer: Peer) -> None:
        asked.set()
        await peer.gone.wait()

    async with FakeUpstream(never) as upstream, running(profile(upstream.url, models=MAP)) as proxy:
        answer = await proxy.get("/v1/models?limit=1000")
        assert answer.json["data"][0]["id"] == "big"
        await asked.wait()


async def test_r_mdl_4_with_nothing_named_the_wait_is_short(monkeypatch: pytest.MonkeyPatch) -> None:
    """What nobody names in time is answered with Claude's own names, which every upstream maps."""
    monkeypatch.setattr(catalog, "PATIENCE_S", 0.05)

    async def never(peer: Peer) -> None:
        await peer.gone.wait()

    async with FakeUpstream(never) as upstream, running(profile(upstream.url)) as proxy:
        listed = [model["id"] for model in (await proxy.get("/v1/models")).json["data"]]
    assert listed
    assert all(name.startswith("claude-") for name in listed)


async def test_an_anthropic_upstream_is_asked_in_its_own_way() -> None:
    """Its path, its version header, its key header."""
    async with FakeUpstream(answers(200, {"data": [{"type": "model", "id": "claude-y"}]})) as upstream:
        async with running(profile(upstream.url, api=ApiKind.ANTHROPIC)) as proxy:
            assert await fetch_models(proxy.switchboard.pinned("one")) == ("claude-y",)
    sent = upstream.received[0]
    assert (sent.target, sent.headers["x-api-key"]) == ("/v1/models?limit=1000", KEY)
    assert "anthropic-version" in sent.headers


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ([{"id": "bare"}], ("bare",)),
        ({"models": [{"name": "models/gemini-x"}]}, ("gemini-x",)),
        ({"data": [{"id": "x" * 1000}]}, ()),
    ],
)
async def test_lists_in_other_forms_are_read(body: object, expected: tuple[str, ...]) -> None:
    """Together's bare array, Gemini's names; what is no id is left out."""
    async with FakeUpstream(answers(200, body)) as upstream, running(profile(upstream.url)) as proxy:
        assert await fetch_models(proxy.switchboard.pinned("one")) == expected


async def _cuts(peer: Peer) -> None:
    peer.cut()


async def _stalls(peer: Peer) -> None:
    await peer.gone.wait()


@pytest.mark.parametrize(
    ("script", "status"),
    [
        (answers(401, {"error": {"message": "no"}}), 401),
        (answers(200, b"<html>"), 502),
        (answers(200, {"data": 3}), 502),
        (answers(200, b" " * 2000), 502),
        (_cuts, 502),
        (_stalls, 504),
    ],
)
async def test_a_list_that_cannot_be_had_is_an_error_in_words(
    script: object, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For the editor's "Fetch models"; the route answers without it."""
    monkeypatch.setattr(catalog, "FETCH_S", 0.1)
    monkeypatch.setattr(catalog, "LIST_BYTES", 1000)
    async with FakeUpstream(script) as upstream, running(profile(upstream.url)) as proxy:  # type: ignore[arg-type]
        with pytest.raises(ApiError) as raised:
            await fetch_models(proxy.switchboard.pinned("one"))
    assert raised.value.status == status


async def test_a_list_that_stands_elsewhere_on_the_host_is_found_there() -> None:
    """GitHub Models lists its catalogue beside the inference, in a bare array."""
    async with FakeUpstream(answers(200, [{"id": "openai/gpt-4.1"}])) as upstream:
        there = profile(f"{upstream.url}/deep", capabilities={"models_path": "/catalog/models"})
        async with running(there) as proxy:
            assert await fetch_models(proxy.switchboard.pinned("one")) == ("openai/gpt-4.1",)
        assert upstream.received[0].target == "/catalog/models"
