"""The script of the benchmark: requests and answers say what they should, and broken ones are noticed."""

from __future__ import annotations

import json

import pytest

from performance.script import Plan, burst, frame, plan_of, request, text, text_of, whole

TRANSLATED = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n%b0\r\n\r\n"
EVENTS = (
    b'event: content_block_delta\ndata: {"type":"content_block_delta","delta":{"type":"text_delta","text":"Hel"}}\n\n',
    b'event: content_block_delta\ndata: {"type":"content_block_delta","delta":{"type":"text_delta","text":"lo"}}\n\n',
    b'event: message_stop\ndata: {"type":"message_stop"}\n\n',
)


@pytest.mark.parametrize("plan", [Plan("burst", 150), Plan("trickle", 3, 20), Plan("plain", 500)])
def test_a_request_names_its_plan(plan: Plan) -> None:
    """The upstream finds it in the body, wherever the model's name was put."""
    pause = f"-{plan.pause_ms}" if plan.pause_ms else ""
    assert plan_of(request(1, "t", f"gpt-{plan.kind}-{plan.count}{pause}", stream=True)) == plan


def test_an_unknown_model_is_an_error() -> None:
    """A proxy that changes the model's name cannot be measured."""
    with pytest.raises(ValueError, match="no such model"):
        plan_of(b'{"model":"claude"}')


def test_a_request_has_the_size_it_was_asked_for() -> None:
    """The history grows by turns that alternate."""
    head, _, body = request(1, "t", "plain-500", stream=False, prompt=100_000).partition(b"\r\n\r\n")
    assert f"Content-Length: {len(body)}".encode() in head
    assert 100_000 <= len(body) < 120_000
    assert [one["role"] for one in json.loads(body)["messages"]][:3] == ["user", "assistant", "user"]


@pytest.mark.parametrize("plan", [Plan("burst", 150), Plan("plain", 500)])
def test_a_streamed_answer_holds_the_whole_text(plan: Plan) -> None:
    """What the byte relay must deliver."""
    assert text_of(b"".join(burst(plan)), translated=False) == text(plan)


def test_a_plain_answer_holds_the_whole_text() -> None:
    """With the length it announces."""
    plan = Plan("plain", 500)
    assert len(text(plan)) == 500
    assert text_of(whole(plan), translated=False) == text(plan)


def test_a_translated_answer_is_read() -> None:
    """Anthropic's events, however they are cut into chunks."""
    data = b"".join(EVENTS)
    assert text_of(TRANSLATED % (frame(data[:70]) + frame(data[70:])), translated=True) == "Hello"
    answer = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{"content":[{"type":"text","text":"Hello"}]}'
    assert text_of(answer, translated=True) == "Hello"


def test_a_stream_of_the_other_kind_is_an_error() -> None:
    """A proxy that passes bytes on has not translated."""
    with pytest.raises(ValueError, match="does not end"):
        text_of(b"".join(burst(Plan("burst", 3))), translated=True)
