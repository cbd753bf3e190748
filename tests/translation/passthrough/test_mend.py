"""Mending endpoints that are Anthropic's only by name."""

from __future__ import annotations

import pytest

from helpers.answers import sdk_message
from helpers.passed import STREAM, cut_before, passed_answer, relay


def mended(body: bytes) -> bytes:
    """What a flagged endpoint's stream becomes."""
    return relay(passed_answer(pass_mend_stream=True), [body])


def test_p_82_a_done_marker_is_removed_where_flagged() -> None:
    """And only there."""
    head = cut_before(b"message_stop")
    body = head + b"data: [DONE]\n\n" + STREAM[len(head) :]
    assert mended(body) == STREAM
    assert relay(passed_answer(), [body]) == body


def test_p_85_missing_fields_are_added_where_flagged() -> None:
    """message_start without content or usage, message_delta without usage: the SDKs crash on them."""
    bare = (
        b'event: message_start\ndata: {"type":"message_start","message":{"id":"m","type":"message","role":"assistant",'
        b'"model":"x","stop_reason":null,"stop_sequence":null,"usage":null}}\n\n'
        b'event: message_delta\ndata: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null}}\n\n'
        b'event: message_stop\ndata: {"type":"message_stop"}\n\n'
    )
    message = sdk_message(mended(bare))
    assert message["content"] == []
    assert message["usage"]["input_tokens"] == 7
    assert message["stop_reason"] == "end_turn"


@pytest.mark.parametrize(
    "data",
    [
        b'["message_start"]',
        b'{"type":"message_start","message":5}',
        b'{"x":"message_start"',
        b'{"type":"other","x":"message_delta"}',
    ],
)
def test_mending_leaves_what_it_does_not_know(data: bytes) -> None:
    """Odd data is relayed as it is."""
    body = b"event: odd\ndata: " + data + b"\n\n"
    assert passed_answer(pass_mend_stream=True).feed(body) == body


def test_mending_leaves_a_good_stream_alone() -> None:
    """Byte for byte."""
    assert mended(STREAM) == STREAM
