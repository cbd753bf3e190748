"""One request's life, over real sockets: the good ways through, the bad ones, and the client that goes away."""

from __future__ import annotations

import asyncio
import gzip

import pytest

from helpers.answers import DONE, call, finish, say, think, usage
from helpers.fake_upstream import HELLO, FakeUpstream, Peer, answers, in_turn, split, streams
from helpers.proxy_stack import KEY, REQUEST, TOKEN, FixedCredential, profile, read_until, running
from tray_app.profiles.model import ApiKind, CommandCredential, ModelMap, RetryPolicy, Timeouts
from tray_app.proxy.events import RequestFailed, RequestFinished, RequestRefused, RequestRetried, RequestStarted
from tray_app.proxy.watchdog import Delays
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


async def test_r_rsp_14_a_request_without_stream_gets_json_from_an_upstream_stream() -> None:
    """P-81, P-118, R-UP-2: the upstream is always streamed, the client that wants JSON gets JSON."""
    async with FakeUpstream() as upstream, running(profile(upstream.url)) as proxy:
        answer = await proxy.ask(WHOLE)
        assert answer.headers["Content-Type"] == "application/json"
        assert answer.json["content"] == [{"type": "text", "text": "Hello"}]
        assert upstream.received[0].body["stream"] is True


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


