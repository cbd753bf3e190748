"""The filters in a row."""

from __future__ import annotations

from typing import Any

import pytest

from helpers.filtering import cuts, filtered, said
from helpers.reading import context
from tray_app.translation.answer.deltas import Reasoning, StopMatched, Text, ToolDelta
from tray_app.translation.answer.filters import TextFilters
from tray_app.translation.context import AnswerContext

TOOLS: dict[str, Any] = {"tool_schemas": {"Bash": {"type": "object"}}}


def everything() -> AnswerContext:
    caps = {"leaked_calls": ("hermes",), "strip_special_tokens": True}
    return context(caps, stop_sequences=("STOP",), scan_stops=True, unfence=True, **TOOLS)


def test_an_ordinary_answer_soon_needs_no_filter() -> None:
    """Only the first character is looked at; then text may go past."""
    filters = TextFilters(context())
    assert filters.active
    assert filters.feed("Hi") == [Text("Hi")]
    assert not filters.active
    assert filters.feed("<think>") == [Text("<think>")]
    assert filters.flush() == []


def test_no_filter_at_all() -> None:
    """Think tags switched off, stop sequences known upstream."""
    assert not TextFilters(context({"think_tags": "off"}, stop_sequences=("STOP",))).active


@pytest.mark.parametrize(
    ("caps", "fields"),
    [
        ({"leaked_calls": ("kimi",)}, TOOLS),
        ({}, {"stop_sequences": ("x",), "scan_stops": True}),
        ({"strip_special_tokens": True}, {}),
    ],
)
def test_filters_that_are_asked_for_stay(caps: dict[str, Any], fields: dict[str, Any]) -> None:
    """Each of them needs the text to its end."""
    filters = TextFilters(context(caps, **fields))
    filters.feed("Hi")
    assert filters.active


def test_everything_at_once_in_any_cut() -> None:
    """Reasoning, a fence, a call, a stop sequence: each filter gets what the one before it leaves."""
    call = '<tool_call>{"name":"Bash","arguments":{"c":1}}</tool_call>'
    for pieces in cuts(f"<think>STOP</think>\n\n```json\n{{}}{call}[]STOP gone"):
        assert filtered(TextFilters(everything()), pieces) == [
            ("reasoning", "STOP"), ("text", "{}"), ("call Bash", '{"c":1}'), ("text", "[]"), ("stop", "STOP"),
        ]  # fmt: skip


def test_residue_goes_before_the_fence_is_looked_for() -> None:
    """An end-of-turn token behind the closing fence."""
    for pieces in cuts("```json\n{}\n```<|im_end|>"):
        assert filtered(TextFilters(everything()), pieces) == [("text", "{}")]


def test_24_2_held_text_comes_before_what_follows_it() -> None:
    """A reasoning or a call that comes out lets go of the text in front of it."""
    filters = TextFilters(everything())
    assert filters.feed("a STO") == [Text("a ")]
    assert filters.feed('<tool_call>{"name":"Bash"}</tool_call>')[0] == Text("STO")


def test_24_2_flush_lets_go_in_order() -> None:
    """What every filter holds, and the row goes on afterwards."""
    filters = TextFilters(everything())
    assert said(filters.feed("a ST")) == [("text", "a ")]
    assert said(filters.flush()) == [("text", "ST")]
    assert said(filters.feed("b <tool_ca")) == [("text", "b ")]
    assert said(filters.flush()) == [("text", "<tool_ca")]
    assert filters.feed("STOP") == [StopMatched("STOP")]
    assert filters.active


def test_flush_ends_a_filter_that_is_done_by_it() -> None:
    """Half an opening tag that turned out to be text."""
    filters = TextFilters(context())
    assert filters.feed("<thi") == []
    assert filters.flush() == [Text("<thi")]
    assert not filters.active


def test_native_reasoning_is_told_to_the_think_filter() -> None:
    """Tags in the text are text then."""
    filters = TextFilters(context())
    filters.native_reasoning()
    assert filters.feed("<think>x") == [Text("<think>x")]
    tagged = TextFilters(context())
    assert tagged.feed("<think>x") == [Reasoning("x", "think_tag")]


LEAK = '<tool_call>{"name":"Bash","arguments":{}}</tool_call>'


@pytest.mark.parametrize("size", [1, 5, 200])
def test_23_8_calls_leak_into_reasoning_too(size: int) -> None:
    """Reasoning around a call stays reasoning, of the field it came in; text that was held comes before it."""
    filters = TextFilters(everything())
    found = filters.feed("a ST")
    words = f"hm {LEAK} so <tool"
    for at in range(0, len(words), size):
        found += filters.feed_reasoning(Reasoning(words[at : at + size], "r"))
    found += filters.feed("b")
    thought = "".join(delta.text for delta in found if isinstance(delta, Reasoning))
    calls = [delta.name for delta in found if isinstance(delta, ToolDelta)]
    assert (thought, calls) == ("hm  so <tool", ["Bash"])
    assert said(found)[0] == ("text", "a ST")
    assert said([*found, *filters.flush()])[-1] == ("text", "b")


def test_23_8_held_reasoning_is_let_go_at_the_end() -> None:
    """What never became a call is shown, of the same field."""
    filters = TextFilters(everything())
    assert filters.feed_reasoning(Reasoning("<tool", "r")) == []
    assert filters.flush() == [Reasoning("<tool", "r")]


def test_reasoning_goes_past_filters_that_look_for_no_calls() -> None:
    """Only what is held of the text comes before it."""
    filters = TextFilters(context(stop_sequences=("STOP",), scan_stops=True))
    item = Reasoning("<tool_call>", "r")
    assert [*filters.feed("ST"), *filters.feed_reasoning(item)] == [Text("ST"), item]
