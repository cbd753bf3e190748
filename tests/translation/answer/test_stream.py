"""The state machine, driven through real bytes; the official SDK's accumulator is the oracle."""

from __future__ import annotations

import itertools
import json

import pytest

from helpers.answers import (
    DONE,
    blocks,
    call,
    check_grammar,
    chunk,
    context,
    drive,
    ending,
    events,
    finish,
    merged,
    message,
    say,
    sdk_message,
    stream,
    streamed,
    texts,
    think,
    tools,
    usage,
    whole,
)
from tray_app.translation.context import Target, ThinkingView
from tray_app.translation.thinking import ThinkingMemory, call_key, text_key, unseal

ROLE = chunk({"role": "assistant", "content": ""})
ID1, ID2 = "call_abcdefghijklmnopqrstu1", "call_abcdefghijklmnopqrstu2"
BASH = ("Bash", {"command": "a"})
READ = ("Read", {"file_path": "b"})
OFF = context(thinking=ThinkingView.OFF)

ANSWERS: dict[str, tuple[str, ...]] = {
    "text": (ROLE, say("Hel"), say("lo é €😀"), finish(), usage(), DONE),
    "thinking": (think("th"), think("ink"), say("ans"), finish(), usage(), DONE),
    "tools": (
        ROLE,
        say("I will"),
        call("", id=ID1, name="Bash"),
        call('{"command":'),
        call('"a"}'),
        call("", index=1, id=ID2, name="Read"),
        call('{"file_path":"b"}', index=1),
        finish("tool_calls"),
        usage(),
        DONE,
    ),
    "interleaved": (
        call("", id=ID1, name="Bash"),
        call("", index=1, id=ID2, name="Read"),
        call('{"command":'),
        call('{"file_path":', index=1),
        call('"a"}'),
        call('"b"}', index=1),
        finish("tool_calls"),
        DONE,
    ),
    "escapes": (
        call('{"command":"\\n\\ud83d', id=ID1, name="Bash"),
        call('\\ude00 \\"x\\""}'),
        finish("tool_calls"),
        DONE,
    ),
    "everything": (
        think("hm"),
        say("A"),
        call('{"command":"a"}', id=ID1, name="Bash"),
        say("B"),
        finish("tool_calls"),
        DONE,
    ),
    "refusal": (chunk({"refusal": "I cannot"}), finish(), DONE),
    "empty": (ROLE, finish(), DONE),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_r_stm_4_p_68_p_70_p_72_p_82_every_answer_follows_the_grammar(name: str) -> None:
    """One start, blocks in order, one delta, one stop, and nothing after it."""
    kinds = check_grammar(stream(*ANSWERS[name]))
    assert (kinds.count("message_start"), kinds.count("message_delta"), kinds[-1]) == (1, 1, "message_stop")


@pytest.mark.parametrize("name", ANSWERS)
def test_invariant_3_p_55_the_cut_of_the_reads_does_not_matter(name: str) -> None:
    """Split at every byte, and byte by byte, the client's events are the same."""
    data = "".join(ANSWERS[name]).encode()
    expected = merged(drive(streamed(), [data]))
    for cut in range(1, len(data)):
        assert merged(drive(streamed(), [data[:cut], data[cut:]])) == expected
    assert merged(drive(streamed(), [bytes([byte]) for byte in data])) == expected


@pytest.mark.parametrize("name", ANSWERS)
def test_invariant_2_the_sdk_and_the_whole_answer_agree(name: str) -> None:
    """The Message the SDK accumulates from the stream is the Message a non-streaming client gets."""
    sdk = sdk_message(stream(*ANSWERS[name]))
    ours = message(*ANSWERS[name])
    keys = ("id", "model", "role", "content", "stop_reason", "stop_sequence")
    assert {key: sdk.get(key) for key in keys} == {key: ours.get(key) for key in keys}
    assert sdk["usage"]["input_tokens"] == ours["usage"]["input_tokens"]


@pytest.mark.parametrize("name", [name for name in ANSWERS if name != "empty"])
def test_p_62_p_123_r_err_8_a_cut_answer_is_never_whole(name: str) -> None:
    """Cut after any event before the finish reason, the client gets an error, no message_stop and no half call (D9)."""
    parts = ANSWERS[name]
    last = next(number for number, part in enumerate(parts) if '"finish_reason": "' in part)
    for count in range(last):
        answer = streamed()
        data = drive(answer, [part.encode() for part in parts[:count]])
        assert answer.failure is not None
        assert b"message_stop" not in data
        if answer.started:
            assert check_grammar(data)[-1] == "error"
        for arguments in stopped_arguments(data):
            assert isinstance(json.loads(arguments), dict)


def stopped_arguments(data: bytes) -> list[str]:
    """The JSON text of every call whose block was stopped, and will be run therefore."""
    texts_of: dict[int, str] = {}
    stopped = []
    for event in events(data):
        if event["type"] == "content_block_start" and event["content_block"]["type"] == "tool_use":
            texts_of[event["index"]] = ""
        elif event["type"] == "content_block_delta" and event["index"] in texts_of:
            texts_of[event["index"]] += event["delta"]["partial_json"]
        elif event["type"] == "content_block_stop" and event["index"] in texts_of:
            stopped.append(texts_of[event["index"]])
    return stopped


def test_r_stm_1_r_stm_5_r_stm_9_p_41_p_85_every_event_of_an_answer_with_every_block() -> None:
    """Event by event: the skeleton of the message, the start objects, the deltas, the end."""
    signed = chunk({"reasoning_details": [{"type": "reasoning.encrypted", "data": "E"}]})
    tool = call('{"command":"a"}', id=ID1, name="Bash")
    told = events(stream(signed, say("A"), think("hm"), tool, finish("tool_calls"), usage(), DONE))
    start, *rest = told
    assert start["message"] == {
        "id": start["message"]["id"],
        "type": "message",
        "role": "assistant",
        "model": "claude-x",
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": {
            "input_tokens": 7,
            "output_tokens": 1,
            "service_tier": "standard",
            "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": 0,
        },
    }
    starts = [event["content_block"] for event in rest if event["type"] == "content_block_start"]
    assert starts == [
        {"type": "redacted_thinking", "data": starts[0]["data"]},
        {"type": "text", "text": ""},
        {"type": "thinking", "thinking": "", "signature": ""},
        {"type": "tool_use", "id": ID1, "name": "Bash", "input": {}},
    ]
    thought = unseal(starts[0]["data"])
    assert thought is not None
    assert thought.opaque == [{"type": "reasoning.encrypted", "data": "E"}]
    *_, delta, stop = rest
    assert delta["delta"] == {"stop_reason": "tool_use", "stop_sequence": None}
    assert stop == {"type": "message_stop"}


