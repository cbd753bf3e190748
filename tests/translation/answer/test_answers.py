"""Answers as the proxy uses them: streamed and whole."""

from __future__ import annotations

import gc
import json
import re
import weakref
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from helpers.answers import (
    DONE,
    REQUEST_ID,
    blocks,
    call,
    check_grammar,
    chunk,
    context,
    drive,
    ending,
    events,
    finish,
    message,
    say,
    stream,
    streamed,
    think,
    tools,
    usage,
    whole,
)
from tray_app.translation.answer import answers
from tray_app.translation.answer.answers import StreamedAnswer, message_id
from tray_app.translation.answer.chunk_shapes import Shape, shape
from tray_app.translation.errors import ApiError


def test_p_51_cumulative_arguments_are_read_as_such_in_either_form() -> None:
    """What fragments mean depends on the upstream, not on what the client wants."""
    parts = [call('{"a"', id="c", name="Bash"), call('{"a":1'), call('{"a":1}'), finish("tool_calls"), DONE]
    caps = {"args_mode": "cumulative"}
    (block,) = message(*parts, ctx=context(caps=caps))["content"]
    assert block["input"] == {"a": 1}
    assert tools(stream(*parts, ctx=context(caps=caps))) == [("Bash", {"a": 1})]


def test_r_com_3_the_message_can_begin_before_the_upstream_speaks() -> None:
    """start gives message_start and a ping once; the error that follows is an event."""
    answer = streamed()
    first = answer.start()
    assert [event["type"] for event in events(first)] == ["message_start", "ping"]
    assert answer.start() == b""
    data = first + answer.close()
    assert check_grammar(data) == ["message_start", "error"]


def test_r_rsp_1_message_ids_are_stable_for_a_request_and_unique_between_requests() -> None:
    """Upstreams that reuse one id do not make two messages look like one."""
    first, again = (message(say("x"), finish(), DONE)["id"] for _ in range(2))
    assert first == again == message_id("chatcmpl-1", REQUEST_ID)
    assert re.fullmatch("msg_[0-9A-Za-z]{24}", first)
    assert len({message_id(upstream, request) for upstream in ("", "a") for request in ("req_1", "req_2")}) == 4


def test_r_sse_6_usage_after_the_end_marker_in_the_same_read_counts() -> None:
    """A late usage chunk right behind [DONE] is read; later reads are ignored."""
    answer = streamed()
    data = answer.feed((say("x") + finish() + DONE + usage()).encode())
    assert answer.done
    assert ending(data)["usage"]["output_tokens"] == 50
    assert answer.feed(say("more").encode()) == b""
    assert answer.close() == b""


def test_the_summary_tells_what_happened() -> None:
    """Stop reason, usage, ids and losses for the log."""
    ctx = context()
    ctx.losses.add("top_k", "not supported")
    answer = streamed(ctx)
    assert answer.summary.stop_reason is None
    drive(answer, [(say("Hello é €😀") + finish() + usage() + DONE).encode()])
    found = answer.summary
    assert (found.stop_reason, found.upstream_model, found.losses) == (
        "end_turn",
        "up-model",
        ("top_k: not supported",),
    )
    assert answer.output_bytes == len("Hello é €😀".encode())


def test_fail_before_and_after_the_start() -> None:
    """The caller's own error is a status before the first byte, an event after it, and ignored at the end."""
    error = ApiError("timeout_error", "too slow")
    early = streamed()
    assert early.fail(error) == b""
    assert early.failure is error
    late = streamed()
    data = late.feed(say("x").encode()) + late.fail(error)
    assert check_grammar(data)[-1] == "error"
    assert late.fail(ApiError("api_error", "again")) == b""
    assert late.failure is error


