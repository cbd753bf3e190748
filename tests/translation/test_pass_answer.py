"""Answers that are passed through."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.answers import REQUEST_ID, context, events, ids, sdk_message
from tray_app.translation import codec, failures, pass_answer
from tray_app.translation.errors import ApiError
from tray_app.translation.local_answers import message_events
from tray_app.translation.pass_answer import WAITING, PassthroughAnswer, PassthroughBody
from tray_app.translation.sse import PING
from tray_app.translation.usage import UsageSource

MESSAGE: dict[str, Any] = {
    "id": "msg_up",
    "type": "message",
    "role": "assistant",
    "model": "claude-up",
    "content": [
        {"type": "thinking", "thinking": "hm", "signature": "theirs"},
        {"type": "text", "text": "h\u00e9llo \u4e16"},
        {"type": "tool_use", "id": "toolu_1", "name": "Bash", "input": {"a": 1}},
    ],
    "stop_reason": "tool_use",
    "stop_sequence": None,
    "usage": {"input_tokens": 9, "output_tokens": 7, "cache_read_input_tokens": 3, "cache_creation_input_tokens": 0},
}
STREAM = (
    message_events(MESSAGE)
    .replace(b"event: content_block_stop", b': note\n\nevent: ping\ndata: {"type": "ping"}\n\nevent: content_block_stop', 1)
    .replace(b"event: message_delta", b'event: quantum\r\ndata: {"type":"quantum"}\r\n\r\nevent: message_delta')
)  # fmt: skip
ERROR = b'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n'


def answer(**caps: Any) -> PassthroughAnswer:
    """A passed stream."""
    return PassthroughAnswer(context(caps=caps), new_id=ids().__next__, request_id=REQUEST_ID)


def drive(passed: PassthroughAnswer, reads: Iterable[bytes]) -> bytes:
    """Everything the client gets for these reads and the end."""
    return b"".join([*(passed.feed(data) for data in reads), passed.close()])


def test_r_pas_3_r_pas_4_the_bytes_are_untouched() -> None:
    """Comments, pings, unknown events, line ends: as they came, and the SDK reads them."""
    passed = answer()
    assert drive(passed, [STREAM]) == STREAM
    assert passed.done
    assert passed.failure is None
    assert not passed.awaiting_usage
    assert [block["type"] for block in sdk_message(STREAM)["content"]] == ["thinking", "text", "tool_use"]


def test_r_pas_4_the_tap_reads_along() -> None:
    """Usage, stop reason, ids and what was written, without touching a byte."""
    passed = answer()
    drive(passed, [STREAM])
    summary = passed.summary
    assert (summary.stop_reason, summary.stop_sequence) == ("tool_use", None)
    assert (summary.upstream_id, summary.upstream_model) == ("msg_up", "claude-up")
    assert (summary.usage.input_tokens, summary.usage.output_tokens, summary.usage.cache_read_input_tokens) == (9, 7, 3)
    assert summary.usage.source is UsageSource.REPORTED
    assert summary.output_bytes == passed.output_bytes == len("hmh\u00e9llo \u4e16".encode()) + len(b'{"a":1}')


@given(st.lists(st.integers(0, len(STREAM)), max_size=12))
def test_however_the_bytes_are_cut(cuts: list[int]) -> None:
    """The same bytes, and every piece ends at the end of an event, so that a ping may follow."""
    places = [0, *sorted(cuts), len(STREAM)]
    passed = answer()
    pieces = [passed.feed(STREAM[a:b]) for a, b in itertools.pairwise(places)]
    assert b"".join([*pieces, passed.close()]) == STREAM
    assert all(piece.endswith((b"\n\n", b"\r\n\r\n")) for piece in pieces if piece)


def test_one_byte_at_a_time() -> None:
    """P-55: nothing is decoded before it is whole."""
    assert drive(answer(), (STREAM[n : n + 1] for n in range(len(STREAM)))) == STREAM


def test_lone_carriage_returns_end_lines() -> None:
    """D35: legal, if rare."""
    data = message_events(MESSAGE).replace(b"\n", b"\r")
    passed = answer()
    assert drive(passed, [data]) == data
    assert passed.summary.stop_reason == "tool_use"


def test_nothing_is_read_after_the_end() -> None:
    """What follows message_stop in a later read is ignored, so is a second end."""
    passed = answer()
    passed.feed(STREAM)
    assert passed.feed(b"data: [DONE]\n\n") == b""
    assert passed.close() == b""
    assert passed.fail(failures.connection_lost()) == b""
    assert passed.failure is None


def cut_before(name: bytes) -> bytes:
    """The stream up to the first event of this name."""
    return STREAM[: STREAM.index(b"event: " + name)]


def test_r_pas_7_a_broken_stream_ends_in_an_error() -> None:
    """The rest of a half event is dropped; R-ERR-9: an open text block is closed first, a tool block never."""
    whole = cut_before(b"message_delta")
    in_text = whole[: whole.index(b"h\xc3\xa9llo") - 5]
    passed = answer()
    told = drive(passed, [in_text])
    kinds = [event["type"] for event in events(told.replace(b": note\n\n", b""))]
    assert kinds[-2:] == ["content_block_stop", "error"]
    in_tool = whole[: whole.index(b"event: quantum")]
    in_tool = in_tool[: in_tool.rindex(b"event: content_block_stop")]
    kinds = [event["type"] for event in events(drive(answer(), [in_tool]).replace(b": note\n\n", b""))]
    assert kinds[-2:] == ["content_block_delta", "error"]
    assert isinstance(passed.failure, ApiError)
    assert passed.failure.message == failures.connection_lost().message


def test_p_62_a_finished_answer_without_its_last_line_is_complete() -> None:
    """The stop reason was told: only message_stop is missing, and is added for SDKs that insist."""
    passed = answer()
    told = drive(passed, [cut_before(b"message_stop")])
    assert told == STREAM
    assert passed.failure is None


def test_r_sse_7_a_last_event_without_its_blank_line_counts() -> None:
    """It is completed; a half one is not."""
    for missing in (1, 2):
        passed = answer()
        assert drive(passed, [STREAM[:-missing]]).rstrip(b"\n") == STREAM.rstrip(b"\n")
        assert passed.done
    passed = answer()
    rest = cut_before(b"content_block_start") + b'event: content_block_start\ndata: {"type":'
    assert events(drive(passed, [rest]))[-1]["type"] == "error"


def test_r_com_4_nothing_at_all_is_a_plain_error() -> None:
    """No byte was written: the failure is told by a status."""
    passed = answer()
    assert drive(passed, [b"", b"\n"]) == b""
    assert not passed.started
    assert passed.failure is not None
    assert passed.failure.status == 502


def test_r_com_3_an_early_commit_writes_a_comment() -> None:
    """Nothing may come before message_start but a comment; a ping after it is harmless; once is enough."""
    passed = answer()
    assert passed.start() == WAITING
    assert passed.start() == b""
    assert passed.started
    told = WAITING + PING + drive(passed, [STREAM])
    assert sdk_message(told)["stop_reason"] == "tool_use"


def test_r_com_3_a_failure_after_the_commit_is_an_event() -> None:
    """P-95: never JSON in the middle of a stream."""
    passed = answer()
    passed.start()
    told = passed.fail(failures.timed_out("first_byte", 290))
    assert events(told)[0]["error"]["type"] == "timeout_error"
    assert events(told)[0]["request_id"] == REQUEST_ID
    assert passed.done
    assert passed.feed(STREAM) == b""


def test_an_error_event_is_relayed_and_noted() -> None:
    """R-PAS-3: the upstream's bytes; the failure is known for the log."""
    passed = answer()
    head = cut_before(b"content_block_start")
    assert drive(passed, [head + ERROR]) == head + ERROR
    assert passed.failure is not None
    assert (passed.failure.type, passed.failure.status) == ("overloaded_error", 529)


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"{broken", "{broken"), (b'{"message":"odd"}', "odd"), (b"{}", "no explanation"), (b"", "no explanation")],
)
def test_r_sse_11_an_error_event_of_any_shape_is_an_error(data: bytes, words: str) -> None:
    """By its name alone."""
    passed = answer()
    told = b"event: error\ndata: " + data + b"\n\n"
    assert passed.feed(told) == told
    assert passed.failure is not None
    assert words in passed.failure.message


