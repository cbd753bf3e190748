"""Answers that are passed through."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.answers import REQUEST_ID, context, events, ids, sdk_message
from helpers.passed import MESSAGE, STREAM, cut_before, passed_answer, relay
from tray_app.translation import codec, failures
from tray_app.translation.answer.sse import PING
from tray_app.translation.errors import ApiError
from tray_app.translation.local.messages import message_events
from tray_app.translation.passthrough import answer as pass_answer
from tray_app.translation.passthrough.answer import WAITING, PassthroughBody

ERROR = b'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n'


def test_r_pas_3_r_pas_4_the_bytes_are_untouched() -> None:
    """Comments, pings, unknown events, line ends: as they came, and the SDK reads them."""
    passed = passed_answer()
    assert relay(passed, [STREAM]) == STREAM
    assert passed.done
    assert passed.failure is None
    assert not passed.awaiting_usage
    assert [block["type"] for block in sdk_message(STREAM)["content"]] == ["thinking", "text", "tool_use"]


@given(st.lists(st.integers(0, len(STREAM)), max_size=12))
def test_however_the_bytes_are_cut(cuts: list[int]) -> None:
    """The same bytes, and every piece ends at the end of an event, so that a ping may follow."""
    places = [0, *sorted(cuts), len(STREAM)]
    passed = passed_answer()
    pieces = [passed.feed(STREAM[a:b]) for a, b in itertools.pairwise(places)]
    assert b"".join([*pieces, passed.close()]) == STREAM
    assert all(piece.endswith((b"\n\n", b"\r\n\r\n")) for piece in pieces if piece)


def test_one_byte_at_a_time() -> None:
    """P-55: nothing is decoded before it is whole."""
    assert relay(passed_answer(), (STREAM[n : n + 1] for n in range(len(STREAM)))) == STREAM


def test_lone_carriage_returns_end_lines() -> None:
    """D35: legal, if rare."""
    data = message_events(MESSAGE).replace(b"\n", b"\r")
    passed = passed_answer()
    assert relay(passed, [data]) == data
    assert passed.summary.stop_reason == "tool_use"


def test_nothing_is_read_after_the_end() -> None:
    """What follows message_stop in a later read is ignored, so is a second end."""
    passed = passed_answer()
    passed.feed(STREAM)
    assert passed.feed(b"data: [DONE]\n\n") == b""
    assert passed.close() == b""
    assert passed.fail(failures.connection_lost()) == b""
    assert passed.failure is None


def test_r_pas_7_a_broken_stream_ends_in_an_error() -> None:
    """The rest of a half event is dropped; R-ERR-9: an open text block is closed first, a tool block never."""
    whole = cut_before(b"message_delta")
    in_text = whole[: whole.index(b"h\xc3\xa9llo") - 5]
    passed = passed_answer()
    told = relay(passed, [in_text])
    kinds = [event["type"] for event in events(told.replace(b": note\n\n", b""))]
    assert kinds[-2:] == ["content_block_stop", "error"]
    in_tool = whole[: whole.index(b"event: quantum")]
    in_tool = in_tool[: in_tool.rindex(b"event: content_block_stop")]
    kinds = [event["type"] for event in events(relay(passed_answer(), [in_tool]).replace(b": note\n\n", b""))]
    assert kinds[-2:] == ["content_block_delta", "error"]
    assert isinstance(passed.failure, ApiError)
    assert passed.failure.message == failures.connection_lost().message


def test_p_62_a_finished_answer_without_its_last_line_is_complete() -> None:
    """The stop reason was told: only message_stop is missing, and is added for SDKs that insist."""
    passed = passed_answer()
    told = relay(passed, [cut_before(b"message_stop")])
    assert told == STREAM
    assert passed.failure is None


def test_r_sse_7_a_last_event_without_its_blank_line_counts() -> None:
    """It is completed; a half one is not."""
    for missing in (1, 2):
        passed = passed_answer()
        assert relay(passed, [STREAM[:-missing]]).rstrip(b"\n") == STREAM.rstrip(b"\n")
        assert passed.done
    passed = passed_answer()
    rest = cut_before(b"content_block_start") + b'event: content_block_start\ndata: {"type":'
    assert events(relay(passed, [rest]))[-1]["type"] == "error"


def test_r_com_4_nothing_at_all_is_a_plain_error() -> None:
    """No byte was written: the failure is told by a status."""
    passed = passed_answer()
    assert relay(passed, [b"", b"\n"]) == b""
    assert not passed.started
    assert passed.failure is not None
    assert passed.failure.status == 502


def test_r_com_3_an_early_commit_writes_a_comment() -> None:
    """Nothing may come before message_start but a comment; a ping after it is harmless; once is enough."""
    passed = passed_answer()
    assert passed.start() == WAITING
    assert passed.start() == b""
    assert passed.started
    told = WAITING + PING + relay(passed, [STREAM])
    assert sdk_message(told)["stop_reason"] == "tool_use"


def test_r_com_3_a_failure_after_the_commit_is_an_event() -> None:
    """P-95: never JSON in the middle of a stream."""
    passed = passed_answer()
    passed.start()
    told = passed.fail(failures.timed_out("first_byte", 290))
    assert events(told)[0]["error"]["type"] == "timeout_error"
    assert events(told)[0]["request_id"] == REQUEST_ID
    assert passed.done
    assert passed.feed(STREAM) == b""


def test_an_error_event_is_relayed_and_noted() -> None:
    """R-PAS-3: the upstream's bytes; the failure is known for the log."""
    passed = passed_answer()
    head = cut_before(b"content_block_start")
    assert relay(passed, [head + ERROR]) == head + ERROR
    assert passed.failure is not None
    assert (passed.failure.type, passed.failure.status) == ("overloaded_error", 529)


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"{broken", "{broken"), (b'{"message":"odd"}', "odd"), (b"{}", "no explanation"), (b"", "no explanation")],
)
def test_r_sse_11_an_error_event_of_any_shape_is_an_error(data: bytes, words: str) -> None:
    """By its name alone."""
    passed = passed_answer()
    told = b"event: error\ndata: " + data + b"\n\n"
    assert passed.feed(told) == told
    assert passed.failure is not None
    assert words in passed.failure.message


def test_r_rsp_11_a_json_message_becomes_a_stream() -> None:
    """An endpoint that ignores `stream`."""
    passed = passed_answer()
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
    passed = passed_answer()
    assert relay(passed, [body]) == b""
    assert passed.failure is not None
    assert passed.failure.status == status
    whole = collected(body)
    assert whole.failure is not None
    assert whole.failure.status == status


def test_a_long_page_fails_at_once() -> None:
    """Nobody waits for the end of a page that is no answer."""
    passed = passed_answer()
    assert passed.feed(b"<html>" + b"x" * 100_000) == b""
    assert passed.failure is not None


def test_r_sse_8_an_endless_event_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The buffer has a limit."""
    monkeypatch.setattr(pass_answer, "MAX_EVENT_BYTES", 1000)
    passed = passed_answer()
    head = cut_before(b"content_block_start")
    assert passed.feed(head) == head
    told = passed.feed(b"data: " + b"x" * 1000)
    assert events(told)[-1]["type"] == "error"


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


def test_it_flows_until_it_is_done() -> None:
    """There is nothing to wait for after the end."""
    passed = passed_answer()
    passed.feed(cut_before(b"message_stop"))
    assert (passed.flowing, passed.done) == (True, False)
    passed.feed(STREAM)
    passed.close()
    assert (passed.flowing, passed.done) == (False, True)
