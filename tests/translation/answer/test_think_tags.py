"""Reasoning between tags at the beginning of the text, and tags that are text."""

from __future__ import annotations

import pytest

from helpers.filtering import Said, cuts, filtered
from tray_app.translation.answer.deltas import Reasoning, Text
from tray_app.translation.answer.think_tags import MAX_LEADING_SPACE, ThinkFilter

AUTO: list[tuple[str, Said]] = [
    ("<think>Hm</think>\n\nHi", [("reasoning", "Hm"), ("text", "Hi")]),
    (" \n<think>\nHm\n</think>Hi", [("reasoning", "\nHm\n"), ("text", "Hi")]),
    ("<thinking>Hm</think></thinking>\nHi", [("reasoning", "Hm</think>"), ("text", "Hi")]),
    ("<thought>Hm</thought>\n\n\n Hi", [("reasoning", "Hm"), ("text", "\n Hi")]),
    ("<think></think>Hi", [("text", "Hi")]),
    ("<think>Hm", [("reasoning", "Hm")]),
    ("<think>Hm</thi", [("reasoning", "Hm</thi")]),
    ("<think>Hm</think>\n", [("reasoning", "Hm")]),
    ("<think>a</think>b<think>c</think>", [("reasoning", "a"), ("text", "b<think>c</think>")]),
    ("Use <think>x</think> so", [("text", "Use <think>x</think> so")]),
    ("```\n<think>x</think>\n```", [("text", "```\n<think>x</think>\n```")]),
    ("<thin", [("text", "<thin")]),
    (" <b>Hi", [("text", " <b>Hi")]),
    (" \n", [("text", " \n")]),
    ("", []),
]
PREOPENED: list[tuple[str, Said]] = [
    ("Hm</think>\n\nHi", [("reasoning", "Hm"), ("text", "Hi")]),
    ("<think>Hm</think>Hi", [("reasoning", "Hm"), ("text", "Hi")]),
    ("Hm</thinking>Hi</think>", [("reasoning", "Hm"), ("text", "Hi</think>")]),
    ("Hm", [("reasoning", "Hm")]),
]


@pytest.mark.parametrize(("text", "expected"), AUTO)
def test_p_36_tags_at_the_beginning_are_reasoning(text: str, expected: Said) -> None:
    """In any cut; anywhere else they are text."""
    for pieces in cuts(text):
        assert filtered(ThinkFilter("auto"), pieces) == expected


@pytest.mark.parametrize(("text", "expected"), PREOPENED)
def test_24_1_a_preopened_tag_needs_no_opening(text: str, expected: Said) -> None:
    """A template has opened it; any closing tag ends it."""
    for pieces in cuts(text):
        assert filtered(ThinkFilter("preopened"), pieces) == expected


def test_24_1_switched_off_everything_is_text() -> None:
    """And the filter says at once that it has nothing to do."""
    assert ThinkFilter("off").done
    assert filtered(ThinkFilter("off"), ["<think>Hm</think>"]) == [("text", "<think>Hm</think>")]


@pytest.mark.parametrize("mode", ["auto", "preopened"])
def test_24_1_native_reasoning_switches_it_off(mode: str) -> None:
    """The upstream separates by itself; a tag that was already open stays open."""
    before = ThinkFilter(mode)  # type: ignore[arg-type]
    assert before.feed(" ") == []
    before.native_reasoning()
    assert not before.done
    assert before.feed("<think>x") == [Text(" <think>x")]
    assert before.done
    inside = ThinkFilter(mode)  # type: ignore[arg-type]
    inside.feed("<think>")
    inside.native_reasoning()
    assert inside.feed("x") == [Reasoning("x", "think_tag")]


def test_24_1_reasoning_streams_and_names_its_field() -> None:
    """Piece by piece, only what may be the closing tag waits."""
    think = ThinkFilter("auto")
    assert think.feed("<think>a") == [Reasoning("a", "think_tag")]
    assert think.feed("b</th") == [Reasoning("b", "think_tag")]
    assert think.feed("c") == [Reasoning("</thc", "think_tag")]
    assert not think.done


def test_done_as_soon_as_it_is_decided() -> None:
    """Then the text may go past the filter."""
    plain = ThinkFilter("auto")
    assert plain.feed("H") == [Text("H")]
    assert plain.done
    closed = ThinkFilter("auto")
    closed.feed("<think>a</think>\n\n")
    assert closed.done


def test_24_2_white_space_is_not_held_for_ever() -> None:
    """After a while no tag is expected."""
    think = ThinkFilter("auto")
    assert think.feed(" " * MAX_LEADING_SPACE) == []
    assert think.feed(" ") == [Text(" " * (MAX_LEADING_SPACE + 1))]


def test_a_flush_in_the_middle_does_not_end_the_reasoning() -> None:
    """Something else came between; the tag is still open, and before any text one may still come."""
    think = ThinkFilter("auto")
    assert think.flush() == []
    assert [*think.feed(" "), *think.flush()] == [Text(" ")]
    assert think.feed("<think>a</") == [Reasoning("a", "think_tag")]
    assert think.flush() == [Reasoning("</", "think_tag")]
    assert think.feed("b</think>c") == [Reasoning("b", "think_tag"), Text("c")]
    begun = ThinkFilter("auto")
    assert [*begun.feed("<th"), *begun.flush()] == [Text("<th")]
    assert begun.done
