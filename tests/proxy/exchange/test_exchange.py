"""One request's life, over real sockets: the good way through, time, and the client that goes away."""

from __future__ import annotations

import asyncio
import gc

import pytest

from helpers.answers import DONE, finish, say, usage
from helpers.fake_upstream import HELLO, FakeUpstream, Peer, answers, streams
from helpers.proxy_stack import REQUEST, FixedCredential, profile, read_until, running
from tray_app.profiles.model import RetryPolicy, Timeouts
from tray_app.proxy.events import RequestFailed, RequestFinished, RequestRefused, RequestRetried, RequestStarted
from tray_app.proxy.exchange.exchange import Exchange
from tray_app.proxy.exchange.watchdog import Delays
from tray_app.translation.usage import UsageSource

WHOLE = {**REQUEST, "stream": False}
TOOLS = [{"name": "Bash", "input_schema": {"type": "object", "properties": {"command": {"type": "string"}}}}]
NEVER_S = 3600.0


async def test_a_stream_is_translated_and_published() -> None:
    """A streamed request comes back as Anthropic events, and the hub tells its beginning and its end."""
    async with FakeUpstream() as upstream, running(profile(upstream.url)) as proxy:
        answer = await proxy.ask()
        assert (answer.status, answer.text) == (200, "Hello")
        assert answer.events[-1] == {"type": "message_stop"}
        finished = await proxy.event(RequestFinished)
        started = proxy.events(RequestStarted)[0]
        assert finished.id == started.id == answer.headers["request-id"]
        assert (started.asked_model, started.profile_id, started.stream) == ("claude-x", "one", True)
        assert (finished.stop_reason, finished.usage.source) == ("end_turn", UsageSource.REPORTED)
        assert (finished.usage.input_tokens, finished.usage.cache_read_input_tokens) == (400, 600)
        assert finished.timings.headers_s is not None
        assert finished.timings.first_token_s is not None


async def test_r_rsp_14_a_request_without_stream_gets_json_from_an_upstream_stream() -> None:
    """P-81, P-118, R-UP-2: the upstream is always streamed, the client that wants JSON gets JSON."""
    async with FakeUpstream() as upstream, running(profile(upstream.url)) as proxy:
        answer = await proxy.ask(WHOLE)
        assert answer.headers["Content-Type"] == "application/json"
        assert answer.json["content"] == [{"type": "text", "text": "Hello"}]
        assert upstream.received[0].body["stream"] is True


async def test_what_an_exchange_held_is_freed_at_its_end() -> None:
    """Requests may be megabytes, and collections are rare: nothing that has ended waits for one, in either form."""
    async with FakeUpstream() as upstream, running(profile(upstream.url)) as proxy:
        await proxy.ask(WHOLE)
        await proxy.event(RequestFinished)
        gc.collect()
        gc.disable()
        try:
            for request in (WHOLE, REQUEST):
                await proxy.ask(request)
            await proxy.event(RequestFinished, 3)
            assert not [each for each in gc.get_objects() if isinstance(each, Exchange)]
        finally:
            gc.enable()


async def test_p_118_r_rsp_14_a_request_without_stream_holds_out_as_long_as_something_comes() -> None:
    """The way clients fall back to: an answer that takes many times every patience there is, is waited for."""

    async def script(peer: Peer) -> None:
        await peer.head()
        for number in range(10):
            await peer.idle(0.1)
            await peer.send(say(str(number)))
        await peer.send(finish(), usage(), DONE)
        await peer.end()

    patience = Timeouts(first_byte_s=0.4, idle_s=0.4, silence_s=0.4)
    delays = Delays(commit_unanswered_s=0.01, commit_answered_s=0.01, ping_s=0.01)
    async with FakeUpstream(script) as upstream:
        async with running(profile(upstream.url, timeouts=patience), delays=delays) as proxy:
            answer = await proxy.ask(WHOLE)
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/json")
    assert answer.json["content"] == [{"type": "text", "text": "0123456789"}]
    assert len(upstream.received) == 1


