"""Any provider's chunk or whole answer, read into neutral deltas."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.reading import context, gist, read, read_event
from tray_app.translation.answer.body import JSONBody
from tray_app.translation.answer.chunks import MAX_BAD_EVENTS, ChunkReader
from tray_app.translation.answer.deltas import (
    Delta,
    Ended,
    Failed,
    Finish,
    Meta,
    Reasoning,
    ReasoningOpaque,
    Refusal,
    Text,
    ToolDelta,
    UsageReport,
)
from tray_app.translation.answer.sse import SSEEvent
from tray_app.translation.context import AnswerContext

CALL = {"index": 0, "id": "c1", "type": "function", "function": {"name": "Bash", "arguments": '{"a":'}}


def event(value: Any, name: str = "") -> SSEEvent:
    return SSEEvent(name, value if isinstance(value, bytes) else json.dumps(value).encode())


def chunk(delta: Any = None, finish: Any = None, **fields: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": delta, "finish_reason": finish, **fields}]}


def message(body: Any, finish: str | None = "stop", **fields: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "message": body, "finish_reason": finish}], **fields}


def deltas(*values: Any, caps: dict[str, Any] | None = None, answer: AnswerContext | None = None) -> list[Delta]:
    """The deltas of a stream of chunks (or events), its end not included."""
    reader = ChunkReader(answer or context(caps))
    return [d for value in values for d in read_event(reader, value if isinstance(value, SSEEvent) else event(value))]


def whole(value: Any, caps: dict[str, Any] | None = None) -> list[Delta]:
    return ChunkReader(context(caps)).read_whole(JSONBody(value, escapes=True))


def failure(found: list[Delta]) -> str:
    last = found[-1]
    assert isinstance(last, Failed)
    return last.error.message


# R-CHK


def test_r_chk_1_p_75_chunks_without_choices_give_meta_and_usage_only() -> None:
    """Missing, null and empty choices; Azure's first chunk has an empty id."""
    for choices in ({}, {"choices": None}, {"choices": []}, {"choices": "x"}):
        value = {**choices, "id": "", "model": "m", "prompt_filter_results": [], "usage": {"prompt_tokens": 1}}
        assert deltas(value) == [Meta("", "m"), UsageReport({"prompt_tokens": 1})]


def test_meta_comes_once_and_again_when_it_is_completed() -> None:
    """Ids and models that are missing or empty later on change nothing."""
    first, second = {"id": "a", **chunk({})}, {"id": "a", "model": "m", **chunk({})}
    assert deltas(first, first, second, chunk({}), {"id": None, **chunk({"content": "x"})}) == [
        Meta("a", ""), Meta("a", "m"), Text("x"),
    ]  # fmt: skip


def test_r_chk_2_d26_only_choice_0_is_read() -> None:
    """By its index, not by its place; a missing or senseless index is 0."""
    others = [{"index": 1, "delta": {"content": "b"}}, {"index": 0, "delta": {"content": "a"}}, 7]
    assert deltas({"choices": others}) == [Text("a")]
    assert deltas({"choices": [{"delta": {"content": "a"}}]}) == [Text("a")]
    assert deltas({"choices": [{"index": "0", "delta": {"content": "a"}}]}) == [Text("a")]
    assert deltas({"choices": [{"index": 1, "delta": {"content": "b"}}]}) == []


def test_r_rsp_3_p_113_copilot_choices_are_merged_in_index_order() -> None:
    """Text in choice 0 and calls in choice 1, in whatever order they are listed."""
    calls = {"index": 1, "message": {"content": None, "tool_calls": [CALL]}, "finish_reason": "tool_calls"}
    text = {"index": 0, "message": {"content": "Hi"}, "finish_reason": "tool_calls"}
    found = whole({"choices": [calls, text]}, {"merge_choices": True})
    assert found == [
        Text("Hi"), ToolDelta(0, "c1", "Bash", '{"a":'), Finish("tool_calls"), Finish("tool_calls"), Ended(),
    ]  # fmt: skip
    assert whole({"choices": [calls, text]}) == [Text("Hi"), Finish("tool_calls"), Ended()]