def test_p_80_r_rsp_11_a_json_body_for_a_stream_becomes_a_stream() -> None:
    """One chat.completion is told as events, in the order reasoning, text, calls."""
    body = {
        "id": "c",
        "model": "up-model",
        "choices": [
            {
                "index": 0,
                "message": {
                    "role": "assistant",
                    "reasoning_content": "hm",
                    "content": "text",
                    "tool_calls": [
                        {
                            "id": "call_abcdefghijklmnopqrstu1",
                            "type": "function",
                            "function": {"name": "Bash", "arguments": '{"command":"a"}'},
                        }
                    ],
                },
                "finish_reason": "tool_calls",
            }
        ],
        "usage": {"prompt_tokens": 5, "completion_tokens": 2},
    }
    data = stream(json.dumps(body))
    assert [block["type"] for block in blocks(data)] == ["thinking", "text", "tool_use"]
    assert check_grammar(data)[-1] == "message_stop"
    assert message(json.dumps(body))["content"] == blocks(data)


def test_p_81_whole_answers_fail_as_errors() -> None:
    """A non-streaming client gets the error, not half a Message (28.4)."""
    with pytest.raises(ApiError, match="closed before"):
        message(say("half"))


def test_whole_answers_can_be_failed_by_the_caller() -> None:
    """The watchdog's error is what message raises."""
    answer = whole()
    answer.feed(say("x").encode())
    answer.fail(ApiError("timeout_error", "too slow"))
    answer.close()
    with pytest.raises(ApiError, match="too slow"):
        answer.message()
    assert answer.done


def test_a_body_that_cannot_be_read_ends_the_answer() -> None:
    """A broken read of the body ends the answer like any other failure."""
    answer = streamed()
    data = answer.feed(b"<html><title>Login</title></html>") + answer.close()
    assert data == b""
    assert answer.failure is not None
    assert "HTML" in answer.failure.message
    late = streamed()
    first = late.feed(say("x").encode())
    with_error = first + late.feed(b"data: " + b"y" * (17 * 2**20))
    assert check_grammar(with_error)[-1] == "error"


# ---- the short way of ordinary chunks


def _refusing(fields: tuple[str, ...]) -> Shape:
    """A shape that no chunk has, so that each takes the long way."""

    def refuse(data: bytes) -> Any:
        raise msgspec.ValidationError("not ordinary")

    return shape(fields)._replace(decode=refuse)


def _outcome(answer: StreamedAnswer, reads: list[str]) -> tuple[list[bytes], object, object]:
    written = [answer.feed(read.encode("utf-8", "surrogatepass")) for read in reads]
    written.append(answer.close())
    # Texts wait for the end of a run of them, so what is noticed in one read may be noted in another order.
    summary = msgspec.structs.replace(answer.summary, losses=tuple(sorted(answer.summary.losses)))
    return written, summary, answer.failure and answer.failure.message


_TEXT = st.sampled_from(
    ["", " ", "a", "END", "<think>", "</think>", "\u2028", "\x85", "\x7f", "/", "\\", '"', "\ud83d", "\ude00", "é😀"]
)
_PIECE = st.one_of(
    *[_TEXT.map(say)] * 8,
    _TEXT.map(think),
    _TEXT.map(json.dumps).map(  # every character beyond ASCII as an escape
        lambda quoted: f'data: {{"id":"chatcmpl-1","model":"up-model","choices":[{{"delta":{{"content":{quoted}}}}}]}}\n\n'
    ),
    st.builds(lambda text: chunk({"content": text, "reasoning_content": text}), _TEXT),
    st.builds(lambda text: chunk({"content": text}, usage={"prompt_tokens": 1, "completion_tokens": 2}), _TEXT),
    st.builds(lambda text: chunk({"content": text}, id=text, model="other"), _TEXT),
    st.builds(lambda text: chunk(choices=[{"message": {"content": text}}]), _TEXT),
    st.sampled_from([call('{"a":', id="c1", name="Bash"), call("1}"), chunk({"reasoning_details": [{"data": "x"}]})]),
    st.sampled_from([finish(), finish("length"), usage(), chunk(choices=[], id="late", usage={}), ": x\n\n", DONE]),
    st.just("data: {\n\n"),
)  # fmt: skip
_READS = st.lists(st.lists(_PIECE, max_size=6).map("".join), max_size=6)
_STOPS: dict[str, Any] = {"scan_stops": True, "stop_sequences": ("END",)}
_KINDS = st.sampled_from([{}, _STOPS])