@pytest.mark.parametrize(
    ("fragments", "value"),
    [
        (("{}", '{"a":1}'), {"a": 1}),
        (('{"a":1}', " "), {"a": 1}),
        (('{"a":"}"', "}"), {"a": "}"}),
        (("{", '"a"', ":1", "}"), {"a": 1}),
    ],
)
def test_p_52_p_53_a_call_is_not_over_because_it_happens_to_parse(fragments: tuple[str, ...], value: object) -> None:
    """A placeholder, a trailing blank, a brace inside a string: one block each, stopped at the end only."""
    answer = streamed()
    data = answer.feed(call("", id=ID1, name="Bash").encode())
    for fragment in fragments:
        data += answer.feed(call(fragment).encode())
    assert "content_block_stop" not in [event["type"] for event in events(data)]
    data += answer.feed((finish("tool_calls") + DONE).encode())
    assert tools(data) == [("Bash", value)]
    assert [event["type"] for event in events(data)].count("content_block_start") == 1


@pytest.mark.parametrize(
    ("pieces", "shown"),
    [
        (("```json\n", '{"a":', "1}\n`", "``"), '{"a":1}'),
        (('{"a":"```', '"}'), '{"a":"```"}'),
    ],
)
def test_r_str_6_a_fence_round_structured_output_is_taken_off(pieces: tuple[str, ...], shown: str) -> None:
    """Where the schema was asked for in words, streamed or not; nowhere else."""
    chunks = (*map(say, pieces), finish(), DONE)
    assert texts(stream(*chunks, ctx=context(unfence=True))) == shown
    assert message(*chunks, ctx=context(unfence=True))["content"] == [{"type": "text", "text": shown}]
    assert texts(stream(*chunks)) == "".join(pieces)


