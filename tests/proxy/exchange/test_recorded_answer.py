"""The four messages of a request on the recorder, over real sockets."""

from __future__ import annotations

import pytest

from helpers.answers import DONE, say
from helpers.fake_upstream import FakeUpstream, answers, in_turn, streams
from helpers.proxy_stack import KEY, REQUEST, TOKEN, profile, running
from tray_app.profiles.model import RetryPolicy
from tray_app.proxy.recorded import Recorded, Side
from tray_app.proxy.recorder import Recorder

WHOLE = {**REQUEST, "stream": False}


def found(recorder: Recorder, request_id: str) -> Recorded:
    """Everything that was recorded of a request."""
    made = recorder.find(request_id, list(Side))
    assert made is not None
    return made.read()


@pytest.fixture
def recorder() -> Recorder:
    """One that keeps bodies."""
    made = Recorder()
    made.record_bodies(True)
    return made


async def test_a_stream_is_recorded_on_both_sides(recorder: Recorder) -> None:
    """Byte for byte what the client and the upstream saw, but for the credentials."""
    async with FakeUpstream() as upstream, running(profile(upstream.url), recorder=recorder) as proxy:
        answer = await proxy.ask()
        shown = found(recorder, answer.headers["request-id"])
        messages = shown.messages
        assert messages.keys() == set(Side)
        assert messages[Side.CLIENT_REQUEST].line == "POST /v1/messages"
        assert '"Say hello, please, and mean it."' in str(messages[Side.CLIENT_REQUEST].text)
        assert messages[Side.UPSTREAM_REQUEST].line == f"POST {upstream.url}/chat/completions"
        assert '"stream_options"' in str(messages[Side.UPSTREAM_REQUEST].text)
        assert str(messages[Side.UPSTREAM_ANSWER].text).startswith("data: ")
        assert (messages[Side.CLIENT_ANSWER].line, messages[Side.CLIENT_ANSWER].text) == ("200", answer.raw.decode())
        assert dict(messages[Side.CLIENT_ANSWER].headers)["request-id"] == shown.id
        assert KEY not in str(shown)
        assert TOKEN not in str(shown)


async def test_a_whole_answer_is_recorded(recorder: Recorder) -> None:
    """What the client gets is the translated body."""
    async with FakeUpstream() as upstream, running(profile(upstream.url), recorder=recorder) as proxy:
        answer = await proxy.ask(WHOLE)
        messages = found(recorder, answer.headers["request-id"]).messages
        assert '"end_turn"' in str(messages[Side.CLIENT_ANSWER].text)
        assert str(messages[Side.UPSTREAM_ANSWER].text).startswith("data: ")


async def test_an_error_is_recorded_in_the_words_of_both(recorder: Recorder) -> None:
    """Of the last attempt."""
    refused, again = answers(500, b'{"error":{"message":"first"}}'), answers(400, b'{"error":{"message":"second"}}')
    stubborn = RetryPolicy(statuses=1)
    async with (
        FakeUpstream(in_turn(refused, again)) as upstream,
        running(profile(upstream.url, retry=stubborn), recorder=recorder) as proxy,
    ):
        answer = await proxy.ask()
        messages = found(recorder, answer.headers["request-id"]).messages
        assert messages[Side.UPSTREAM_ANSWER].line == "400"
        assert "second" in str(messages[Side.UPSTREAM_ANSWER].text)
        assert "first" not in str(messages[Side.UPSTREAM_ANSWER].text)
        assert "invalid_request_error" in str(messages[Side.CLIENT_ANSWER].text)


@pytest.mark.parametrize("body", [REQUEST, WHOLE])
async def test_a_broken_answer_is_recorded_to_where_it_broke(recorder: Recorder, body: object) -> None:
    """The client is told, and so is the recorder."""
    script = streams(say("Hel"), 'data: {"error":{"message":"lost","code":500}}\n\n', DONE)
    async with FakeUpstream(script) as upstream, running(profile(upstream.url), recorder=recorder) as proxy:
        answer = await proxy.ask(body)
        messages = found(recorder, answer.headers["request-id"]).messages
        assert "lost" in str(messages[Side.UPSTREAM_ANSWER].text)
        assert '"error"' in str(messages[Side.CLIENT_ANSWER].text)


async def test_without_the_users_wish_only_headers_are_kept() -> None:
    """And nothing is wrapped round the answer."""
    recorder = Recorder()
    async with FakeUpstream() as upstream, running(profile(upstream.url), recorder=recorder) as proxy:
        answer = await proxy.ask()
        shown = found(recorder, answer.headers["request-id"])
        assert {side for side, message in shown.messages.items() if message.headers} == set(Side)
        assert [message.text for message in shown.messages.values()] == [None] * 4
        assert recorder.held == 0
        assert TOKEN not in str(shown)
        assert KEY not in str(shown)
