"""What the client sees of an answer."""

from __future__ import annotations

import json

import pytest

from helpers.answers import context, ids
from tray_app.translation.answer import stage as stage_module
from tray_app.translation.answer.call_text import Ending
from tray_app.translation.answer.deltas import Reasoning, ReasoningOpaque, Refusal, Text, ToolDelta
from tray_app.translation.answer.sinks import MessageSink
from tray_app.translation.answer.stage import Stage
from tray_app.translation.context import AnswerContext, ThinkingView
from tray_app.translation.errors import ApiError
from tray_app.translation.thinking import unseal


def stage(ctx: AnswerContext | None = None) -> tuple[Stage, MessageSink]:
    sink = MessageSink()
    sink.start({}, dict)
    made = Stage(ctx or context(), sink, begin=lambda: None, new_id=ids().__next__, args_mode="stream", memory=None)
    return made, sink


def test_22_4_each_kind_of_content_becomes_its_block() -> None:
    """Thinking, text, a call and a refusal, in the order they were said."""
    made, sink = stage()
    made.reasoning(Reasoning("hm", "reasoning"))
    made.text(Text("x"))
    made.tool(ToolDelta(name="Bash", arguments='{"a":1}'))
    made.refusal(Refusal("no"))
    made.finish(Ending.NORMAL)
    assert [block["type"] for block in sink.message["content"]] == ["thinking", "text", "tool_use", "text"]
    assert (made.refused, made.has_tools) == (True, True)
    assert made.output_bytes == len("hm") + len("x") + len('{"a":1}') + len("no")


def test_24_3_nothing_is_shown_after_a_stop_sequence() -> None:
    """The match is told to the caller, the rest of the text is not shown."""
    made, sink = stage(context(stop_sequences=("END",), scan_stops=True))
    made.text(Text("one END two"))
    assert made.matched is not None
    assert made.matched.sequence == "END"
    made.finish(Ending.NORMAL)
    assert sink.message["content"] == [{"type": "text", "text": "one "}]


def test_p_50_the_white_space_guard_raises() -> None:
    """Endless blanks between tokens end the answer."""
    made, _ = stage(context(caps={"ws_guard": 10}))
    with pytest.raises(ApiError, match="blank"):
        made.tool(ToolDelta(name="Bash", arguments='{"a":' + " " * 11))


def test_r_sse_8_all_calls_together_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand calls of sixteen megabytes each are no answer; what is within the bound is."""
    assert stage_module.MAX_CALLS_CHARS == 32 * 2**20
    monkeypatch.setattr(stage_module, "MAX_CALLS_CHARS", 16)
    made, _ = stage()
    made.tool(ToolDelta(index=0, name="Bash", arguments='{"a":10}'))
    made.tool(ToolDelta(index=1, name="Bash", arguments='{"a":11}'))
    with pytest.raises(ApiError, match="too large"):
        made.tool(ToolDelta(index=2, name="Bash", arguments="{"))


def test_r_sse_8_opaque_state_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is within the bound is sealed, what is beyond it is noted."""
    assert stage_module.MAX_OPAQUE_BYTES == 4 * 2**20
    monkeypatch.setattr(stage_module, "MAX_OPAQUE_BYTES", 6)
    ctx = context()
    made, sink = stage(ctx)
    for value in ("a", "b", "c"):
        made.opaque(ReasoningOpaque(value, "details"))
    made.finish(Ending.NORMAL)
    thought = unseal(sink.message["content"][0]["data"])
    assert thought is not None
    assert thought.opaque == ["a", "b"]
    assert list(ctx.losses) == ["reasoning: its opaque state is too large to be kept"]


def test_23_2_what_is_called_later_does_not_rename_a_shown_call() -> None:
    """It names the call that the next object is; alone it means nothing."""
    made, sink = stage()
    made.tool(ToolDelta(index=0, name="Bash", arguments='{"a":1}'))
    made.tool(ToolDelta(index=0, name="Other"))
    made.tool(ToolDelta(index=0, arguments='{"a":2}'))
    made.tool(ToolDelta(index=0, name="Third"))
    made.finish(Ending.NORMAL)
    assert [(call["name"], call["input"]) for call in sink.message["content"]] == [
        ("Bash", {"a": 1}),
        ("Other", {"a": 2}),
    ]


def test_23_3_split_calls_have_ids_of_their_own() -> None:
    """A second object in a slot is a second call of the same tool."""
    made, sink = stage()
    made.tool(ToolDelta(index=0, id="call_abcdefghijklmnopqrstu1", name="Bash", arguments='{"a":1}{"a":2}'))
    made.finish(Ending.NORMAL)
    calls = sink.message["content"]
    assert [json.dumps(call["input"]) for call in calls] == ['{"a": 1}', '{"a": 2}']
    assert calls[0]["id"] != calls[1]["id"]


def test_r_thd_1_reasoning_alone_is_an_answer_only_by_the_record() -> None:
    """Noted as lost by default, shown as text where the upstream answers in its reasoning."""
    quiet = context(thinking=ThinkingView.OFF)
    made, sink = stage(quiet)
    made.reasoning(Reasoning("42", "reasoning"))
    made.answer_in_reasoning()
    made.finish(Ending.NORMAL)
    assert sink.message["content"] == []
    assert any(note.startswith("reasoning:") for note in quiet.losses)
    speaking, shown = stage(context(thinking=ThinkingView.OFF, caps={"reasoning_as_answer": True}))
    speaking.reasoning(Reasoning("42", "reasoning"))
    speaking.answer_in_reasoning()
    speaking.finish(Ending.NORMAL)
    assert shown.message["content"] == [{"type": "text", "text": "42"}]