def test_d51_one_read_is_one_write() -> None:
    """Fifty chunks that arrive together leave together, and each of them is there."""
    answer = streamed()
    data = answer.feed("".join(say(str(number)) for number in range(50)).encode())
    assert [event["delta"]["text"] for event in events(data)[2:]] == list(map(str, range(50)))


def test_d52_text_is_not_escaped_for_html() -> None:
    """Angle brackets and ampersands are one byte each."""
    assert b'"text":"<a href=\'x\'> & co"' in stream(say("<a href='x'> & co"), finish(), DONE)


def test_d1_p_46_interleaved_calls_are_told_one_after_another() -> None:
    """Arguments of two calls that arrive mixed end in the right blocks."""
    data = stream(*ANSWERS["interleaved"])
    check_grammar(data)
    assert tools(data) == [BASH, READ]


def test_d2_white_space_beside_arguments_is_held() -> None:
    """Blank text between argument fragments opens no block."""
    data = stream(call('{"command":', id=ID1, name="Bash"), say("\n"), call('"a"}'), finish("tool_calls"), DONE)
    assert [block["type"] for block in blocks(data)] == ["tool_use"]
    assert tools(data) == [BASH]


def test_d3_p_42_a_repeated_id_is_one_call() -> None:
    """The id on every chunk does not start new calls."""
    parts = [call("", id=ID1, name="Bash"), call('{"command":', id=ID1), call('"a"}', id=ID1)]
    assert tools(stream(*parts, finish("tool_calls"), DONE)) == [BASH]


def test_d4_p_44_a_call_without_id_gets_one() -> None:
    """An id is made and the block is started."""
    data = stream(call('{"command":"a"}', name="Bash"), finish("tool_calls"), DONE)
    assert tools(data) == [BASH]
    assert blocks(data)[0]["id"].startswith("toolu_")


def test_d5_a_call_without_function_is_tolerated() -> None:
    """A tool call of id and index only is no crash; its name may follow."""
    bare = chunk({"tool_calls": [{"index": 0, "id": ID1, "type": "function"}]})
    assert tools(stream(bare, call('{"command":"a"}', name="Bash"), finish("tool_calls"), DONE)) == [BASH]


def test_d6_p_39_a_late_name_delays_the_block() -> None:
    """An empty name is never shown."""
    data = stream(call("", id=ID1, name=""), call('{"command":"a"}', name="Bash"), finish("tool_calls"), DONE)
    assert tools(data) == [BASH]


def test_p_39_a_call_that_never_gets_a_name_is_called_unknown() -> None:
    """The client answers it with an error the model can read."""
    data = stream(call('{"command":"a"}', id=ID1), finish("tool_calls"), DONE)
    assert tools(data) == [("unknown_tool", {"command": "a"})]


@pytest.mark.parametrize("empty", ["", "null"])
def test_d7_an_empty_finish_reason_is_none(empty: str) -> None:
    """`finish_reason: ""` on every chunk closes nothing."""
    parts = [chunk({"content": "a"}, empty), chunk({"content": "b"}, empty), finish(), DONE]
    data = stream(*parts)
    assert [block["text"] for block in blocks(data)] == ["ab"]


@pytest.mark.parametrize(
    ("reason", "stop"),
    [
        ("stop", "tool_use"),
        ("tool_calls", "tool_use"),
        ("function_call", "tool_use"),
        ("length", "max_tokens"),
        ("content_filter", "refusal"),
    ],
)
def test_d8_p_78_25_5_the_stop_reason_after_a_tool(reason: str, stop: str) -> None:
    """Never end_turn after a tool call."""
    data = stream(call('{"command":"a"}', id=ID1, name="Bash"), finish(reason), DONE)
    assert ending(data)["delta"]["stop_reason"] == stop


def test_25_5_tool_calls_without_a_call_is_end_turn() -> None:
    """A finish reason of tool_calls alone does not make clients wait for a call."""
    assert ending(stream(say("hi"), finish("tool_calls"), DONE))["delta"]["stop_reason"] == "end_turn"


def test_d9_p_61_p_95_p_122_an_error_inside_the_stream_is_an_error_event() -> None:
    """After the first text an error chunk becomes one error event, after the text block is closed (R-ERR-9); and no end."""
    data = stream(say("par"), 'data: {"error":{"message":"exploded","code":502}}\n\n', finish(), usage(), DONE)
    assert check_grammar(data)[-2:] == ["content_block_stop", "error"]
    assert "exploded" in events(data)[-1]["error"]["message"]