@example(reads=[say("a"), say("a") + say("aEND")], fields=_STOPS, tags="off")
@example(reads=[say("a"), chunk({"reasoning_details": [{"data": "x"}]}), say("b")], fields={}, tags="off")
@example(reads=[say("a"), call("{"), say("b"), "data: {\n\n", say("c")], fields={}, tags="off")
@example(reads=[say("a"), "data: {\n\n", say("b")], fields={}, tags="off")
@example(reads=[say("") + say("END") + "data: {\n\n"], fields=_STOPS, tags="auto")
@given(reads=_READS, fields=_KINDS, tags=st.sampled_from(["auto", "off"]))
def test_the_short_way_of_ordinary_chunks_writes_the_same_bytes(
    reads: list[str], fields: dict[str, Any], tags: str
) -> None:
    """Read by read the same events, the same summary and the same error as by the tolerant reading, chunk by chunk."""
    outcomes = []
    for kind in (shape, _refusing):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("tray_app.translation.answer.chunks.chunk_shapes.shape", kind)
            answer = streamed(context(caps={"think_tags": tags}, **fields))
        outcomes.append(_outcome(answer, reads))
    assert outcomes[0] == outcomes[1]


def test_an_answer_that_has_ended_is_freed_at_once() -> None:
    """Nothing in it goes in a circle: with the request it holds, an answer may be megabytes, and collections are rare."""
    gc.collect()
    gc.disable()
    try:
        for make in (streamed, whole):
            answer = make()
            answer.feed("".join([say("a"), finish(), usage(), DONE]).encode())
            assert answer.done
            left = weakref.ref(answer._machine)
            del answer
            assert left() is None
    finally:
        gc.enable()


def test_d40_a_whole_answer_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Message that grows past what any request could carry back is refused while it grows."""
    monkeypatch.setattr(answers, "MAX_JSON_BYTES", 2**20)
    answer = whole()
    answer.feed(say("x" * 2**20).encode())
    assert not answer.done
    answer.feed(say("x").encode())
    with pytest.raises(ApiError, match="larger than 1 MiB"):
        answer.message()


def test_24_3_text_of_one_read_goes_through_the_filters() -> None:
    """Several pieces that arrive together, where something still has to see each of them."""
    answer = streamed(context(stop_sequences=("END",), scan_stops=True))
    data = answer.feed((say("a") + say("E") + say("N") + say("D") + say("b")).encode())
    assert [block["text"] for block in blocks(data)] == ["a"]
    assert ending(data)["delta"]["stop_sequence"] == "END"


def test_24_3_a_stop_sequence_in_text_that_was_held_to_the_end_counts() -> None:
    """What another filter lets go of at the end still passes the scanner."""
    ctx = context(
        caps={"leaked_calls": ("hermes",)}, tool_schemas={"Bash": {}}, stop_sequences=("END",), scan_stops=True
    )
    data = stream(say("a<tool_call>b END c"), finish(), DONE, ctx=ctx)
    assert [block["text"] for block in blocks(data)] == ["a<tool_call>b "]
    assert ending(data)["delta"] == {"stop_reason": "stop_sequence", "stop_sequence": "END"}


def test_it_flows_until_the_model_has_finished() -> None:
    """What may come after that is waited for only for a moment."""
    answer = streamed()
    answer.feed(say("a").encode())
    assert (answer.flowing, answer.awaiting_usage) == (True, False)
    answer.feed(finish().encode())
    assert (answer.flowing, answer.awaiting_usage) == (False, True)
    answer.feed(DONE.encode())
    assert (answer.flowing, answer.done) == (False, True)
