"""Content blocks, one after another."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tray_app.translation.answer.blocks import MAX_HIDDEN_CHARS, BlockQueue, TextItem, ThinkingItem, ToolItem
from tray_app.translation.answer.call_text import Ending
from tray_app.translation.answer.deltas import ToolDelta
from tray_app.translation.answer.toolcalls import Slot
from tray_app.translation.errors import ApiError


class Recorder:
    """A sink that writes down what it is told."""

    def __init__(self) -> None:
        self.calls: list[Any] = []

    def start(self, message: Any) -> None:
        self.calls.append("start")

    def start_block(self, index: int, block: Any) -> None:
        self.calls.append((index, block["type"]))

    def add(self, text: str) -> None:
        self.calls.append(text)

    def sign(self, signature: str) -> None:
        self.calls.append(("sign", signature))

    def stop_block(self) -> None:
        self.calls.append("stop")

    def finish(self, delta: Any, usage: Any) -> None:
        self.calls.append("finish")

    def fail(self, error: Any) -> None:
        self.calls.append("fail")


def seal(text: str, opaque: list[Any], field: str, *, hidden: bool) -> str:
    return f"{field}|{text}|{opaque}|{hidden}"


def text(value: str) -> TextItem:
    item = TextItem()
    item.add(value)
    return item


def tool(name: str = "Bash", arguments: str | None = None) -> ToolItem:
    slot = Slot(0, "stream")
    slot.take(ToolDelta(name=name or None, arguments=arguments))
    return ToolItem(slot, lambda upstream: upstream, lambda _: "toolu_1")


def queue(*items: Any) -> tuple[BlockQueue, Recorder]:
    sink = Recorder()
    made = BlockQueue(sink)
    for item in items:
        made.push(item)
        made.pump()
    return made, sink


def test_r_stm_7_p_69_text_streams_into_one_block() -> None:
    """Text appended to the open item is one block."""
    made, sink = queue(text("a"))
    assert isinstance(made.last, TextItem)
    made.last.add("b")
    made.pump()
    made.finish(Ending.NORMAL)
    assert sink.calls == [(0, "text"), "a", "b", "stop"]


def test_r_stm_2_r_stm_3_p_83_blocks_follow_one_another() -> None:
    """Text, tool, text: indexes count up and each block ends before the next begins."""
    made, sink = queue(text("A"), tool(arguments='{"x":1}'), text("B"))
    live = [(0, "text"), "A", "stop", (1, "tool_use"), '{"x":1}', "stop", (2, "text"), "B"]
    assert sink.calls == live
    made.finish(Ending.NORMAL)
    assert sink.calls == [*live, "stop"]


def test_22_4_white_space_never_makes_a_block() -> None:
    """Blank text before or beside a tool is dropped; before solid text it is kept."""
    made, sink = queue(text("\n"), tool(arguments="{}"), text(" \n"))
    made.finish(Ending.NORMAL)
    assert sink.calls == [(0, "tool_use"), "{}", "stop"]
    kept, kept_sink = queue(text("\n"))
    assert isinstance(kept.last, TextItem)
    kept.last.add("x")
    kept.pump()
    assert kept_sink.calls == [(0, "text"), "\n", "x"]


def test_23_4_text_waits_for_an_incomplete_call() -> None:
    """Text in the middle of a call's arguments is shown after the call."""
    head = tool(arguments='{"x":')
    made, sink = queue(head, text("later"))
    assert sink.calls == [(0, "tool_use"), '{"x":']
    head.slot.take(ToolDelta(arguments="1}"))
    made.pump()
    made.finish(Ending.NORMAL)
    assert sink.calls[2:] == ["1}", "stop", (1, "text"), "later", "stop"]


def test_r_stm_7_text_that_waits_is_one_block() -> None:
    """However many pieces come while a call is open."""
    made, sink = queue(tool(arguments='{"a":'))
    for piece in "xyz":
        made.add_text(piece)
    made.finish(Ending.CUT)
    assert [call for call in sink.calls if isinstance(call, tuple)] == [(0, "tool_use"), (1, "text")]


@given(st.lists(st.integers(0, 3), min_size=1, max_size=60))
def test_p_46_any_interleaving_gives_each_call_its_own_arguments(order: list[int]) -> None:
    """Whatever the order of the fragments, each call ends up with the concatenation of its own."""
    sink = Recorder()
    made = BlockQueue(sink)
    texts = [f'{{"n":{number},"text":"abcdefgh"}}' for number in range(4)]
    items: dict[int, ToolItem] = {}
    given_chars = dict.fromkeys(range(4), 0)
    for number in [*order, 0, 1, 2, 3]:
        if number not in items:
            items[number] = tool()
            made.push(items[number])
        start = given_chars[number]
        given_chars[number] = start + 3
        if texts[number][start : start + 3]:
            items[number].slot.take(ToolDelta(arguments=texts[number][start : start + 3]))
        made.pump()
    for number, item in items.items():
        if texts[number][given_chars[number] :]:
            item.slot.take(ToolDelta(arguments=texts[number][given_chars[number] :]))
            made.pump()
    made.finish(Ending.NORMAL)
    shown: list[str] = []
    for call in sink.calls:
        if isinstance(call, tuple):
            shown.append("")
        elif call != "stop":
            shown[-1] += call
    assert shown == [texts[number] for number in items]