def test_d10_r_com_2_an_error_before_any_content_is_left_to_the_status() -> None:
    """Nothing is written, the failure has a real status."""
    answer = streamed()
    assert drive(answer, [ROLE.encode(), b'data: {"error":{"message":"busy","code":429}}\n\n']) == b""
    assert (answer.started, answer.done) == (False, True)
    assert answer.failure is not None
    assert answer.failure.status == 429


def test_r_com_4_p_124_nothing_at_all_is_a_502() -> None:
    """An empty body is a retryable failure, not an empty message."""
    answer = streamed()
    assert drive(answer, []) == b""
    assert answer.failure is not None
    assert (answer.failure.status, answer.failure.type) == (502, "api_error")


def test_r_stm_11_22_2_message_start_has_the_prompt_tokens() -> None:
    """The estimate, or what the first chunk reports; never zero (P-64)."""
    assert events(stream(say("x"), finish(), DONE))[0]["message"]["usage"]["input_tokens"] == 7
    reported = chunk({"content": "x"}, usage={"prompt_tokens": 99, "completion_tokens": 0})
    assert events(stream(reported, finish(), DONE))[0]["message"]["usage"]["input_tokens"] == 99


def test_p_105_r_mod_3_the_model_is_the_clients() -> None:
    """The response names the model the client asked for."""
    assert events(stream(say("x"), finish(), DONE))[0]["message"]["model"] == "claude-x"


def test_p_73_p_74_first_and_last_words_arrive() -> None:
    """Content beside the role and beside the finish reason is not lost."""
    assert (
        texts(stream(chunk({"role": "assistant", "content": "First"}), chunk({"content": "Last"}, "stop"), DONE))
        == "FirstLast"
    )


def test_r_stm_12_content_after_the_finish_reason_is_shown() -> None:
    """The end marker ends the answer, not the finish reason."""
    assert texts(stream(finish(), say("late"), DONE)) == "late"


def test_r_stm_13_a_tool_finish_upgrades_a_stop() -> None:
    """Of several finish reasons tool_calls wins over stop, and an error over both."""
    tool = call('{"command":"a"}', id=ID1, name="Bash")
    assert ending(stream(tool, finish(), finish("tool_calls"), DONE))["delta"]["stop_reason"] == "tool_use"
    answer = streamed()
    data = drive(answer, [(say("x") + finish() + finish("network_error") + DONE).encode()])
    assert check_grammar(data)[-1] == "error"


def test_r_stm_14_p_60_p_67_the_end_waits_for_usage_and_no_longer() -> None:
    """After the finish reason the answer says that only usage is missing; closing it then is a success."""
    answer = streamed()
    first = answer.feed(say("x").encode())
    assert not answer.awaiting_usage
    first += answer.feed(finish().encode())
    assert answer.awaiting_usage
    first += answer.feed(usage().encode())
    assert answer.awaiting_usage
    data = first + answer.close()
    assert not answer.awaiting_usage
    assert ending(data)["usage"]["output_tokens"] == 50


def test_p_76_22_7_the_end_marker_without_a_finish_reason() -> None:
    """An error by default; inferred where the record says that the upstream never sends one."""
    answer = streamed()
    drive(answer, [(say("x") + DONE).encode()])
    assert answer.failure is not None
    assert "finish_reason" in answer.failure.message
    lax = context(caps={"finish_required": False})
    assert ending(stream(say("x"), DONE, ctx=lax))["delta"]["stop_reason"] == "end_turn"
    tool = call('{"command":"a"}', id=ID1, name="Bash")
    assert ending(stream(tool, DONE, ctx=lax))["delta"]["stop_reason"] == "tool_use"
    cut = streamed(lax)
    drive(cut, [say("x").encode()])
    assert cut.failure is not None


def test_r_thd_1_d22_reasoning_is_shown_only_when_asked_for() -> None:
    """Without thinking the reasoning is neither a block nor text; the record may show it always."""
    parts = ANSWERS["thinking"]
    assert [block["type"] for block in blocks(stream(*parts))] == ["thinking", "text"]
    assert [block["type"] for block in blocks(stream(*parts, ctx=OFF))] == ["text"]
    always = context(thinking=ThinkingView.OFF, caps={"emit_thinking": "always"})
    assert [block["type"] for block in blocks(stream(*parts, ctx=always))] == ["thinking", "text"]