@pytest.mark.parametrize("status", [400, 403, 429, 500, 503])
async def test_r_com_1_p_95_a_refusal_is_a_plain_answer_with_its_status(status: int) -> None:
    """A client that asked for a stream gets JSON and a status its SDK can act on."""
    async with FakeUpstream(answers(status, {"error": {"message": "no"}})) as upstream:
        async with running(profile(upstream.url)) as proxy:
            answer = await proxy.ask()
    assert (answer.status, answer.headers["Content-Type"]) == (status, "application/json")
    assert "no" in answer.error[1]


async def test_r_liv_6_what_has_arrived_is_passed_on_at_once() -> None:
    """The first words are at the client while the upstream still thinks about the second."""
    go_on = asyncio.Event()

    async def script(peer: Peer) -> None:
        await peer.head()
        await peer.send(say("first"))
        await go_on.wait()
        await peer.send(say("second"), finish(), DONE)
        await peer.end()

    async with FakeUpstream(script) as upstream, running(profile(upstream.url)) as proxy:
        async with proxy.post() as response:
            await read_until(response, b'"text":"first"')
            go_on.set()
            assert b'"text":"second"' in await response.read()


async def test_r_ovf_4_the_upstreams_words_are_in_a_header_and_not_in_the_message() -> None:
    """The client gets the sentence it matches; who debugs finds the provider's own words."""
    words = "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens."
    script = answers(400, {"error": {"message": words, "code": "context_length_exceeded"}})
    async with FakeUpstream(script) as upstream, running(profile(upstream.url)) as proxy:
        answer = await proxy.ask()
    assert answer.error == ("invalid_request_error", "prompt is too long: 9000 tokens > 8192 maximum")
    assert answer.headers["x-upstream-error"] == words


async def test_r_ovf_2_an_overflow_inside_the_stream_has_the_clients_numbers() -> None:
    """After a 200 as well: what the upstream left out is filled from the request."""
    error = '{"message":"no","type":"exceed_context_size_error","n_prompt_tokens":5000,"n_ctx":8192}'
    async with (
        FakeUpstream(streams(f'data: {{"error":{error}}}\n\n')) as upstream,
        running(profile(upstream.url)) as proxy,
    ):
        answer = await proxy.ask({**REQUEST, "max_tokens": 4096})
    assert answer.status == 400
    assert answer.error[1].startswith("input length and `max_tokens` exceed context limit: 5000 + 4096 > 8192")


async def test_a_fallback_chain_is_followed_if_the_profile_has_one() -> None:
    """Off by default; every attempt is published."""
    async with FakeUpstream(answers(529, {"error": {"message": "no"}})) as first, FakeUpstream() as second:
        main = profile(first.url, retry=RetryPolicy(fallback=("two",)))
        async with running(main, profile(second.url, id="two")) as proxy:
            answer = await proxy.ask()
            retried = await proxy.event(RequestRetried)
    assert answer.text == "Hello"
    assert retried.profile_id == "two"


async def test_a_fallback_is_not_asked_about_a_wrong_request() -> None:
    """A 400 is the client's fault everywhere."""
    async with FakeUpstream(answers(400, {"error": {"message": "no"}})) as first, FakeUpstream() as second:
        main = profile(first.url, retry=RetryPolicy(fallback=("two", "gone")))
        async with running(main, profile(second.url, id="two")) as proxy:
            assert (await proxy.ask()).status == 400
    assert not second.received


async def test_p_107_d15_r_com_3_a_silent_upstream_is_bridged_by_a_beginning_and_pings() -> None:
    """Headers, message_start and pings come before the upstream says anything, and the answer after them."""
    go_on = asyncio.Event()

    async def script(peer: Peer) -> None:
        await go_on.wait()
        await streams(*HELLO)(peer)

    delays = Delays(commit_unanswered_s=0.01, ping_s=0.01)
    async with FakeUpstream(script) as upstream, running(profile(upstream.url), delays=delays) as proxy:
        async with proxy.post() as response:
            assert response.status == 200
            seen = await read_until(response, b'{"type":"ping"}\n\nevent: ping')
            go_on.set()
            seen += await response.read()
    assert seen.startswith(b"event: message_start")
    assert seen.count(b"event: message_start") == 1
    assert seen.endswith(b'data: {"type":"message_stop"}\n\n')