def test_r_chk_3_snapshots_add_what_is_new() -> None:
    """Messages that hold everything so far."""
    call = {"id": "c1", "function": {"name": "Bash", "arguments": "{"}}
    longer = {"id": "c1", "function": {"name": "Bash", "arguments": '{"a":1}'}}
    values = [
        message({"content": "Hel"}, None),
        message({"content": "Hello", "reasoning_content": "Hm"}, None),
        message({"content": "Hello", "reasoning_content": "Hm", "tool_calls": [call]}, None),
        message({"content": "Hello", "reasoning_content": "Hm", "tool_calls": [longer]}),
    ]
    assert deltas(*values) == [
        Text("Hel"), Reasoning("Hm", "reasoning_content"), Text("lo"), ToolDelta(0, "c1", "Bash", "{"),
        ToolDelta(0, "c1", "Bash", '"a":1}'), Finish("stop"),
    ]  # fmt: skip


def test_r_chk_3_a_last_snapshot_repeats_the_deltas() -> None:
    """A message at the end adds nothing; one that contradicts the deltas adds nothing either."""
    said = [chunk({"content": "Hel"}), chunk({"content": "lo"}), chunk({"tool_calls": [CALL]})]
    same = message({"content": "Hello", "tool_calls": [{**CALL, "index": None}]})
    other = message({"content": "Something else"})
    before = [Text("Hel"), Text("lo"), ToolDelta(0, "c1", "Bash", '{"a":')]
    assert deltas(*said, same) == deltas(*said, other) == [*before, Finish("stop")]
    assert deltas(*said, message({"content": "Hello!"})) == [*before, Text("!"), Finish("stop")]


def test_r_chk_3_increments_in_the_wrong_field_are_increments() -> None:
    """Pieces under `message` or `text` that do not repeat what came before, as legacy completions send them."""
    texts = [{"choices": [{"index": 0, "text": text, "finish_reason": None}]} for text in ("Hel", "lo", "", " you")]
    assert deltas(*texts) == [Text("Hel"), Text("lo"), Text(" you")]
    assert deltas(*(message({"content": text}, None) for text in ("Hel", "lo"))) == [Text("Hel"), Text("lo")]


def test_r_chk_3_a_delta_that_says_nothing_lets_the_message_speak() -> None:
    """Some send an empty delta beside the whole message."""
    value = {"choices": [{"index": 0, "delta": {"role": "assistant"}, "message": {"content": "Hi"}}]}
    assert deltas(value) == [Text("Hi")]


def test_r_chk_3_opaque_state_is_not_repeated() -> None:
    """A snapshot does not send the details again that deltas sent."""
    details = {"reasoning_details": [{"type": "reasoning.encrypted", "data": "x"}]}
    assert deltas(chunk(details), message(details)) == [
        ReasoningOpaque(details["reasoning_details"][0], "details"),
        Finish("stop"),
    ]
    assert len(deltas(message({"reasoning_details": details["reasoning_details"] * 2}))) == 3


@pytest.mark.parametrize(
    "content",
    ["Hi", [{"type": "text", "text": "Hi"}], ["Hi"], {"type": "text", "text": "Hi"}, {"text": {"value": "Hi"}},
     [{"type": "output_text", "text": "Hi"}], [{"text": "Hi"}, {"type": "text", "text": ""}, "", None, 5]],
)  # fmt: skip
def test_r_chk_4_r_rsp_4_content_in_any_shape(content: Any) -> None:
    """A string, a part, a list of either (D25)."""
    assert deltas(chunk({"content": content})) == [Text("Hi")]
    assert whole(message({"content": content})) == [Text("Hi"), Finish("stop"), Ended()]


@pytest.mark.parametrize("content", [None, "", [], {}, 5, True, [None]])
def test_r_chk_4_content_that_is_nothing(content: Any) -> None:
    """Null, empty and senseless content says nothing."""
    assert deltas(chunk({"content": content})) == []


def test_r_rsp_8_content_that_cannot_be_carried_is_noted() -> None:
    """Images, audio and annotations go into the ledger, not into the void (R-RSP-8)."""
    answer = context()
    body = {
        "content": [{"type": "image_url", "image_url": {}}],
        "annotations": [{"type": "url_citation"}],
        "audio": None,
    }
    assert deltas(chunk(body), answer=answer) == []
    assert [note.partition(":")[0] for note in answer.losses] == ["answer.content.image_url", "answer.annotations"]