def test_r_thd_1_an_answer_of_reasoning_only() -> None:
    """It is empty, unless the record says that this upstream answers in its reasoning."""
    parts = (think("42"), finish(), DONE)
    assert blocks(stream(*parts, ctx=OFF)) == []
    answering = context(thinking=ThinkingView.OFF, caps={"reasoning_as_answer": True})
    assert texts(stream(*parts, ctx=answering)) == "42"


def test_r_thd_2_p_34_hidden_thinking_is_an_empty_block_with_an_envelope() -> None:
    """The text travels inside the signature."""
    data = stream(*ANSWERS["thinking"], ctx=context(thinking=ThinkingView.HIDDEN))
    block = blocks(data)[0]
    assert block["thinking"] == ""
    thought = unseal(block["signature"])
    assert thought is not None
    assert (thought.text, thought.field, thought.provider) == ("think", "reasoning_content", "p")


def test_r_stm_8_the_envelope_of_shown_thinking_names_its_origin() -> None:
    """One signature_delta right before the stop, without the text the client holds anyway."""
    data = stream(*ANSWERS["thinking"])
    thought = unseal(blocks(data)[0]["signature"])
    assert thought is not None
    assert (thought.text, thought.field, thought.model) == ("", "reasoning_content", "up-model")
    order = [event.get("delta", {}).get("type", event["type"]) for event in events(data)]
    assert order[order.index("signature_delta") + 1] == "content_block_stop"


def test_reasoning_after_text_is_a_new_thinking_block() -> None:
    """Interleaved thinking is kept in its order."""
    data = stream(think("a"), say("B"), think("c"), say("D"), finish(), DONE)
    assert [block["type"] for block in blocks(data)] == ["thinking", "text", "thinking", "text"]


def test_r_thk_8_the_memory_gets_the_reasoning_by_call_and_by_text() -> None:
    """What the client may drop can be found again, also when it never saw it."""
    memory = ThinkingMemory()
    data = stream(
        think("why"), call('{"command":"a"}', id=ID1, name="Bash"), finish("tool_calls"), DONE, ctx=OFF, memory=memory
    )
    kept = memory.recall(call_key(blocks(data)[0]["id"]))
    assert kept is not None
    assert (kept.text, kept.field) == ("why", "reasoning_content")
    stream(think("because"), say("An"), say("swer"), finish(), DONE, ctx=OFF, memory=memory)
    by_text = memory.recall(text_key("Answer"))
    assert by_text is not None
    assert by_text.text == "because"


def test_a_failed_answer_is_not_remembered() -> None:
    """Only what the client may send back is kept."""
    memory = ThinkingMemory()
    stream(think("why"), say("x"), memory=memory)
    assert len(memory) == 0


def test_r_gem_1_a_thought_signature_is_kept_with_its_call() -> None:
    """The signature of a call is remembered and, with thinking, shown as redacted thinking before the call."""
    signed = chunk(
        {
            "tool_calls": [
                {
                    "index": 0,
                    "id": ID1,
                    "function": {"name": "Bash", "arguments": '{"command":"a"}'},
                    "extra_content": {"google": {"thought_signature": "SIG"}},
                }
            ]
        }
    )
    memory = ThinkingMemory()
    data = stream(signed, finish("tool_calls"), DONE, memory=memory)
    assert [block["type"] for block in blocks(data)] == ["redacted_thinking", "tool_use"]
    kept = memory.recall(call_key(blocks(data)[1]["id"]))
    assert kept is not None
    assert kept.opaque == ["SIG"]
    quiet = stream(signed, finish("tool_calls"), DONE, ctx=OFF, memory=memory)
    assert [block["type"] for block in blocks(quiet)] == ["tool_use"]


def test_p_40_an_id_of_the_history_is_not_repeated() -> None:
    """Neither an id of an earlier turn nor one used twice in this answer reaches the client twice."""
    ctx = context(seen_ids=frozenset({ID1}))
    parts = [call('{"command":"a"}', id=ID1, name="Bash"), call('{"file_path":"b"}', index=1, id=ID1, name="Read")]
    data = stream(*parts, finish("tool_calls"), DONE, ctx=ctx)
    found = [block["id"] for block in blocks(data)]
    assert len({ID1, *found}) == 3
    assert tools(data) == [BASH, READ]


