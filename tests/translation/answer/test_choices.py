"""The tolerant reading of one choice: its smallest parts; whole chunks are in test_chunks."""

from __future__ import annotations

from typing import Any

import pytest

from tray_app.translation.answer.choices import index_of, mapping, placed, read_body, word
from tray_app.translation.answer.deltas import Text, ToolDelta
from tray_app.translation.errors import ApiError
from tray_app.translation.losses import Losses


@pytest.mark.parametrize(("value", "said"), [("x", "x"), ("", ""), ("null", ""), (None, ""), (5, ""), (["x"], "")])
def test_r_chk_9_words(value: Any, said: str) -> None:
    """A string that says something, or nothing."""
    assert word(value) == said


@pytest.mark.parametrize(
    ("value", "index"),
    [
        (3, 3),
        ("3", 3),
        (3.0, 3),
        (3.5, None),
        (-1, None),
        (True, None),
        ("x", None),
        ("٣", None),
        ("9" * 10, None),
        (None, None),
    ],
)
def test_r_chk_8_indexes(value: Any, index: int | None) -> None:
    """Numbers in any type that can be a place."""
    assert index_of(value) == index


def test_mappings() -> None:
    """An object or an empty one."""
    assert mapping({"a": 1}) == {"a": 1}
    assert mapping(None) == mapping([]) == mapping("x") == {}


def test_text_is_unwrapped_only_so_deep() -> None:
    """Three layers of wrapping, not without end."""
    body: dict[str, Any] = {"content": {"text": {"value": {"content": "x"}}}}
    assert list(read_body(body, (), Losses())) == [Text("x")]
    assert list(read_body({"content": {"text": {"text": {"text": {"text": "x"}}}}}, (), Losses())) == []


def test_r_chk_8_a_corrupt_index_raises() -> None:
    """The caller turns it into a failed answer."""
    assert list(read_body({"tool_calls": [{"index": 1000}]}, (), Losses())) == [ToolDelta(1000)]
    with pytest.raises(ApiError, match="index 1001"):
        list(read_body({"tool_calls": [{"index": 1001}]}, (), Losses()))


STARTS = [ToolDelta(id="a", name="Bash"), ToolDelta(id="b", name="Read")]
FRAGMENTS = [ToolDelta(arguments="{"), ToolDelta(arguments="{")]


@pytest.mark.parametrize("calls", [STARTS, FRAGMENTS])
def test_p_44_pieces_without_an_index_are_numbered_by_their_place(calls: list[ToolDelta]) -> None:
    """Whether they begin their calls or go on with them."""
    assert [call.index for call in placed(calls)] == [0, 1]


@pytest.mark.parametrize(
    "calls", [[], STARTS[:1], [FRAGMENTS[0], STARTS[1]], [ToolDelta(index=3), ToolDelta(arguments="x")]]
)
def test_p_44_a_place_says_nothing_in_other_lists(calls: list[ToolDelta]) -> None:
    """A single piece, the end of one call before the beginning of another, or indexes given."""
    assert placed(calls) == calls
