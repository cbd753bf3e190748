"""A client of our own hears every piece of the answer, or why there is none."""

from __future__ import annotations

import asyncio

import pytest

from helpers.fake_upstream import HELLO, FakeUpstream, Peer, answers, streams
from helpers.proxy_stack import TOKEN, profile, running
from tray_app.proxy.events import RequestFailed, RequestFinished
from tray_app.proxy.upstream import local_client
from tray_app.proxy.upstream.local_client import NoAnswerError, ask, message, send_test_message


def ignore(event: object) -> None:
    """For answers nobody reads."""


async def test_a_test_message_is_an_ordinary_request_heard_piece_by_piece() -> None:
    """It goes through the running proxy and into its log."""
    heard: list[str] = []
    async with FakeUpstream(streams(*HELLO)) as upstream, running(profile(upstream.url)) as proxy:
        await send_test_message(proxy.url, TOKEN, heard.append)
        event = await asyncio.wait_for(proxy.event(RequestFinished), 5)
    assert event.status == 200
    assert "".join(heard) == "Hello"


async def test_a_refusal_is_told_in_the_providers_words() -> None:
    """Its error is in the log of requests as well."""
    async with FakeUpstream(answers(401, {"error": {"message": "bad key"}})) as upstream:
        async with running(profile(upstream.url)) as proxy:
            with pytest.raises(NoAnswerError, match="bad key"):
                await send_test_message(proxy.url, TOKEN, ignore)
            assert proxy.events(RequestFailed)[0].status == 401


async def test_an_answer_that_is_cut_is_an_error() -> None:
    """What was heard so far stays heard."""
    heard: list[str] = []

    async def cut(peer: Peer) -> None:
        await peer.head()
        await peer.send(*HELLO[:2])
        peer.cut()

    async with FakeUpstream(cut) as upstream, running(profile(upstream.url)) as proxy:
        with pytest.raises(NoAnswerError):
            await send_test_message(proxy.url, TOKEN, heard.append)
    assert "".join(heard) == "Hello"


async def test_who_is_no_proxy_of_ours_is_quoted() -> None:
    """A short piece of what it said, or the system's words when nobody listens."""
    async with FakeUpstream(answers(200, b"who are you?", {"Content-Type": "text/plain"})) as other:
        url = other.url
        with pytest.raises(NoAnswerError, match="who are you"):
            await ask(url, None, message("hi"), ignore)
    with pytest.raises(NoAnswerError, match="Cannot connect"):
        await ask(url, None, message("hi"), ignore)


async def test_an_answer_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever streams for ever is left."""
    monkeypatch.setattr(local_client, "ANSWER_BYTES", 20)
    async with FakeUpstream(streams(*HELLO)) as upstream:
        with pytest.raises(NoAnswerError, match="longer"):
            await ask(upstream.url, None, message("hi"), ignore)