async def test_r_stm_10_the_stream_has_the_headers_of_an_event_stream() -> None:
    """No length, no compression, no caching, no buffering on the way."""
    async with FakeUpstream() as upstream, running(profile(upstream.url)) as proxy:
        answer = await proxy.ask(headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Type"] == "text/event-stream; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["X-Accel-Buffering"] == "no"
    assert "Content-Encoding" not in answer.headers
    assert "Content-Length" not in answer.headers


async def test_p_55_bytes_split_anywhere_make_the_same_answer() -> None:
    """One byte per TCP write changes nothing."""
    script = streams(*split((say("hé€😀") + finish() + DONE).encode()))
    async with FakeUpstream(script) as upstream, running(profile(upstream.url)) as proxy:
        assert (await proxy.ask()).text == "hé€😀"


@pytest.mark.parametrize("announced", [True, False])
async def test_p_86_a_gzipped_stream_is_read(announced: bool) -> None:
    """R-SSE-1: with the header or without it."""
    body = gzip.compress("".join(HELLO).encode())
    script = streams(*split(body, 7), headers={"Content-Encoding": "gzip"} if announced else None)
    async with FakeUpstream(script) as upstream, running(profile(upstream.url)) as proxy:
        assert (await proxy.ask()).text == "Hello"


@pytest.mark.parametrize("coding", ["gzip", "zstd-of-the-future"])
async def test_d50_a_coding_that_cannot_be_undone_is_an_error(coding: str) -> None:
    """Garbage is never an empty success."""
    script = streams(b"\x00\x01 not what it says", headers={"Content-Encoding": coding})
    async with FakeUpstream(script) as upstream, running(profile(upstream.url)) as proxy:
        answer = await proxy.ask()
    assert answer.status == 502
    assert answer.error[0] == "api_error"


# -- pools, switches


async def test_d37_twenty_streams_use_one_connection() -> None:
    """[DONE] 20 ms before the end of the body must not cost the connection."""

    async def script(peer: Peer) -> None:
        await peer.head()
        await peer.send(*HELLO)
        await peer.idle(0.02)
        await peer.end()

    async with FakeUpstream(script) as upstream, running(profile(upstream.url)) as proxy:
        for _ in range(20):
            assert (await proxy.ask()).text == "Hello"
        assert (len(upstream.received), upstream.connections) == (20, 1)


async def test_d38_parallel_workers_keep_their_connections() -> None:
    """Eight workers need eight connections, however many requests they make."""
    async with FakeUpstream() as upstream, running(profile(upstream.url)) as proxy:

        async def worker() -> None:
            for _ in range(5):
                await proxy.ask(WHOLE)

        await asyncio.gather(*(worker() for _ in range(8)))
        assert len(upstream.received) == 40
        assert upstream.connections <= 8


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


# -- errors of the upstream


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
async def test_d44_d45_redirects_are_not_followed(status: int) -> None:
    """A redirect would carry the prompt and the key to another host (R-UP-6)."""
    async with FakeUpstream() as elsewhere:
        script = answers(status, b"", {"Location": f"{elsewhere.url}/chat/completions"})
        async with FakeUpstream(script) as upstream, running(profile(upstream.url)) as proxy:
            answer = await proxy.ask()
        assert answer.status == 502
        assert "redirect" in answer.error[1].lower()
        assert not elsewhere.received


@pytest.mark.parametrize("status", [202, 204])
async def test_d32_a_success_without_an_answer_is_an_error(status: int) -> None:
    """R-LIS-4: the client never gets a 2xx with nothing in it."""
    async with FakeUpstream(answers(status)) as upstream, running(profile(upstream.url)) as proxy:
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


async def test_d14_an_html_page_in_place_of_an_answer_is_an_error() -> None:
    """A captive portal answers 200 with HTML (P-92)."""
    script = answers(200, b"<html><title>Log in</title></html>", {"Content-Type": "text/html"})
    async with FakeUpstream(script) as upstream, running(profile(upstream.url)) as proxy:
        answer = await proxy.ask()
    assert answer.status == 502
    assert "Log in" in answer.error[1]


async def test_r_com_2_an_error_as_the_first_thing_keeps_its_status() -> None:
    """A 200 whose first event is an error becomes a plain HTTP error, which SDKs retry (D10)."""
    script = streams('data: {"error":{"message":"busy","code":503}}\n\n')
    async with FakeUpstream(script) as upstream, running(profile(upstream.url)) as proxy:
        answer = await proxy.ask()
    assert (answer.status, answer.error[0]) == (503, "overloaded_error")


async def test_r_com_4_nothing_at_all_is_a_502() -> None:
    """An empty 200 (P-124)."""
    async with FakeUpstream(streams()) as upstream, running(profile(upstream.url)) as proxy:
        answer = await proxy.ask()
    assert (answer.status, answer.error[0]) == (502, "api_error")


@pytest.mark.parametrize("how", ["cut", "reset"])
async def test_d9_an_answer_that_breaks_off_ends_in_an_error_event(how: str) -> None:
    """P-62, P-95: never an end_turn, and no message_stop after the error."""
    go_on = asyncio.Event()

    async def script(peer: Peer) -> None:
        await peer.head()
        await peer.send(say("half an ans"))
        await go_on.wait()
        getattr(peer, how)()

    async with FakeUpstream(script) as upstream, running(profile(upstream.url)) as proxy:
        async with proxy.post() as response:
            seen = await read_until(response, b"half an ans")
            go_on.set()
            seen += await response.read()
        failed = await proxy.event(RequestFailed)
    assert seen.count(b"event: error") == 1
    assert b"message_stop" not in seen
    assert failed.error.type == "api_error"
    assert not failed.cancelled


async def test_a_reset_after_the_finish_reason_is_a_success() -> None:
    """22.7: finish seen and then anything is success."""

    async def script(peer: Peer) -> None:
        await peer.head()
        await peer.send(say("done"), finish())
        peer.cut()

    async with FakeUpstream(script) as upstream, running(profile(upstream.url)) as proxy:
        assert (await proxy.ask()).events[-1]["type"] == "message_stop"


async def test_p_90_a_repeated_bad_request_costs_one_upstream_call() -> None:
    """R-ERR-11: Claude Code repeats a 400 six times while it changes what does not reach the upstream."""
    script = answers(400, {"error": {"message": "your schema is no good"}})
    async with FakeUpstream(script) as upstream, running(profile(upstream.url)) as proxy:
        first = await proxy.ask()
        for number in range(5):
            again = await proxy.ask({**REQUEST, "metadata": {"n": number}})
            assert (again.status, again.error) == (first.status, first.error)
        assert len(upstream.received) == 1


# -- retries


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


async def test_r_pro_1_a_refused_parameter_is_left_out_once_and_remembered() -> None:
    """The upstream does not know stream_options: one retry without it, and no refusal the next time."""
    refused = answers(400, {"error": {"message": "Unrecognized request argument supplied: stream_options"}})
    async with FakeUpstream(in_turn(refused, streams(*HELLO))) as upstream, running(profile(upstream.url)) as proxy:
        assert (await proxy.ask()).text == "Hello"
        assert (await proxy.ask()).text == "Hello"
    assert ["stream_options" in request.body for request in upstream.received] == [True, False, False]


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


# -- time


async def test_d15_r_com_3_a_silent_upstream_is_bridged_by_a_beginning_and_pings() -> None:
    """P-107: headers, message_start and pings come before the upstream says anything, and the answer after them."""
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


@pytest.mark.parametrize("stream", [True, False])
async def test_r_stm_14_p_60_usage_is_waited_for_but_not_for_ever(stream: bool) -> None:
    """No [DONE] and no end: the answer is finished after the grace."""

    async def script(peer: Peer) -> None:
        await peer.head()
        await peer.send(say("hi"), finish())
        await peer.gone.wait()

    async with FakeUpstream(script) as upstream, running(profile(upstream.url), delays=Delays(usage_s=0.01)) as proxy:
        answer = await proxy.ask({**REQUEST, "stream": stream})
        finished = await proxy.event(RequestFinished)
    assert answer.status == 200
    assert finished.stop_reason == "end_turn"
    assert finished.usage.source is UsageSource.ESTIMATED


async def test_usage_after_the_finish_reason_is_taken() -> None:
    """P-67: the usage chunk comes in a read of its own."""
    go_on = asyncio.Event()

    async def script(peer: Peer) -> None:
        await peer.head()
        await peer.send(say("hi"), finish())
        await go_on.wait()
        await peer.send(usage(), DONE)
        await peer.end()

    async with FakeUpstream(script) as upstream, running(profile(upstream.url)) as proxy:
        async with proxy.post() as response:
            await read_until(response, b"hi")
            go_on.set()
            await response.read()
        finished = await proxy.event(RequestFinished)
    assert finished.usage.output_tokens == 50


# -- the client that goes away


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


async def test_r_liv_4_a_client_that_does_not_read_slows_the_upstream_down() -> None:
    """Back-pressure: the upstream cannot push more than the buffers hold."""
    blocked = asyncio.Event()

    async def script(peer: Peer) -> None:
        await peer.head()
        try:
            async with asyncio.timeout(0.5):
                for _ in range(2_000):
                    await peer.send(say("x" * 50_000))
        except TimeoutError:
            blocked.set()
            raise ConnectionResetError from None

    async with FakeUpstream(script) as upstream, running(profile(upstream.url)) as proxy:
        async with proxy.post():
            await blocked.wait()


# -- local answers


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


async def test_r_lim_3_a_pre_warm_reaches_the_upstream_and_gets_an_empty_answer() -> None:
    """max_tokens 0: the prompt is read, nothing is answered."""
    async with FakeUpstream() as upstream, running(profile(upstream.url)) as proxy:
        answer = await proxy.ask({**WHOLE, "max_tokens": 0})
    assert upstream.received[0].body["max_tokens"] >= 1
    assert (answer.json["content"], answer.json["stop_reason"]) == ([], "max_tokens")


async def test_p_109_a_bare_web_search_is_answered_here() -> None:
    """The agent hears that searching is not available; never a 400."""
    search = {**REQUEST, "tools": [{"type": "web_search_20250305", "name": "web_search", "max_uses": 8}]}
    async with FakeUpstream() as upstream, running(profile(upstream.url)) as proxy:
        answer = await proxy.ask(search)
    assert not upstream.received
    assert b"web_search_tool_result_error" in answer.raw


# -- what is wrong with the request


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


# -- upstreams that speak Anthropic


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
    raw = b'{"model": "claude-x",  "max_tokens": 9, "stream": true, "new_field": 1, "messages": [{"role": "user", "content": "x"}]}'
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


# -- the rest


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


async def test_a_large_request_goes_through_whole() -> None:
    """Two megabytes of prompt, in pieces of aiohttp's own making."""
    text = "0123456789" * 200_000
    async with FakeUpstream() as upstream, running(profile(upstream.url)) as proxy:
        answer = await proxy.ask({**REQUEST, "messages": [{"role": "user", "content": text}]})
    assert answer.status == 200
    assert upstream.received[0].body["messages"][0]["content"] == text


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
        count = {key: REQUEST[key] for key in ("model", "messages")}
        before = (await proxy.ask(count, "/v1/messages/count_tokens")).json["input_tokens"]
        await proxy.ask()
        after = (await proxy.ask(count, "/v1/messages/count_tokens")).json["input_tokens"]
    assert after > before