def test_r_rsp_11_a_json_message_becomes_a_stream() -> None:
    """An endpoint that ignores `stream`."""
    passed = answer()
    body = b" \n" + codec.dumps(MESSAGE)
    assert passed.feed(body[:10]) + passed.feed(body[10:]) == b""
    assert passed.close() == message_events(MESSAGE)
    assert passed.started
    assert passed.done
    assert passed.summary.stop_reason == "tool_use"
    assert passed.summary.usage.input_tokens == 9


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"type":"error","error":{"type":"rate_limit_error","message":"slow"}}', 429),
        (b'{"choices":[]}', 502),
        (b"[]", 502),
        (b"{broken", 502),
        (b"<html><title>Login</title></html>", 502),
    ],
)
def test_p_93_what_is_no_message_is_a_plain_error(body: bytes, status: int) -> None:
    """Errors, other JSON and HTML in place of a stream, and in place of a body."""
    passed = answer()
    assert drive(passed, [body]) == b""
    assert passed.failure is not None
    assert passed.failure.status == status
    whole = collected(body)
    assert whole.failure is not None
    assert whole.failure.status == status


def test_a_long_page_fails_at_once() -> None:
    """Nobody waits for the end of a page that is no answer."""
    passed = answer()
    assert passed.feed(b"<html>" + b"x" * 100_000) == b""
    assert passed.failure is not None


