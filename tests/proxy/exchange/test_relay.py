"""Upstreams that speak Anthropic: bytes in, bytes out."""

from __future__ import annotations

from helpers.fake_upstream import FakeUpstream, answers, in_turn, streams
from helpers.proxy_stack import KEY, REQUEST, profile, running
from tray_app.profiles.model import ApiKind
from tray_app.proxy.events import RequestFinished

WHOLE = {**REQUEST, "stream": False}
ANTHROPIC_STREAM = (
    'event: message_start\ndata: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant",'
    '"content":[],"model":"claude-x","stop_reason":null,"usage":{"input_tokens":5,"output_tokens":1}}}\n\n'
    'event: content_block_start\ndata: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}\n\n'
    'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}}\n\n'
    'event: content_block_stop\ndata: {"type":"content_block_stop","index":0}\n\n'
    'event: message_delta\ndata: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":3}}\n\n'
    'event: message_stop\ndata: {"type":"message_stop"}\n\n'
)


async def test_r_pas_1_r_pas_3_an_anthropic_upstream_gets_and_gives_the_bytes_as_they_are() -> None:
    """Body, betas and query go out verbatim, the stream comes back verbatim, with our own request id."""
    raw = b'{"model": "claude-x",  "max_tokens": 9, "stream": true, "new": 1, "messages": [{"role": "user", "content": "x"}]}'
    async with FakeUpstream(streams(ANTHROPIC_STREAM)) as upstream:
        async with running(profile(upstream.url, api=ApiKind.ANTHROPIC)) as proxy:
            answer = await proxy.ask(raw, "/v1/messages?beta=true", headers={"anthropic-beta": "a-1,b-2"})
            finished = await proxy.event(RequestFinished)
    sent = upstream.received[0]
    assert (sent.target, sent.raw) == ("/v1/messages?beta=true", raw)
    assert (sent.headers["anthropic-beta"], sent.headers["x-api-key"]) == ("a-1,b-2", KEY)
    assert "authorization" not in sent.headers
    assert answer.raw.decode() == ANTHROPIC_STREAM
    assert (finished.usage.output_tokens, finished.stop_reason) == (3, "end_turn")


async def test_r_pas_3_an_anthropic_error_stays_verbatim() -> None:
    """Clients match its wording."""
    body = b'{"type":"error","error":{"type":"rate_limit_error","message":"exactly so"},"request_id":"req_up"}'
    script = answers(429, body, {"Retry-After": "3", "anthropic-ratelimit-requests-limit": "5"})
    async with FakeUpstream(script) as upstream, running(profile(upstream.url, api=ApiKind.ANTHROPIC)) as proxy:
        answer = await proxy.ask()
    assert (answer.status, answer.raw, answer.headers["retry-after"]) == (429, body, "3")
    assert answer.headers["anthropic-ratelimit-requests-limit"] == "5"


async def test_r_pas_6_a_refused_signature_is_mended_once() -> None:
    """The thinking of another provider is removed and the request repeated."""
    refusal = {
        "type": "error",
        "error": {"type": "invalid_request_error", "message": "messages.1: Invalid `signature` in `thinking` block"},
    }
    history = [
        {"role": "user", "content": "x"},
        {
            "role": "assistant",
            "content": [{"type": "thinking", "thinking": "t", "signature": "s"}, {"type": "text", "text": "y"}],
        },
        {"role": "user", "content": "z"},
    ]
    script = in_turn(answers(400, refusal), streams(ANTHROPIC_STREAM))
    async with FakeUpstream(script) as upstream, running(profile(upstream.url, api=ApiKind.ANTHROPIC)) as proxy:
        answer = await proxy.ask({**REQUEST, "messages": history})
    assert answer.status == 200
    assert b'"thinking"' not in upstream.received[1].raw


async def test_r_pas_a_whole_anthropic_answer_is_relayed() -> None:
    """Without stream the body comes back as it is."""
    message = {"id": "msg_1", "type": "message", "role": "assistant", "model": "claude-x", "stop_reason": "end_turn",
               "content": [{"type": "text", "text": "Hi"}], "usage": {"input_tokens": 5, "output_tokens": 3}}  # fmt: skip
    async with FakeUpstream(answers(200, message)) as upstream:
        async with running(profile(upstream.url, api=ApiKind.ANTHROPIC)) as proxy:
            answer = await proxy.ask(WHOLE)
    assert answer.json == message