def test_23_2_a_name_that_comes_late_delays_the_block() -> None:
    """Arguments wait for the name; a call without either is dropped, one without a name is called unknown."""
    late = tool(name="", arguments='{"x":1}')
    made, sink = queue(late)
    assert sink.calls == []
    late.slot.take(ToolDelta(name="Bash"))
    made.pump()
    assert sink.calls == [(0, "tool_use"), '{"x":1}']
    nothing, nothing_sink = queue(tool(name=""))
    nothing.finish(Ending.NORMAL)
    assert nothing_sink.calls == []
    assert tool(name="", arguments="{}").start()["name"] == "unknown_tool"


def test_23_4_a_call_without_arguments_waits_for_the_end() -> None:
    """A named call is shown once something follows, but is not ended: its arguments may still come."""
    made, sink = queue(tool(), tool("Read", "{}"))
    assert sink.calls == [(0, "tool_use")]
    made.finish(Ending.NORMAL)
    assert sink.calls[1:] == ["{}", "stop", (1, "tool_use"), "{}", "stop"]


def test_r_stm_8_a_shown_thinking_block_ends_with_its_envelope() -> None:
    """The signature comes right before the stop and holds no text the client has seen."""
    item = ThinkingItem(seal, hidden=False)
    item.add("hm", "reasoning")
    item.opaque.append("O")
    _, sink = queue(item, text("x"))
    assert sink.calls[:4] == [(0, "thinking"), "hm", ("sign", "reasoning||['O']|False"), "stop"]


def test_r_thd_2_hidden_thinking_travels_in_its_envelope() -> None:
    """The client sees an empty thinking block whose signature carries the text, up to a bound."""
    item = ThinkingItem(seal, hidden=True)
    item.add("secret", "f")
    item.add("y" * MAX_HIDDEN_CHARS, "f")
    made, sink = queue(item)
    made.finish(Ending.NORMAL)
    assert sink.calls == [(0, "thinking"), ("sign", "f|secret|[]|True"), "stop"]


def test_r_thd_2_the_bound_of_hidden_thinking() -> None:
    """A million characters are kept, and not one more; what the client sees piece by piece has no bound."""
    assert MAX_HIDDEN_CHARS == 1_000_000
    for hidden, kept in ((True, "y" * MAX_HIDDEN_CHARS), (False, "")):
        item = ThinkingItem(seal, hidden=hidden)
        item.add("y" * (MAX_HIDDEN_CHARS - 1), "f")
        item.add("y", "f")
        item.add("z", "f")
        made, sink = queue(item)
        made.finish(Ending.NORMAL)
        assert sink.calls[-2] == ("sign", f"f|{kept}|[]|{hidden}")
        assert ("z" in sink.calls) is not hidden


def test_opaque_state_alone_becomes_a_redacted_block() -> None:
    """Opaque state without text is shown as redacted thinking before the next block, or at the end."""
    item = ThinkingItem(seal, hidden=False)
    item.opaque.append("O")
    made, sink = queue(item)
    assert sink.calls == []
    made.push(text("x"))
    made.pump()
    made.finish(Ending.NORMAL)
    assert sink.calls == [(0, "redacted_thinking"), "stop", (1, "text"), "x", "stop"]


def test_p_28_blank_thinking_is_no_block() -> None:
    """White space alone is not shown as thinking."""
    item = ThinkingItem(seal, hidden=False)
    item.add("\n", "f")
    made, sink = queue(item, text("x"))
    made.finish(Ending.NORMAL)
    assert sink.calls == [(0, "text"), "x", "stop"]


def test_r_err_9_only_an_open_text_block_is_closed_on_error() -> None:
    """A half-finished call stays open, so that no client runs it (P-111)."""
    made, sink = queue(text("x"))
    made.close_text()
    assert sink.calls[-1] == "stop"
    half, half_sink = queue(tool(arguments='{"x":'))
    half.close_text()
    half.push(text("behind it"))
    half.close_text()
    assert "stop" not in half_sink.calls
    empty, empty_sink = queue()
    empty.pump()
    empty.close_text()
    assert empty_sink.calls == []


def test_r_err_8_a_call_whose_end_contradicts_its_beginning_stays_open() -> None:
    """Its failure is told next, and a stopped block would be run."""
    slot = Slot(0, "cumulative")
    slot.take(ToolDelta(name="Bash", arguments='{"x":1'))
    made, sink = queue(ToolItem(slot, lambda upstream: upstream, lambda _: "toolu_1"))
    slot.take(ToolDelta(arguments='{"y":2}'))
    with pytest.raises(ApiError, match="contradicts"):
        made.finish(Ending.NORMAL)
    made.close_text()
    assert sink.calls == [(0, "tool_use"), '{"x":1']


def test_r_arg_5_a_cut_call_is_stopped_as_it_stands() -> None:
    """At the token limit the call keeps its partial JSON."""
    made, sink = queue(tool(arguments='{"x":"y"'))
    made.finish(Ending.CUT)
    assert sink.calls == [(0, "tool_use"), '{"x":"y"', "stop"]