def test_r_sse_8_an_endless_event_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The buffer has a limit."""
    monkeypatch.setattr(pass_answer, "MAX_EVENT_BYTES", 1000)
    passed = answer()
    head = cut_before(b"content_block_start")
    assert passed.feed(head) == head
    told = passed.feed(b"data: " + b"x" * 1000)
    assert events(told)[-1]["type"] == "error"


def test_events_the_tap_cannot_read_are_relayed() -> None:
    """Wrong types, no JSON, no usage: no number, no failure."""
    odd = (
        b'event: message_start\ndata: {"type":"message_start","message":{"usage":null}}\n\n'
        b'event: message_delta\ndata: {"type":"message_delta","delta":5}\n\n'
        b"data: no json\n\n"
        b'event: message_delta\ndata: {"type":"message_delta",'
        b'"delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":"7"}}\n\n'
        b'event: message_stop\ndata: {"type":"message_stop"}\n\n'
    )
    passed = answer()
    assert drive(passed, [odd]) == odd
    assert passed.summary.stop_reason == "end_turn"
    assert passed.summary.usage.source is UsageSource.ESTIMATED
    assert passed.summary.usage.input_tokens == 7


def test_r_use_6_a_later_zero_does_not_win() -> None:
    """message_delta may repeat the input as 0."""
    late = STREAM.replace(
        b'"usage":{"input_tokens":9,"output_tokens":7', b'"usage":{"input_tokens":0,"output_tokens":7'
    )
    passed = answer()
    drive(passed, [late])
    assert passed.summary.usage.input_tokens == 9


def mended(body: bytes) -> bytes:
    """What a flagged endpoint's stream becomes."""
    return drive(answer(pass_mend_stream=True), [body])


def test_p_82_a_done_marker_is_removed_where_flagged() -> None:
    """And only there."""
    head = cut_before(b"message_stop")
    body = head + b"data: [DONE]\n\n" + STREAM[len(head) :]
    assert mended(body) == STREAM
    assert drive(answer(), [body]) == body


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
    assert answer(pass_mend_stream=True).feed(body) == body


def test_mending_leaves_a_good_stream_alone() -> None:
    """Byte for byte."""
    assert mended(STREAM) == STREAM


def collected(body: bytes) -> PassthroughBody:
    """A passed whole answer."""
    whole = PassthroughBody(context(), new_id=ids().__next__, request_id=REQUEST_ID)
    whole.feed(body[:5])
    whole.feed(body[5:])
    whole.close()
    return whole


def test_r_pas_3_a_whole_body_is_relayed_verbatim() -> None:
    """With its own white space and order; the tap has read it."""
    body = b' { "x": 1.0, ' + codec.dumps(MESSAGE)[1:]
    whole = collected(body)
    assert whole.body() == body
    assert whole.done
    assert whole.failure is None
    assert whole.summary.stop_reason == "tool_use"
    assert whole.summary.usage.output_tokens == 7
    whole.close()
    assert whole.body() == body


def test_p_81_a_stream_in_place_of_a_body_is_an_error() -> None:
    """A client that wants JSON never gets SSE."""
    whole = collected(STREAM)
    with pytest.raises(ApiError, match="event stream"):
        whole.body()


def test_an_empty_body_is_an_error() -> None:
    """Nothing is no answer."""
    whole = collected(b"")
    with pytest.raises(ApiError, match="without sending an answer"):
        whole.body()


def test_the_first_failure_of_a_body_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Later ones are consequences."""
    monkeypatch.setattr(pass_answer, "MAX_JSON_BYTES", 2**20)
    whole = collected(b"x" * (2**20 + 1))
    whole.fail(failures.connection_lost())
    assert whole.failure is not None
    assert "larger than 1 MiB" in whole.failure.message
