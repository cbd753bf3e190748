"""Messages no model wrote."""

from __future__ import annotations

import json
from typing import Any

import pytest

from helpers.answers import check_grammar, events, sdk_message
from helpers.builders import request_body, user
from tray_app.translation.local.messages import local_message, message_events

CONTENT: list[dict[str, Any]] = [
    {"type": "thinking", "thinking": "hm", "signature": "sig"},
    {"type": "redacted_thinking", "data": "opaque"},
    {"type": "text", "text": "words \u2028"},
    {"type": "tool_use", "id": "toolu_1", "name": "Bash", "input": {"command": "ls"}},
    {"type": "tool_use", "id": "toolu_2", "name": "Stop", "input": {}},
    {"type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": {"query": "q"}},
    {"type": "web_search_tool_result", "tool_use_id": "srvtoolu_1", "content": []},
]
MESSAGE: dict[str, Any] = {
    "id": "msg_1",
    "type": "message",
    "role": "assistant",
    "model": "claude-x",
    "content": CONTENT,
    "stop_reason": "tool_use",
    "stop_sequence": None,
    "usage": {"input_tokens": 9, "output_tokens": 7},
}


def test_r_rsp_11_the_events_add_up_to_the_message() -> None:
    """The SDK's accumulator rebuilds what was replayed, every kind of block included."""
    rebuilt = sdk_message(message_events(MESSAGE))
    assert rebuilt["stop_reason"] == "tool_use"
    assert rebuilt["usage"]["output_tokens"] == 7
    for block, original in zip(rebuilt["content"], CONTENT, strict=True):
        assert {key: block[key] for key in original} == original


def test_r_stm_1_to_9_the_grammar_holds() -> None:
    """One start with an empty skeleton, contiguous blocks one at a time, one delta, one stop, names equal to types."""
    ours = [block for block in CONTENT if "server" not in block["type"] and "web" not in block["type"]]
    assert check_grammar(message_events({**MESSAGE, "content": ours}))[-2:] == ["message_delta", "message_stop"]
    told = events(message_events(MESSAGE))
    skeleton = told[0]["message"]
    assert (skeleton["content"], skeleton["stop_reason"], skeleton["usage"]["output_tokens"]) == ([], None, 0)
    starts = [event for event in told if event["type"] == "content_block_start"]
    assert [event["index"] for event in starts] == list(range(len(CONTENT)))
    assert all(start["content_block"]["input"] == {} for start in starts[3:6])


def test_r_stm_6_empty_text_has_no_delta() -> None:
    """A block without text is opened and closed."""
    message = {**MESSAGE, "content": [{"type": "text", "text": ""}]}
    assert "content_block_delta" not in [event["type"] for event in events(message_events(message))]


def test_a_message_without_usage_or_with_stop_details_is_told() -> None:
    """Usage must be an object for the SDKs; details of a refusal come with the stop reason."""
    message = {**MESSAGE, "usage": None, "stop_reason": "refusal", "stop_details": {"type": "refusal"}}
    told = events(message_events(message))
    assert told[0]["message"]["usage"]["input_tokens"] >= 1
    assert "stop_details" not in told[0]["message"]
    assert told[-2]["delta"] == {
        "stop_reason": "refusal",
        "stop_sequence": None,
        "stop_details": {"type": "refusal"},
    }


def test_r_sse_13_one_line_per_event() -> None:
    """Line separators inside strings are escaped."""
    assert "\u2028".encode() not in message_events(MESSAGE)


@pytest.mark.parametrize("stop_reason", ["end_turn", "max_tokens"])
def test_a_local_message_is_whole(stop_reason: str) -> None:
    """Every field a client reads, the client's own model, an estimate of its prompt."""
    message = local_message(request_body(user("hello")), lambda: "abc", [], stop_reason=stop_reason, output_tokens=3)
    assert message["id"] == "msg_abc"
    assert message["model"] == "claude-x"
    assert message["stop_reason"] == stop_reason
    assert message["usage"]["input_tokens"] > 0
    assert message["usage"]["output_tokens"] == 3
    assert json.loads(json.dumps(message)) == message