def test_r_chk_5_p_27_the_first_reasoning_field_wins() -> None:
    """The same text under two names is said once; the order is the profile's."""
    both = {"reasoning": "Hm", "reasoning_content": "Hm"}
    assert deltas(chunk(both)) == [Reasoning("Hm", "reasoning_content")]
    assert deltas(chunk(both), caps={"reasoning_fields": ("reasoning", "reasoning_content")}) == [
        Reasoning("Hm", "reasoning")
    ]
    assert deltas(chunk(both), caps={"reasoning_fields": ()}) == []
    assert deltas(chunk({"reasoning_content": "", "reasoning": "Hm"})) == [Reasoning("Hm", "reasoning")]
    assert deltas(chunk({"content": "Hm"}), caps={"reasoning_fields": ("content", "x")}) == [Text("Hm")]


@pytest.mark.parametrize("value", [{"content": "Hm"}, {"text": "Hm"}, {"summary": "Hm"}])
def test_r_chk_5_reasoning_may_be_an_object(value: Any) -> None:
    """`reasoning` as an object that wraps its text."""
    assert deltas(chunk({"reasoning": value})) == [Reasoning("Hm", "reasoning")]


def test_r_chk_5_details_are_shown_when_no_plain_field_is_there() -> None:
    """Fragments become one entry, which comes before the text that follows; encrypted entries stay apart."""
    text = {"type": "reasoning.text", "text": "Hm", "index": 0}
    more = {"type": "reasoning.text", "text": "m", "signature": "s", "index": 0, "id": None}
    summary = {"type": "reasoning.summary", "summary": "S", "index": 1}
    encrypted = {"type": "reasoning.encrypted", "data": "x"}
    found = deltas(
        chunk({"reasoning_details": [text]}), chunk({"reasoning_details": [more, summary]}),
        chunk({"reasoning_details": [encrypted, encrypted, "x"]}), chunk({"content": "A"}),
    )  # fmt: skip
    merged = {"type": "reasoning.text", "text": "Hmm", "index": 0, "signature": "s"}
    assert found == [
        Reasoning("Hm", "details"), Reasoning("m", "details"), Reasoning("S", "details"),
        ReasoningOpaque(merged, "details"), ReasoningOpaque(summary, "details"),
        ReasoningOpaque(encrypted, "details"), ReasoningOpaque(encrypted, "details"), Text("A"),
    ]  # fmt: skip


def test_r_chk_5_details_beside_a_plain_field_are_kept_unshown() -> None:
    """The plain text is shown, the details are kept, also in later chunks that have only details."""
    details = [{"type": "reasoning.text", "text": "Hm"}]
    found = deltas(
        chunk({"reasoning": "Hm", "reasoning_details": details}),
        chunk({"reasoning_details": details}),
        chunk({}, "stop"),
    )
    assert found == [
        Reasoning("Hm", "reasoning"), ReasoningOpaque({"type": "reasoning.text", "text": "HmHm"}, "details"), Finish("stop"),
    ]  # fmt: skip
    fast = deltas(chunk({"reasoning": "Hm"}), chunk({"reasoning_details": details}), chunk({}, "stop"))
    assert fast[0:2] == [Reasoning("Hm", "reasoning"), ReasoningOpaque(details[0], "details")]


def test_r_chk_5_details_at_the_end_of_the_bytes_are_not_lost() -> None:
    """An entry in the making comes with the end, whatever ends it."""
    reader = ChunkReader(context())
    details = {"reasoning_details": [{"type": "reasoning.text", "text": "Hm"}]}
    assert read_event(reader, event(chunk(details))) == [Reasoning("Hm", "details")]
    assert reader.close() == [ReasoningOpaque({"type": "reasoning.text", "text": "Hm"}, "details")]