def test_p_22_p_54_names_come_back_as_the_clients() -> None:
    """Mapped, prefixed and wrongly cased names are resolved."""
    ctx = context(tool_names={"Bash": "Bash", "mcp_x_12345678": "mcp__long"})
    for sent, shown in (
        ("mcp_x_12345678", "mcp__long"),
        ("functions.Bash", "Bash"),
        ("bash", "Bash"),
        ("nope", "nope"),
    ):
        assert tools(stream(call("{}", id=ID1, name=sent), finish("tool_calls"), DONE, ctx=ctx))[0][0] == shown


def test_p_50_endless_white_space_stops_the_upstream() -> None:
    """Beyond the guard the answer fails, with the call left open; white space inside a value is the tool's own business."""
    ctx = context(caps={"ws_guard": 500})
    fine = stream(call('{"command":"a"' + " " * 400 + "}", id=ID1, name="Bash"), finish("tool_calls"), DONE, ctx=ctx)
    assert tools(fine) == [BASH]
    inside = stream(call('{"command":"' + " " * 900 + '"}', id=ID1, name="Bash"), finish("tool_calls"), DONE, ctx=ctx)
    assert ending(inside)["delta"]["stop_reason"] == "tool_use"
    data = stream(call('{"command":"a"', id=ID1, name="Bash"), call(" " * 600), ctx=ctx)
    assert check_grammar(data)[-1] == "error"
    assert "content_block_stop" not in [event["type"] for event in events(data)]


def test_r_err_8_p_111_a_call_in_the_making_is_not_closed_by_an_error() -> None:
    """Claude Code runs every tool block that was stopped; this one was not."""
    data = stream(call('{"command":"rm -rf /', id=ID1, name="Bash"))
    assert check_grammar(data)[-2:] == ["content_block_delta", "error"]


def test_p_110_r_arg_5_a_call_cut_by_the_limit_keeps_its_partial_json() -> None:
    """At max_tokens nothing is added to a half-written command."""
    data = stream(call('{"command":"rm -rf /tmp', id=ID1, name="Bash"), finish("length"), DONE)
    json_text = "".join(e["delta"]["partial_json"] for e in events(data) if e["type"] == "content_block_delta")
    assert json_text == '{"command":"rm -rf /tmp'
    assert ending(data)["delta"]["stop_reason"] == "max_tokens"


@pytest.mark.parametrize(
    ("reason", "added"),
    [
        *((reason, "}") for reason in ("stop", "tool_calls", "unheard_of")),
        *((reason, "") for reason in ("length", "content_filter", "model_context_window_exceeded", "pause_turn")),
    ],
)
def test_r_arg_5_r_err_8_brackets_are_added_only_after_a_finish_of_the_models_own(reason: str, added: str) -> None:
    """A call that was cut by a limit, a filter or a pause must not become one that can be run."""
    data = stream(call('{"command":"a"', id=ID1, name="Bash"), finish(reason), DONE)
    json_text = "".join(e["delta"]["partial_json"] for e in events(data) if e["type"] == "content_block_delta")
    assert json_text == '{"command":"a"' + added


def test_25_an_error_finish_names_the_provider_as_the_user_does() -> None:
    """The profile's name, not its key."""
    answer = streamed(context(target=Target(provider="p", model="m", label="My server")))
    drive(answer, [(say("x") + finish("network_error") + DONE).encode()])
    assert answer.failure is not None
    assert answer.failure.message.startswith("My server ended its answer")


def test_23_3_concatenated_calls_in_one_slot_are_split() -> None:
    """Two objects with one index and one id are two calls."""
    data = stream(call('{"command":"a"}{"command":"z"}', id=ID1, name="Bash"), finish("tool_calls"), DONE)
    assert tools(data) == [BASH, ("Bash", {"command": "z"})]
    assert len({block["id"] for block in blocks(data)}) == 2


def test_23_4_a_late_fragment_for_an_ended_call_is_an_error() -> None:
    """What cannot be told to the client any more is not dropped silently."""
    parts = [call('{"command":"a"}', id=ID1, name="Bash"), call("{}", index=1, id=ID2, name="Read"), call('"more"')]
    assert check_grammar(stream(*parts, finish("tool_calls"), DONE))[-1] == "error"


