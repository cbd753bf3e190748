"""The chat-completions dialect: what goes out, what the client learns, what is remembered."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from helpers.answers import DONE, call, finish, think
from helpers.fake_upstream import HELLO, FakeUpstream, Peer, answers, in_turn, streams
from helpers.proxy_stack import KEY, REQUEST, TOKEN, profile, read_until, running
from tray_app.profiles.model import ModelMap
from tray_app.proxy.events import RequestFinished
from tray_app.proxy.exchange.watchdog import Delays
from tray_app.translation import tokens

WHOLE = {**REQUEST, "stream": False}
PARAMETERS = ("temperature", "top_p", "stop")
TOOLS = [{"name": "Bash", "input_schema": {"type": "object", "properties": {"command": {"type": "string"}}}}]


async def test_r_up_1_the_upstream_gets_our_headers_and_none_of_the_clients() -> None:
    """The key, the type and the model are ours; the local token and the client's headers stay here."""
    async with FakeUpstream() as upstream, running(profile(upstream.url)) as proxy:
        await proxy.ask(headers={"Authorization": f"Bearer {TOKEN}", "X-Private": "yes", "anthropic-beta": "a,b"})
        sent = upstream.received[0]
    assert sent.target == "/v1/chat/completions"
    assert sent.headers["authorization"] == f"Bearer {KEY}"
    assert sent.headers["accept"] == "text/event-stream"
    assert sent.headers["accept-encoding"] == "identity"
    assert sent.headers["user-agent"].startswith("dragoman/")
    assert not {"x-private", "x-api-key", "anthropic-beta"} & set(sent.headers)
    assert TOKEN not in str(sent)


@pytest.mark.parametrize("header", ["x-api-key", "Authorization"])
async def test_r_hdr_0_claude_codes_own_headers_are_understood(header: str) -> None:
    """Its default betas and its key, whichever way it sends one; nothing of that goes to a translated upstream."""
    betas = (
        "claude-code-20250219,interleaved-thinking-2025-05-14,context-management-2025-06-27,"
        "mid-conversation-tool-changes-2026-07-01,thinking-token-count-2026-05-13,advanced-tool-use-2025-11-20,"
        "effort-2025-11-24,per-turn-control-2026-07-01,context-1m-2025-08-07"
    )
    key = {header: TOKEN if header == "x-api-key" else f"Bearer {TOKEN}"}
    theirs = {"anthropic-beta": betas, "anthropic-version": "2023-06-01", "X-Claude-Code-Session-Id": "s-1", **key}
    async with FakeUpstream() as upstream, running(profile(upstream.url)) as proxy:
        answer = await proxy.ask({**REQUEST, "model": "gpt-foo"}, "/v1/messages?beta=true", headers=theirs)
        assert (answer.status, answer.text) == (200, "Hello")
        sent = upstream.received[0]
    assert sent.target == "/v1/chat/completions"
    assert not [name for name in sent.headers if name.startswith(("anthropic-", "x-claude-", "x-api-key"))]


async def test_r_mod_3_the_answer_names_the_clients_model_and_the_header_the_upstreams() -> None:
    """The model map decides what is sent; the client sees the id it asked for (P-105)."""
    models = ModelMap(opus="big-one", default="small-one")
    async with FakeUpstream() as upstream, running(profile(upstream.url, models=models)) as proxy:
        answer = await proxy.ask({**WHOLE, "model": "claude-opus-5-5[1m]"})
    assert upstream.received[0].body["model"] == "big-one"
    assert answer.json["model"] == "claude-opus-5-5[1m]"
    assert answer.headers["x-dragoman-upstream-model"] == "big-one"


async def test_losses_are_in_a_header_and_in_the_event() -> None:
    """What the translation dropped is told to the client and to the ledger (spec section 38)."""
    async with FakeUpstream() as upstream, running(profile(upstream.url)) as proxy:
        answer = await proxy.ask({**REQUEST, "top_k": 5})
        finished = await proxy.event(RequestFinished)
    assert "top_k" in answer.headers["x-dragoman-losses"]
    assert any(loss.startswith("top_k") for loss in finished.losses)


async def test_r_rsp_13_the_upstreams_request_id_is_passed_on() -> None:
    """The upstream's own id comes under a name of its own; ours stays the request id."""
    script = streams(*HELLO, headers={"x-request-id": "up-77"})
    async with FakeUpstream(script) as upstream, running(profile(upstream.url)) as proxy:
        answer = await proxy.ask()
    assert answer.headers["x-upstream-request-id"] == "up-77"
    assert answer.headers["request-id"].startswith("req_")