def test_copilot_s_opaque_reasoning_is_kept() -> None:
    """`reasoning_text` is shown, `reasoning_opaque` kept."""
    assert deltas(chunk({"reasoning_text": "Hm", "reasoning_opaque": "x"})) == [
        Reasoning("Hm", "reasoning_text"), ReasoningOpaque("x", "copilot"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "part",
    [{"type": "thinking", "thinking": [{"type": "text", "text": "Hm"}]}, {"type": "thinking", "thinking": "Hm"},
     {"type": "reasoning", "text": "Hm"}, {"type": "reasoning", "summary": [{"type": "summary_text", "text": "Hm"}]}],
)  # fmt: skip
def test_r_chk_6_thinking_parts_are_reasoning(part: Any) -> None:
    """Mistral's content parts and their relatives; empty ones are nothing."""
    found = deltas(chunk({"content": [part, {"type": "thinking", "thinking": []}, {"type": "text", "text": "A"}]}))
    assert found == [Reasoning("Hm", "mistral"), Text("A")]


def test_r_chk_7_p_28_empty_reasoning_is_nothing() -> None:
    """DeepSeek's first chunk opens no thinking block."""
    for value in ("", None, [], {}, {"text": ""}):
        assert deltas(chunk({"role": "assistant", "content": None, "reasoning_content": value})) == []


@pytest.mark.parametrize("index", ["0", 0.0, 0])
def test_r_chk_8_d25_indexes_in_any_type(index: Any) -> None:
    """Numbers as strings and floats."""
    found = deltas(chunk({"tool_calls": [{**CALL, "index": index}]}))
    assert found == [ToolDelta(0, "c1", "Bash", '{"a":')]


@pytest.mark.parametrize("index", [None, "x", -1, True, 1.5, "12345678901"])
def test_r_chk_8_a_senseless_index_is_none(index: Any) -> None:
    """What cannot be a place is no place."""
    assert deltas(chunk({"tool_calls": [{**CALL, "index": index}]})) == [ToolDelta(None, "c1", "Bash", '{"a":')]


def test_r_chk_8_a_huge_index_is_corrupt() -> None:
    """Over 1000: an error, and no table of that size."""
    assert deltas(chunk({"tool_calls": [{**CALL, "index": 1000}]})) == [ToolDelta(1000, "c1", "Bash", '{"a":')]
    assert "index 1001" in failure(deltas(chunk({"tool_calls": [{**CALL, "index": 1001}]})))


@pytest.mark.parametrize("finish", ["", None, "null", 5, {}])
def test_r_chk_9_d7_no_finish(finish: Any) -> None:
    """Empty, null and the word null are no finish reason."""
    assert deltas(chunk({"content": "x"}, finish)) == [Text("x")]


def test_r_chk_9_finish_with_its_native_reason() -> None:
    """OpenRouter's second opinion (25.2)."""
    assert deltas(chunk({}, "stop", native_finish_reason="MAX")) == [Finish("stop", "MAX")]


@pytest.mark.parametrize(
    "value",
    [{"usage": {"a": 1}}, {"choices": [{"index": 0, "delta": {}, "usage": {"a": 1}}]}, {"x_groq": {"usage": {"a": 1}}},
     {**chunk({}), "usage": {"a": 1}}],
)  # fmt: skip
def test_r_chk_10_p_67_usage_in_any_place(value: Any) -> None:
    """At the top, in the choice (Moonshot), in Groq's object, with and without choices."""
    assert deltas({"choices": [], **value}) == [UsageReport({"a": 1})]


@pytest.mark.parametrize("usage", [None, {}, 5, "x", []])
def test_r_chk_10_no_usage(usage: Any) -> None:
    """Null and empty usage says nothing."""
    assert deltas({**chunk({"content": "x"}), "usage": usage}) == [Text("x")]


def test_r_chk_11_p_48_a_chunk_may_hold_everything() -> None:
    """Meta, reasoning, text, call, refusal, usage, finish, in this order whatever the order of the keys."""
    delta = {"refusal": "No", "tool_calls": [CALL], "content": "A", "reasoning_content": "Hm", "role": "assistant"}
    value = {"usage": {"a": 1}, **chunk(delta, "stop"), "id": "i", "model": "m"}
    assert deltas(value) == [
        Meta("i", "m"), Reasoning("Hm", "reasoning_content"), Text("A"), ToolDelta(0, "c1", "Bash", '{"a":'),
        Refusal("No"), UsageReport({"a": 1}), Finish("stop"),
    ]  # fmt: skip
    ordinary = {"usage": {"a": 1}, **chunk({**delta, "refusal": ""}), "id": "i", "model": "m"}
    assert deltas(ordinary) == [
        Meta("i", "m"), Reasoning("Hm", "reasoning_content"), Text("A"), ToolDelta(0, "c1", "Bash", '{"a":'),
        UsageReport({"a": 1}),
    ]  # fmt: skip


@pytest.mark.parametrize("role", ["assistant", "", None, 5])
def test_r_chk_12_roles_are_ignored(role: Any) -> None:
    """Repeated, empty, missing."""
    assert deltas(chunk({"role": role, "content": "x"})) == [Text("x")]


def test_r_chk_13_r_rsp_6_d24_a_legacy_function_call_is_a_call() -> None:
    """In pieces, as an object, and empty ones are none."""
    values = [{"name": "f", "arguments": ""}, {"arguments": "{}"}, {}, None]
    assert deltas(*(chunk({"function_call": value}) for value in values)) == [
        ToolDelta(name="f", legacy=True), ToolDelta(arguments="{}", legacy=True),
    ]  # fmt: skip
    found = whole(message({"content": None, "function_call": {"name": "f", "arguments": {"a": 1}}}, "function_call"))
    assert found[0] == ToolDelta(name="f", arguments='{"a":1}', whole=True, legacy=True)


# tool calls


@pytest.mark.parametrize("calls", [[], None, {}, "x", [None], 0])
def test_p_84_no_calls(calls: Any) -> None:
    """Empty and null tool_calls beside content, as vLLM sends them, start nothing."""
    assert deltas(chunk({"content": "x", "tool_calls": calls})) == [Text("x")]


def test_p_47_several_calls_in_one_chunk() -> None:
    """Each is a delta of its own; empty ids and names are absent; a call without a function is a call (D5)."""
    calls = [CALL, {"index": 1, "id": "", "function": {"name": "", "arguments": ""}}, {"index": 2, "id": "c3"}]
    assert deltas(chunk({"tool_calls": calls})) == [
        ToolDelta(0, "c1", "Bash", '{"a":'), ToolDelta(1), ToolDelta(2, "c3"),
    ]  # fmt: skip
    assert deltas(chunk({"tool_calls": CALL})) == [ToolDelta(0, "c1", "Bash", '{"a":')]


@pytest.mark.parametrize(
    ("arguments", "text", "is_whole"),
    [("{", "{", False), ("", None, False), (None, None, False), ({"a": [1]}, '{"a":[1]}', True), ([1], "[1]", True)],
)
def test_r_rsp_7_d25_arguments_in_any_shape(arguments: Any, text: str | None, is_whole: bool) -> None:
    """Text, an object that is its own JSON, nothing."""
    call = {"index": 0, "id": "c1", "function": {"name": "f", "arguments": arguments}}
    assert deltas(chunk({"tool_calls": [call]})) == [ToolDelta(0, "c1", "f", text, whole=is_whole)]


def test_gemini_signatures_belong_to_their_call() -> None:
    """On the call, and on a text delta (11.3)."""
    google = {"extra_content": {"google": {"thought_signature": "s"}}}
    found = deltas(chunk({"tool_calls": [{**CALL, **google}]}), chunk({"content": "A", **google}))
    assert found == [ToolDelta(0, "c1", "Bash", '{"a":', opaque="s"), ReasoningOpaque("s", "gemini"), Text("A")]


def test_p_40_a_message_s_calls_are_numbered() -> None:
    """They have no index; an id that comes twice names two calls."""
    calls = [
        {"id": "c", "function": {"name": "f"}},
        {"id": "c", "function": {"name": "g"}},
        {"function": {"name": "h"}},
    ]
    assert whole(message({"tool_calls": calls}))[:3] == [
        ToolDelta(0, "c", "f"), ToolDelta(1, None, "g"), ToolDelta(2, None, "h"),
    ]  # fmt: skip


# 25.3


@pytest.mark.parametrize("field", ["stop_reason", "matched_stop", "stopping_word"])
def test_25_3_the_matched_stop_is_told(field: str) -> None:
    """vLLM, SGLang and llama.cpp say which string it was; token ids and strings of their own do not count."""
    answer = context(stop_sequences=("END", "###"))
    assert deltas(chunk({}, "stop", **{field: "###"}), answer=answer) == [Finish("stop", "", "###")]
    assert deltas({**chunk({}, "stop"), field: "END"}, answer=answer) == [Finish("stop", "", "END")]
    for other in (128009, "<|im_end|>", None, [], ""):
        assert deltas(chunk({}, "stop", **{field: other}), answer=answer) == [Finish("stop")]


# whole answers


def test_r_rsp_2_p_45_a_message_is_read_in_order() -> None:
    """Reasoning, content, calls, whatever the order of the keys."""
    body = {"tool_calls": [CALL], "content": "A", "reasoning_content": "Hm", "role": "assistant"}
    found = whole(message(body, "tool_calls", id="i", model="m", usage={"a": 1}))
    assert found == [
        Meta("i", "m"), Reasoning("Hm", "reasoning_content"), Text("A"), ToolDelta(0, "c1", "Bash", '{"a":'),
        UsageReport({"a": 1}), Finish("tool_calls"), Ended(),
    ]  # fmt: skip


def test_r_rsp_5_d23_refusals() -> None:
    """As a field, as a content part, in a stream."""
    assert whole(message({"content": None, "refusal": "No"})) == [Refusal("No"), Finish("stop"), Ended()]
    assert deltas(chunk({"content": [{"type": "refusal", "refusal": "No"}]})) == [Refusal("No")]
    assert deltas(chunk({"content": [{"type": "refusal"}]}), chunk({"refusal": None})) == []


def test_r_rsp_9_an_empty_message_is_empty() -> None:
    """Nothing is made up."""
    assert whole(message({"content": ""})) == [Finish("stop"), Ended()]


@pytest.mark.parametrize(
    "value",
    [{"error": {"message": "no"}}, {"error": "no"}, {"base_resp": {"status_code": 1008, "status_msg": "no"}},
     {"success": False, "message": "no"}, [{"error": {"message": "no"}}], {"object": "error", "message": "no"},
     {"success": False, "errors": [{"code": 7003, "message": "no"}]},
     {"detail": "no"}, {"detail": [{"loc": ["body"], "msg": "no"}]}],
)  # fmt: skip
def test_r_rsp_10_d33_errors_in_a_200_body(value: Any) -> None:
    """Every shape of an error that answers 200."""
    assert "no" in failure(whole(value))


@pytest.mark.parametrize("value", [{}, {"choices": []}, [], None, "x", 5, [[]], {"choices": [5]}])
def test_r_rsp_10_json_that_is_no_answer_is_an_error(value: Any) -> None:
    """Without choices there is no answer, and no success."""
    assert "is not a chat completion" in failure(whole(value))


def test_r_rsp_10_what_such_json_says_is_told() -> None:
    """A gateway's words are worth more than ours."""
    assert "Endpoint request timed out" in failure(whole({"message": "Endpoint request timed out"}))


def test_r_rsp_11_chunks_as_one_json_body_are_read() -> None:
    """A list of chunks, or one chunk, in place of a stream."""
    assert whole([chunk({"content": "a"}), chunk({"content": "b"}, "stop")]) == [
        Text("a"),
        Text("b"),
        Finish("stop"),
        Ended(),
    ]


def test_a_whole_body_without_a_finish_reason_is_complete() -> None:
    """The JSON has an end, so the answer has; the ledger knows."""
    answer = context()
    body = JSONBody(message({"content": "a"}, None), escapes=False)
    assert ChunkReader(answer).read_whole(body) == [Text("a"), Finish("stop"), Ended()]
    assert len(answer.losses) == 1


# R-SSE-6, 9, 11


@pytest.mark.parametrize("marker", [b"[DONE]", b" [DONE] ", b'"[DONE]"'])
def test_r_sse_6_done_ends_and_only_usage_follows(marker: bytes) -> None:
    """Data after the marker is ignored, a late usage is not."""
    late = {**chunk({"content": "late"}, "stop"), "usage": {"a": 1}}
    assert deltas(event(marker), late, event(marker), {"error": "late"}) == [Ended(), UsageReport({"a": 1})]


@pytest.mark.parametrize(
    "bad",
    [b'{"choices":[{"delta":{"content":"a\nb"}}]}', b'{"choices":[{"delta":{"content":"a\nb"}}]\x00}  ',
     b'\x01{"choices":[{"delta":{"content":"a\\nb"}}]}\x00'],
)  # fmt: skip
def test_r_sse_9_control_characters_are_forgiven(bad: bytes) -> None:
    """Raw ones inside a string are content, others are left out."""
    assert gist(deltas(event(bad)))["text"] in ("a\nb", "ab")


def test_r_sse_9_invalid_utf_8_is_replaced() -> None:
    """A byte that is no character costs that character only (R-SSE-2)."""
    assert deltas(event(b'{"choices":[{"delta":{"content":"a\xffb"}}]}')) == [Text("a\ufffdb")]


def test_r_sse_9_d12_a_broken_event_is_counted_and_noted() -> None:
    """Between good ones it costs its own content, and the ledger says so."""
    answer = context()
    found = deltas(chunk({"content": "one"}), event(b'{"cho'), chunk({"content": "three"}), answer=answer)
    assert found == [Text("one"), Text("three")]
    assert "stream.event: malformed JSON skipped" in answer.losses


def test_r_sse_9_too_many_broken_events_are_an_error() -> None:
    """The fourth ends the answer, text and scalars alike."""
    broken = [event(b"{"), event(b"17"), event(b'"words"'), event(b"[1]")]
    assert deltas(*broken[:MAX_BAD_EVENTS]) == []
    assert "broken" in failure(deltas(*broken))


def test_r_sse_9_a_broken_event_inside_a_call_is_an_error() -> None:
    """Its arguments would be corrupt; after text, or after the finish, they are not."""
    start = chunk({"tool_calls": [CALL]})
    odd = chunk({"tool_calls": [{**CALL, "index": "0"}]})
    assert "tool call" in failure(deltas(start, event(b"{")))
    assert "tool call" in failure(deltas(odd, event(b"{")))
    assert not any(isinstance(d, Failed) for d in deltas(start, chunk({"content": "x"}), event(b"{")))
    assert not any(isinstance(d, Failed) for d in deltas(start, chunk({"reasoning": "x"}), event(b"{")))
    assert not any(isinstance(d, Failed) for d in deltas(start, chunk({}, "tool_calls"), event(b"{")))


def test_r_sse_9_a_broken_event_at_the_end_is_an_error() -> None:
    """A stream cut inside an event; after the finish it does no harm."""
    cut = b'data: {"choices":[{"delta":{"content":"one"}}]}\n\ndata: {"choi'
    assert gist(read([cut]))["error"] == "api_error"
    done = b'data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\ndata: {"choi'
    assert read([done]) == [Finish("stop")]
    assert gist(read([cut + b"\n\n" + cut[:49]])) == {"text": "oneone"}


def test_r_sse_9_an_unreadably_deep_value_is_an_error() -> None:
    """Nesting without end is no answer and no crash."""
    deep = b"[" * 200_000 + b"]" * 200_000  # Python 3.12 and later read deeper than 3.11
    assert "broken" in failure(deltas(*[event(b'{"x":' + deep + b"}"), event(b'\x01{"x":' + deep + b"}")] * 2))
    value: Any = "1"
    for _ in range(2000):
        value = [value]
    assert "nested" in failure(whole(message({"reasoning_details": [{"type": "x", "data": value}]})))


def test_r_sse_9_an_event_inside_an_event_is_read() -> None:
    """Gateways that relay lines as if they were data double the field's name."""
    doubled = event(b"data: " + json.dumps(chunk({"content": "a"}, "stop")).encode())
    assert deltas(doubled, event(b"data:[DONE]")) == [Text("a"), Finish("stop"), Ended()]


@pytest.mark.parametrize("data", [b'{"message":"no"}', b'{"error":{"message":"no"}}', b"no", b'"no"', b"{no"])
def test_r_sse_11_an_error_event_is_an_error_whatever_it_holds(data: bytes) -> None:
    """The name says it."""
    assert "no" in failure(deltas(SSEEvent("error", data)))


@pytest.mark.parametrize("data", [b"", b"{}", b"null", b'""'])
def test_r_sse_11_an_error_event_may_be_silent(data: bytes) -> None:
    """An error without words is an error."""
    assert "without an explanation" in failure(deltas(SSEEvent("error", data)))


@pytest.mark.parametrize(
    "value",
    [{"error": {"message": "no", "code": 503}}, {"error": "no"}, {**chunk({"content": "x"}), "error": {"message": "no"}},
     chunk({"content": "x"}, "error", error={"message": "no"}), {"choices": [], "x_groq": {"error": "no"}},
     {"type": "error", "error": {"message": "no"}}, [{"error": {"message": "no"}}]],
)  # fmt: skip
def test_r_sse_11_d10_p_61_errors_in_data(value: Any) -> None:
    """At the top, in a choice, in Groq's object, in Gemini's list; nothing of such a chunk is content."""
    found = deltas(value)
    assert "no" in failure(found)
    assert len(found) == 1


@pytest.mark.parametrize("error", [None, {}, ""])
def test_r_sse_11_no_error(error: Any) -> None:
    """Null and empty errors are none."""
    assert deltas({**chunk({"content": "x"}), "error": error}) == [Text("x")]


@pytest.mark.parametrize(
    "sign",
    [SSEEvent("ping", b"{}"), SSEEvent("keepalive", b"x"), event({"type": "ping"}), event(b"ping"), event(b'"keep-alive"'),
     event(b""), event(b"  "), event(b"null"), event(b'""'), event([]), event({})],
)  # fmt: skip
def test_r_sse_11_signs_of_life_are_nothing(sign: SSEEvent) -> None:
    """Pings and empty events are neither content nor broken."""
    answer = context()
    assert deltas(*[sign] * 5, answer=answer) == []
    assert not len(answer.losses)


def test_named_events_are_chunks_like_others() -> None:
    """`event: message`, or any name nobody knows."""
    assert deltas(event(chunk({"content": "x"}), "message")) == [Text("x")]


# R-SSE-12


def _escaped(*contents: str) -> list[SSEEvent]:
    return [event(chunk({"content": content})) for content in contents]


def test_r_sse_12_p_112_d53_halves_of_a_character_are_joined() -> None:
    """A high surrogate at the end of one delta, the low one at the start of the next."""
    assert deltas(*_escaped("a\ud83d", "\ude00b")) == [Text("a"), Text("😀b")]
    assert deltas(*_escaped("\ud83d", "\ude00")) == [Text("😀")]
    calls = [
        chunk({"tool_calls": [{"index": 0, "function": {"arguments": text}}]}) for text in ('{"a":"\ud83d', '\ude00"}')
    ]
    assert deltas(*calls) == [ToolDelta(0, None, None, '{"a":"'), ToolDelta(0, None, None, '😀"}')]


def test_r_sse_12_halves_that_stay_alone_are_replaced() -> None:
    """By U+FFFD, where they were: before other content, at the finish, at the end of the bytes."""
    assert deltas(*_escaped("\ude00b", "a\ud83d", "c")) == [Text("\ufffdb"), Text("a"), Text("\ufffdc")]
    assert deltas(*_escaped("a\ud83d"), chunk({"reasoning": "Hm"}))[1:] == [
        Text("\ufffd"),
        Reasoning("Hm", "reasoning"),
    ]
    assert deltas(*_escaped("a\ud83d"), chunk({}, "stop")) == [Text("a"), Text("\ufffd"), Finish("stop")]
    reader = ChunkReader(context())
    assert read_event(reader, _escaped("a\ud83d")[0]) == [Text("a")]
    assert reader.close() == [Text("\ufffd")]


def test_r_sse_12_halves_in_parallel_calls_wait_for_their_own_call() -> None:
    """Interleaved arguments are joined per call."""

    def piece(index: int, text: str) -> dict[str, Any]:
        return chunk({"tool_calls": [{"index": index, "function": {"arguments": text}}]})

    found = deltas(piece(0, "a\ud83d"), piece(1, "b\ud83d"), piece(0, "\ude00"), piece(1, "\ude01"), chunk({}, "stop"))
    texts = {
        index: "".join(d.arguments or "" for d in found if isinstance(d, ToolDelta) and d.index == index)
        for index in (0, 1)
    }
    assert texts == {0: "a😀", 1: "b😁"}


def test_r_sse_12_halves_elsewhere_are_replaced() -> None:
    """In ids, names, details and whole bodies, nothing that cannot be encoded gets through."""
    call = {"index": 0, "id": "c\ud83d", "function": {"name": "f\ude00", "arguments": ""}}
    value = {"id": "\ud83d", "model": "m", **chunk({"tool_calls": [call], "reasoning_details": [{"type": "\ud83d"}]})}
    assert "\\ud" not in ascii(deltas(value)).replace("\\ufffd", "")
    assert whole(message({"content": "a\ud83d"})) == [Text("a"), Text("\ufffd"), Finish("stop"), Ended()]
    assert whole(message({"content": "\ud83d\ude00"})) == [Text("😀"), Finish("stop"), Ended()]


# properties


@given(st.lists(st.text(st.characters(exclude_categories=()), max_size=5), max_size=6))
def test_r_sse_12_any_text_in_any_pieces_is_the_same_text(pieces: list[str]) -> None:
    """Whatever halves of characters the pieces begin and end with: the text is that of the whole, mended."""
    expected = "".join(pieces).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    said = gist(deltas(*_escaped(*pieces), chunk({}, "stop"))).get("text", "")
    assert said == expected
    said.encode()


JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["choices", "delta", "message", "content", "tool_calls", "function", "index", "id", "usage",
                         "reasoning", "reasoning_details", "type", "text", "error", "finish_reason", "arguments"]),
        inner, max_size=4),
    max_leaves=20,
)  # fmt: skip


@given(JSONS)
def test_any_json_is_read_without_an_exception(value: Any) -> None:
    """Fuzz: chunks and bodies of any shape give deltas that can be encoded, or an error."""
    for found in (deltas(chunk(value), {"choices": [value]}, value), whole(value), whole(message(value))):
        assert all(isinstance(d, Delta) for d in found)
        repr(found).encode()