def test_d23_a_refusal_is_text_and_a_refusal() -> None:
    """The refusal's words are shown and the stop reason says so."""
    data = stream(*ANSWERS["refusal"])
    assert texts(data) == "I cannot"
    assert ending(data)["delta"]["stop_reason"] == "refusal"
    assert ending(data)["delta"]["stop_details"]["type"] == "refusal"


def test_r_rsp_9_an_empty_answer_is_empty_or_an_error_by_the_record() -> None:
    """No block is invented; an upstream known to hide errors that way fails."""
    data = stream(*ANSWERS["empty"])
    assert check_grammar(data) == ["message_start", "message_delta", "message_stop"]
    answer = streamed(context(caps={"empty_as_error": True}))
    drive(answer, [part.encode() for part in ANSWERS["empty"]])
    assert answer.failure is not None
    assert answer.failure.message == "empty response from upstream"


def test_r_ovf_5_a_full_window_without_output_is_an_overflow() -> None:
    """Finish length with nothing written and the window full is told as a prompt that is too long."""
    answer = streamed(context(caps={"context_window": 1000}))
    drive(answer, [(ROLE + finish("length") + usage() + DONE).encode()])
    assert answer.failure is not None
    assert answer.failure.message.startswith("prompt is too long:")
    plain = stream(ROLE, finish("length"), usage(), DONE, ctx=context(caps={"context_window": 100_000}))
    assert ending(plain)["delta"]["stop_reason"] == "max_tokens"


def test_p_64_r_use_7_usage_is_estimated_when_nobody_reports_it() -> None:
    """Both sides are above zero and the source says that they are estimates."""
    answer = streamed()
    data = drive(answer, [(say("seventeen letters") + finish() + DONE).encode()])
    assert ending(data)["usage"]["input_tokens"] == 7
    assert ending(data)["usage"]["output_tokens"] == 5
    assert answer.summary.usage.source == "estimated"


def test_a_whole_answer_whose_usage_is_reported_needs_no_estimate() -> None:
    """Weighing a long prompt would cost a quarter of its translation, for nothing."""
    answer = whole(context(input_estimate=lambda: pytest.fail("the prompt was weighed")))
    answer.feed((ROLE + say("yes") + finish() + usage() + DONE).encode())
    answer.close()
    assert answer.message()["usage"]["input_tokens"] == 400
    assert answer.summary.usage.source == "reported"


def test_an_answer_that_never_began_needs_no_estimate() -> None:
    """Its usage is unknown, however long the prompt was."""
    answer = whole(context(input_estimate=lambda: pytest.fail("the prompt was weighed")))
    answer.close()
    assert answer.failure is not None
    assert answer.summary.usage.source == "unknown"


def test_d18_usage_at_the_end_is_the_upstreams() -> None:
    """The true numbers are in message_delta, the cached ones apart."""
    found = ending(stream(*ANSWERS["text"]))["usage"]
    assert (found["input_tokens"], found["cache_read_input_tokens"], found["output_tokens"]) == (400, 600, 50)


def test_24_3_p_99_the_local_scanner_ends_the_answer() -> None:
    """A stop sequence split over chunks ends the text before it, names itself, and makes the rest unread."""
    ctx = context(stop_sequences=("END",), scan_stops=True)
    answer = streamed(ctx)
    data = answer.feed((say("one E") + say("ND two")).encode())
    assert answer.done
    assert texts(data) == "one "
    assert ending(data)["delta"] == {"stop_reason": "stop_sequence", "stop_sequence": "END"}
    assert ending(data)["usage"]["output_tokens"] == 3  # R-USE-9: 11 bytes that nobody reported


def test_invariant_1_text_is_carried_whole() -> None:
    """Invariant 4: the text deltas concatenated are the upstream's content."""
    pieces = ["a", "\n\n", " b ", "\u2028", "<", "&", '"', "\\", "é", "😀", "\x7f"]
    for order in itertools.permutations(pieces[:4]):
        joined = "".join(["x", *order, *pieces[4:]])
        assert texts(stream(say("x"), *map(say, order), *map(say, pieces[4:]), finish(), DONE)) == joined