async def test_r_com_3_after_the_headers_the_wait_is_shorter() -> None:
    """A 200 without a chunk commits after its own delay."""
    go_on = asyncio.Event()

    async def script(peer: Peer) -> None:
        await peer.head()
        await peer.send(": thinking hard\n\n")
        await go_on.wait()
        await peer.send(*HELLO)
        await peer.end()

    delays = Delays(commit_unanswered_s=NEVER_S, commit_answered_s=0.01)
    async with FakeUpstream(script) as upstream, running(profile(upstream.url), delays=delays) as proxy:
        async with proxy.post() as response:
            await read_until(response, b"event: ping")
            go_on.set()
            assert b"message_stop" in await response.read()


async def test_r_com_3_an_error_after_the_commit_is_an_event() -> None:
    """The 200 is out; a status has to become an `error` event (P-95)."""
    go_on = asyncio.Event()

    async def script(peer: Peer) -> None:
        await go_on.wait()
        await answers(429, {"error": {"message": "slow down"}})(peer)

    async with FakeUpstream(script) as upstream:
        async with running(profile(upstream.url), delays=Delays(commit_unanswered_s=0.01)) as proxy:
            async with proxy.post() as response:
                seen = await read_until(response, b"message_start")
                go_on.set()
                seen += await response.read()
    assert b'"type":"rate_limit_error"' in seen
    assert b"message_stop" not in seen


@pytest.mark.parametrize("stream", [True, False])
async def test_d36_an_upstream_that_never_answers_is_ended(stream: bool) -> None:
    """R-LIV-2: a clear 504 before the client gives up by itself."""

    async def script(peer: Peer) -> None:
        await peer.gone.wait()

    patience = Timeouts(first_byte_s=0.1)
    async with FakeUpstream(script) as upstream, running(profile(upstream.url, timeouts=patience)) as proxy:
        answer = await proxy.ask({**REQUEST, "stream": stream})
    assert (answer.status, answer.error[0]) == (504, "timeout_error")
    assert "0.1 seconds" in answer.error[1]


@pytest.mark.parametrize("stream", [True, False])
async def test_r_liv_2_an_upstream_that_falls_silent_is_ended(stream: bool) -> None:
    """After the commit it is an error event, before it a 504."""
    closed = asyncio.Event()

    async def script(peer: Peer) -> None:
        await peer.head()
        await peer.send(say("and then"))
        await peer.gone.wait()
        closed.set()

    async with FakeUpstream(script) as upstream:
        async with running(profile(upstream.url, timeouts=Timeouts(idle_s=0.1))) as proxy:
            answer = await proxy.ask({**REQUEST, "stream": stream})
            await closed.wait()
    assert answer.error[0] == "timeout_error"
    assert answer.status == (200 if stream else 504)


async def test_an_upstream_that_only_sends_comments_is_ended() -> None:
    """Claude Code cuts at 600 s without a real event; we say why before that."""

    async def script(peer: Peer) -> None:
        await peer.head()
        await peer.send(say("one"))
        while not peer.gone.is_set():
            await peer.send(": keep-alive\n\n")
            await peer.idle(0.02)

    async with FakeUpstream(script) as upstream:
        async with running(profile(upstream.url, timeouts=Timeouts(silence_s=0.2))) as proxy:
            answer = await proxy.ask()
    assert answer.error[0] == "timeout_error"
    assert "only keep-alive" in answer.error[1]


async def test_a_slow_credential_is_within_the_first_byte_patience() -> None:
    """D36: a token function that blocks does not hold the client for ever."""

    class Stuck(FixedCredential):
        async def token(self, *, refresh: bool = False) -> str | None:
            await asyncio.Event().wait()
            return None

    async with FakeUpstream() as upstream:
        async with running(profile(upstream.url, timeouts=Timeouts(first_byte_s=0.1)), credential=Stuck()) as proxy:
            assert (await proxy.ask()).status == 504
    assert not upstream.received


async def _waits_for_the_end(peer: Peer) -> None:
    await peer.gone.wait()


async def _begins_and_waits(peer: Peer) -> None:
    await peer.head()
    await peer.gone.wait()


