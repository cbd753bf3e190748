"""What a snapshot adds to what was said."""

from __future__ import annotations

from tray_app.translation.answer.deltas import Finish, Meta, Reasoning, ReasoningOpaque, Text, ToolDelta
from tray_app.translation.answer.snapshots import MAX_FRESH, MAX_KEPT_CHARS, Record, Said, numbered


def test_r_chk_3_only_the_extension_is_new() -> None:
    """A longer snapshot adds its end, a repeated one nothing; several pieces of a channel count together."""
    record = Record()
    assert list(record.additions([Text("He"), Text("l")])) == [Text("He"), Text("l")]
    assert list(record.additions([Text("Hello")])) == [Text("lo")]
    assert list(record.additions([Text("Hello")])) == []


def test_r_chk_3_increments_stay_increments() -> None:
    """Once a piece did not repeat what came before, none is taken for a snapshot any more."""
    record = Record()
    pieces = ["ab", "c", "abc", "abcabc!"]
    assert [list(record.additions([Text(piece)])) for piece in pieces] == [[Text(piece)] for piece in pieces]


def test_r_chk_3_each_channel_is_its_own() -> None:
    """Text, reasoning and every call by its id, or by its index while it has none."""
    record = Record()
    record.note([Text("a"), Meta("i"), Reasoning("b", "f"), ToolDelta(0, "x", "f", "1"), ToolDelta(0, None, None, "2")])
    record.note([ToolDelta(1, None, "g", "3"), ReasoningOpaque(1, "details")])
    snapshot = [
        Reasoning("bb", "f"), ReasoningOpaque(2, "details"), ReasoningOpaque(3, "gemini"), Text("a"), Finish("stop"),
        ToolDelta(0, "x", "f", "123"), ToolDelta(1, None, "g", "34"), ToolDelta(2, "z", "h"),
    ]  # fmt: skip
    assert list(record.additions(snapshot)) == [
        ReasoningOpaque(3, "gemini"), Finish("stop"), Reasoning("b", "f"), ToolDelta(0, "x", "f", "3"),
        ToolDelta(1, None, "g", "4"), ToolDelta(2, "z", "h"),
    ]  # fmt: skip


def test_what_is_kept_has_a_bound() -> None:
    """Beyond it only the length tells what is new."""
    said = Said()
    said.say("x" * MAX_KEPT_CHARS)
    assert said.news("y" * (MAX_KEPT_CHARS + 1)) == ""
    said.say("x")
    said.say("x")
    assert said.news("y" * (MAX_KEPT_CHARS + 1)) == ""
    assert said.news("y" * (MAX_KEPT_CHARS + 2) + "z") == "z"


def test_p_40_numbered_calls() -> None:
    """Calls get their place as index, a second call of one id loses it; legacy calls and text stay as they are."""
    legacy = ToolDelta(name="f", legacy=True)
    calls = [Text("a"), ToolDelta(id="x"), ToolDelta(id="x"), legacy, ToolDelta(index=7), ToolDelta()]
    assert list(numbered(calls)) == [
        Text("a"), ToolDelta(0, "x"), ToolDelta(1), legacy, ToolDelta(7), ToolDelta(3),
    ]  # fmt: skip


def test_r_chk_3_many_small_pieces_are_one_text() -> None:
    """However many came before the snapshot."""
    record = Record()
    pieces = [Text(str(number)) for number in range(MAX_FRESH + 5)]
    record.note(pieces)
    said = "".join(piece.text for piece in pieces)
    assert list(record.additions([Text(said + "!")])) == [Text("!")]