def test_losses_of_nothing_are_none() -> None:
    """A plain answer loses nothing."""
    answer = streamed()
    drive(answer, ["".join(ANSWERS["text"]).encode()])
    assert answer.summary.losses == ()


def test_24_2_held_text_comes_before_what_is_not_text() -> None:
    """A possible beginning of a stop sequence is released when a call, reasoning or a refusal follows."""
    ctx = context(stop_sequences=("END",), scan_stops=True)
    for other in (call('{"command":"a"}', id=ID1, name="Bash"), think("hm"), chunk({"refusal": "no"})):
        data = stream(say("one EN"), other, say("D two"), finish(), DONE, ctx=ctx)
        shown = blocks(data)
        assert shown[0]["text"].startswith("one EN")
        assert "D two" in texts(data)


def test_22_4_opaque_state_is_sealed_into_the_thinking() -> None:
    """Details that belong to the reasoning travel in its envelope; without thinking they are only remembered."""
    detail = {"type": "reasoning.encrypted", "data": "E", "id": "r1"}
    parts = (think("hm"), chunk({"reasoning_details": [detail]}), say("x"), finish(), DONE)
    thought = unseal(blocks(stream(*parts))[0]["signature"])
    assert thought is not None
    assert thought.opaque == [detail]
    memory = ThinkingMemory()
    assert [block["type"] for block in blocks(stream(*parts, ctx=OFF, memory=memory))] == ["text"]
    kept = memory.recall(text_key("x"))
    assert kept is not None
    assert kept.opaque == [detail]


def test_r_thk_8_huge_answers_are_not_remembered_by_their_text() -> None:
    """Beyond a bound the visible text is no key and the reasoning is cut."""
    memory = ThinkingMemory()
    big = "x" * 300_000
    stream(think(big), think("tail"), say(big), finish(), DONE, ctx=OFF, memory=memory)
    assert memory.recall(text_key(big)) is None


def test_23_8_a_call_that_leaked_into_the_reasoning_is_made() -> None:
    """Kimi and Qwen do so at times, and then say `stop` without another word."""
    ctx = context(
        caps={"leaked_calls": ("qwen_coder",)}, tool_schemas={"Bash": {"type": "object"}}, tool_names={"Bash": "Bash"}
    )
    leaked = 'need it\n<tool_call><function=Bash>{"command":"a"}</function></tool_call>'
    data = stream(*(think(leaked[at : at + 9]) for at in range(0, len(leaked), 9)), finish(), DONE, ctx=ctx)
    assert [block["type"] for block in blocks(data)] == ["thinking", "tool_use"]
    assert blocks(data)[0]["thinking"] == "need it\n"
    assert tools(data) == [("Bash", {"command": "a"})]
    assert ending(data)["delta"]["stop_reason"] == "tool_use"


def test_23_8_text_behind_a_leaked_call_stays_behind_it() -> None:
    """Text of the same chunk is not shown before the call it follows."""
    ctx = context(
        caps={"leaked_calls": ("hermes",)}, tool_schemas={"Bash": {"type": "object"}}, tool_names={"Bash": "Bash"}
    )
    leaked = 'before<tool_call>{"name":"Bash","arguments":{"command":"a"}}</tool_call>after'
    data = stream(say(leaked), finish(), DONE, ctx=ctx)
    assert [block["type"] for block in blocks(data)] == ["text", "tool_use", "text"]
    assert texts(data) == "beforeafter"


def test_25_5_a_call_without_name_and_arguments_is_no_call() -> None:
    """An empty tool call is dropped and the answer ends as if it had not been there."""
    bare = chunk({"tool_calls": [{"index": 0, "id": ID1}]})
    assert ending(stream(say("x"), bare, finish("tool_calls"), DONE))["delta"]["stop_reason"] == "end_turn"


def test_an_answer_that_never_began_has_no_tokens() -> None:
    """A refusal before the first word is not counted as an estimate; what the upstream reported is."""
    refused = streamed()
    refused.feed(b'data: {"error":{"message":"no","code":401}}\n\n')
    assert (refused.summary.usage.input_tokens, refused.summary.usage.source) == (0, "unknown")
    reported = streamed()
    reported.feed((usage() + 'data: {"error":{"message":"no","code":401}}\n\n').encode())
    assert reported.summary.usage.source == "reported"