async def _says_something_and_waits(peer: Peer) -> None:
    await peer.head()
    await peer.send(say("so far"))
    await peer.gone.wait()


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize("phase", [_waits_for_the_end, _begins_and_waits, _says_something_and_waits])
async def test_p_106_r_liv_3_a_client_that_leaves_ends_the_upstream(phase: object, stream: bool) -> None:
    """In every phase: before the status line, before the first chunk, in mid-answer."""
    reached, closed = asyncio.Event(), asyncio.Event()

    async def script(peer: Peer) -> None:
        reached.set()
        await phase(peer)  # type: ignore[operator]
        closed.set()

    async with FakeUpstream(script) as upstream, running(profile(upstream.url)) as proxy:
        client = asyncio.ensure_future(proxy.ask({**REQUEST, "stream": stream}))  # noqa: TID251
        await reached.wait()
        client.cancel()
        await closed.wait()
        failed = await proxy.event(RequestFailed)
    assert failed.cancelled
    assert failed.status == 499


async def test_a_client_that_leaves_during_the_credential_is_noticed() -> None:
    """Nothing was sent upstream, and nothing is."""
    asked = asyncio.Event()

    class Stuck(FixedCredential):
        async def token(self, *, refresh: bool = False) -> str | None:
            asked.set()
            await asyncio.Event().wait()
            return None

    async with FakeUpstream() as upstream, running(profile(upstream.url), credential=Stuck()) as proxy:
        client = asyncio.ensure_future(proxy.ask())  # noqa: TID251
        await asked.wait()
        client.cancel()
        assert (await proxy.event(RequestFailed)).cancelled
    assert not upstream.received


async def test_r_lim_3_a_pre_warm_reaches_the_upstream_and_gets_an_empty_answer() -> None:
    """max_tokens 0: the prompt is read, nothing is answered."""
    async with FakeUpstream() as upstream, running(profile(upstream.url)) as proxy:
        answer = await proxy.ask({**WHOLE, "max_tokens": 0})
        streamed = await proxy.ask({**REQUEST, "max_tokens": 0})
    assert [request.body["max_tokens"] for request in upstream.received] == [1, 1]
    told = answer.json
    assert (told["content"], told["stop_reason"], told["usage"]["output_tokens"]) == ([], "max_tokens", 0)
    assert [event["type"] for event in streamed.events] == ["message_start", "message_delta", "message_stop"]


@pytest.mark.parametrize(
    ("body", "path"),
    [
        (b"{", ""),
        (b"[]", ""),
        (b'{"model":"m","max_tokens":1,"messages":[]}', "messages"),
        (b'{"model":3,"max_tokens":1,"messages":[{"role":"user","content":"x"}]}', "model"),
        (b'{"model":"m","max_tokens":"1","messages":[{"role":"user","content":"x"}]}', "max_tokens"),
        (
            b'{"model":"m","max_tokens":1,"messages":[{"role":"user","content":[{"type":"text","text":3}]}]}',
            "messages.0",
        ),
    ],
)
async def test_r_adm_4_bad_json_is_refused_with_the_path_of_the_field(body: bytes, path: str) -> None:
    """Nothing is sent upstream, and the refusal is published."""
    async with FakeUpstream() as upstream, running(profile(upstream.url)) as proxy:
        answer = await proxy.ask(body)
        refused = await proxy.event(RequestRefused)
    assert (answer.status, answer.error[0]) == (400, "invalid_request_error")
    assert answer.error[1].startswith(path)
    assert refused.status == 400
    assert not upstream.received


async def test_a_bug_of_ours_is_a_500_that_says_nothing_of_it(expect_log: object) -> None:
    """28.2: no stack trace for the client, one in the log."""
    expect_log("failed inside the proxy")  # type: ignore[operator]

    class Broken(FixedCredential):
        async def token(self, *, refresh: bool = False) -> str | None:
            raise RuntimeError("secret detail")

    async with FakeUpstream() as upstream, running(profile(upstream.url), credential=Broken()) as proxy:
        answer = await proxy.ask()
    assert (answer.status, answer.error[0]) == (500, "api_error")
    assert "secret detail" not in answer.raw.decode()
