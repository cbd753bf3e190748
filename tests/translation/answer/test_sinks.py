"""The two sinks: SSE events and the whole Message."""

from __future__ import annotations

import json
from typing import Any

from tray_app.translation.answer.sinks import EventSink, MessageSink, Sink

SKELETON = {
    "id": "msg_1",
    "type": "message",
    "role": "assistant",
    "content": [],
    "model": "m",
}


def known() -> dict[str, int]:
    """The tokens at the beginning."""
    return {"input_tokens": 1}


def tell(sink: Sink) -> None:
    """One answer with a block of every kind."""
    sink.start(SKELETON, known)
    sink.start_block(0, {"type": "thinking", "thinking": "", "signature": ""})
    sink.add("hm")
    sink.sign("sig")
    sink.stop_block()
    sink.start_block(1, {"type": "redacted_thinking", "data": "D"})
    sink.stop_block()
    sink.start_block(2, {"type": "text", "text": ""})
    sink.add("a")
    sink.add("b")
    sink.stop_block()
    sink.start_block(3, {"type": "tool_use", "id": "t", "name": "Bash", "input": {}})
    sink.add('{"x":')
    sink.add("1}")
    sink.stop_block()
    sink.finish({"stop_reason": "tool_use", "stop_sequence": None}, {"output_tokens": 2})


def parse(data: bytes) -> list[dict[str, Any]]:
    events = []
    for block in data.decode().split("\n\n")[:-1]:
        name, body = block.split("\n")
        value = json.loads(body.removeprefix("data: "))
        assert name == f"event: {value['type']}"
        events.append(value)
    return events


def test_p_63_22_1_every_event_has_its_name_and_one_line() -> None:
    """The stream has an event line and a data line each, in the order of the calls."""
    sink = EventSink()
    tell(sink)
    events = parse(sink.take())
    assert events[0]["message"]["usage"] == {"input_tokens": 1}
    assert [event["type"] for event in events] == [
        "message_start",
        *("content_block_start", "content_block_delta", "content_block_delta", "content_block_stop"),
        *("content_block_start", "content_block_stop"),
        *("content_block_start", "content_block_delta", "content_block_delta", "content_block_stop"),
        *("content_block_start", "content_block_delta", "content_block_delta", "content_block_stop"),
        "message_delta",
        "message_stop",
    ]
    assert sink.take() == b""


def test_r_stm_6_deltas_have_the_type_of_their_block() -> None:
    """thinking_delta, signature_delta, text_delta, input_json_delta, each with its own key and the block's index."""
    sink = EventSink()
    tell(sink)
    deltas = [(e["index"], e["delta"]) for e in parse(sink.take()) if e["type"] == "content_block_delta"]
    assert deltas == [
        (0, {"type": "thinking_delta", "thinking": "hm"}),
        (0, {"type": "signature_delta", "signature": "sig"}),
        (2, {"type": "text_delta", "text": "a"}),
        (2, {"type": "text_delta", "text": "b"}),
        (3, {"type": "input_json_delta", "partial_json": '{"x":'}),
        (3, {"type": "input_json_delta", "partial_json": "1}"}),
    ]


def test_r_stm_9_the_end_carries_stop_reason_and_usage() -> None:
    """message_delta has its parts, message_stop nothing but its type."""
    sink = EventSink()
    tell(sink)
    end, stop = parse(sink.take())[-2:]
    assert end["delta"] == {"stop_reason": "tool_use", "stop_sequence": None}
    assert end["usage"] == {"output_tokens": 2}
    assert stop == {"type": "message_stop"}


def test_r_sse_13_line_separators_are_escaped() -> None:
    """U+2028, U+2029 and U+0085 never reach the wire raw."""
    sink = EventSink()
    sink.start_block(0, {"type": "text", "text": ""})
    sink.add("a\u2028\u2029\u0085")
    assert b"a\\u2028\\u2029\\u0085" in sink.take()


def test_d27_names_and_models_are_encoded() -> None:
    """Quotes and backslashes in names cannot break an event."""
    sink = EventSink()
    sink.start({**SKELETON, "model": 'x","y":"\\'}, known)
    assert parse(sink.take())[0]["message"]["model"] == 'x","y":"\\'


def test_28_4_an_error_is_one_event() -> None:
    """The error object is the data of an event named error."""
    sink = EventSink()
    sink.fail({"type": "error", "error": {"type": "api_error", "message": "m"}})
    assert parse(sink.take()) == [{"type": "error", "error": {"type": "api_error", "message": "m"}}]


def test_the_message_holds_what_the_events_tell() -> None:
    """The same calls make one Message."""
    sink = MessageSink()
    tell(sink)
    assert sink.message == {
        **SKELETON,
        "content": [
            {"type": "thinking", "thinking": "hm", "signature": "sig"},
            {"type": "redacted_thinking", "data": "D"},
            {"type": "text", "text": "ab"},
            {"type": "tool_use", "id": "t", "name": "Bash", "input": {"x": 1}},
        ],
        "stop_reason": "tool_use",
        "stop_sequence": None,
        "usage": {"output_tokens": 2},
    }


def test_a_cut_call_in_a_message_is_marked() -> None:
    """Arguments that are no JSON are handed to the client as text, never as an empty object."""
    sink = MessageSink()
    sink.start(SKELETON, known)
    sink.start_block(0, {"type": "tool_use", "id": "t", "name": "Bash", "input": {}})
    sink.add('{"x":"cut')
    sink.stop_block()
    assert sink.message["content"][0]["input"] == {"__unparsed": '{"x":"cut'}


def test_a_failed_message_is_no_message() -> None:
    """Partial content is discarded, and an empty text block stays empty."""
    sink = MessageSink()
    sink.start(SKELETON, known)
    sink.start_block(0, {"type": "text", "text": ""})
    sink.stop_block()
    assert sink.message["content"] == [{"type": "text", "text": ""}]
    sink.fail({})
    assert sink.message == {}