async def test_a_streams_prompt_is_weighed_while_the_upstream_works(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message begins with the estimate: the first token does not wait for it."""
    weighed = asyncio.Event()
    estimate = tokens.estimate_request

    def estimating(*args: Any) -> int:
        weighed.set()
        return estimate(*args)

    async def script(peer: Peer) -> None:
        async with asyncio.timeout(5):
            await weighed.wait()
        await streams(*HELLO)(peer)

    monkeypatch.setattr(tokens, "estimate_request", estimating)
    async with FakeUpstream(script) as upstream, running(profile(upstream.url)) as proxy:
        assert (await proxy.ask()).text == "Hello"


async def test_a_prompt_that_cannot_be_sent_is_not_weighed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for what is of no use."""
    async with FakeUpstream() as upstream:
        gone = upstream.url
    monkeypatch.delattr(tokens, "estimate_request")
    async with running(profile(gone)) as proxy:
        assert (await proxy.ask()).status == 502


async def test_r_pro_1_a_refused_parameter_is_left_out_once_and_remembered() -> None:
    """The upstream does not know stream_options: one retry without it, and no refusal the next time."""
    refused = answers(400, {"error": {"message": "Unrecognized request argument supplied: stream_options"}})
    async with FakeUpstream(in_turn(refused, streams(*HELLO))) as upstream, running(profile(upstream.url)) as proxy:
        assert (await proxy.ask()).text == "Hello"
        assert (await proxy.ask()).text == "Hello"
    assert ["stream_options" in request.body for request in upstream.received] == [True, False, False]


async def test_r_pro_1_p_98_at_most_two_parameters_are_left_out_for_one_request() -> None:
    """An upstream that finds fault with everything is asked three times and no more."""
    refusals = [answers(400, {"error": {"message": f"Unsupported parameter: '{name}'"}}) for name in PARAMETERS]
    body = {**WHOLE, "temperature": 0.5, "top_p": 0.5, "stop_sequences": ["x"]}
    async with FakeUpstream(in_turn(*refusals)) as upstream, running(profile(upstream.url)) as proxy:
        answer = await proxy.ask(body)
    assert answer.status == 400
    assert [sorted(set(PARAMETERS) - set(request.body)) for request in upstream.received] == [
        [],
        ["temperature"],
        ["temperature", "top_p"],
    ]


async def test_r_pro_1_nothing_is_tried_again_once_the_client_has_bytes() -> None:
    """The beginning of the message is out: a refusal that could be healed is an error event."""
    go_on = asyncio.Event()

    async def script(peer: Peer) -> None:
        await go_on.wait()
        await answers(400, {"error": {"message": "Unknown parameter: 'stream_options'"}})(peer)

    async with FakeUpstream(script) as upstream:
        async with running(profile(upstream.url), delays=Delays(commit_unanswered_s=0.01)) as proxy:
            async with proxy.post() as response:
                seen = await read_until(response, b"message_start")
                go_on.set()
                seen += await response.read()
    assert b"event: error" in seen
    assert len(upstream.received) == 1


async def test_thinking_and_tools_come_through_together() -> None:
    """One whole agent turn."""
    script = streams(
        think("hm"), call('{"command":"ls"}', id="call_abcdefghijklmnopqrst", name="Bash"), finish("tool_calls"), DONE
    )
    body = {**WHOLE, "tools": TOOLS, "max_tokens": 4000, "thinking": {"type": "enabled", "budget_tokens": 1024}}
    async with FakeUpstream(script) as upstream, running(profile(upstream.url)) as proxy:
        message = (await proxy.ask(body)).json
    assert [block["type"] for block in message["content"]] == ["thinking", "tool_use"]
    assert message["stop_reason"] == "tool_use"


async def test_d42_the_query_of_a_base_url_follows_the_path() -> None:
    """Azure's api-version ends up where it belongs."""
    async with FakeUpstream() as upstream:
        async with running(profile(f"{upstream.url}/d?api-version=X")) as proxy:
            await proxy.ask()
    assert upstream.received[0].target == "/v1/d/chat/completions?api-version=X"


async def test_extra_headers_win_over_ours() -> None:
    """The profile's own headers replace what we would send, whatever their case."""
    headers = {"authorization": "Custom abc", "X-Team": "blue"}
    async with FakeUpstream() as upstream, running(profile(upstream.url, headers=headers)) as proxy:
        await proxy.ask()
    assert upstream.received[0].headers["authorization"] == "Custom abc"
    assert upstream.received[0].headers["x-team"] == "blue"


async def test_r_use_10_the_estimate_learns_from_what_the_upstream_reports() -> None:
    """The second count is nearer to the upstream's own."""
    async with FakeUpstream() as upstream, running(profile(upstream.url)) as proxy:
        count = {"model": REQUEST["model"], "messages": [{"role": "user", "content": "some words " * 300}]}
        before = (await proxy.ask(count, "/v1/messages/count_tokens")).json["input_tokens"]
        await proxy.ask({**REQUEST, **count})
        after = (await proxy.ask(count, "/v1/messages/count_tokens")).json["input_tokens"]
    assert after > before
