"""The code fence round structured output."""

from __future__ import annotations

import pytest

from helpers.filtering import cuts, filtered
from tray_app.translation.answer.deltas import Text
from tray_app.translation.answer.fences import MAX_TAIL, FenceFilter


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('```json\n{"a":1}\n```', '{"a":1}'),
        ('\n ``` json \r\n{"a":1}\n```\n\n', '{"a":1}'),
        ('```\n{"a":"x```y"}\n```', '{"a":"x```y"}'),
        ('```json\n{"a":1}', '{"a":1}'),
        ('```json\n{"a":1}\n``', '{"a":1}\n``'),
        ('{"a":"```json\\n"}', '{"a":"```json\\n"}'),
        ("Here:\n```json\n{}\n```", "Here:\n```json\n{}\n```"),
        ("```not a fence at all, but a sentence", "```not a fence at all, but a sentence"),
        ("``", "``"),
        ("", ""),
    ],
)
def test_24_4_a_fence_round_everything_is_taken_off(text: str, expected: str) -> None:
    """In any cut, and only when the answer begins with it."""
    for pieces in cuts(text):
        assert filtered(FenceFilter(), pieces) == ([("text", expected)] if expected else [])


def test_24_4_text_inside_streams() -> None:
    """Only what may be the closing fence waits, and not for ever (24.2)."""
    fence = FenceFilter()
    assert fence.feed("```json\n{") == [Text("{")]
    assert fence.feed('"a":1}\n') == [Text('"a":1}')]
    assert fence.feed("\n```") == []
    assert fence.feed(" x") == [Text("\n\n``` x")]
    assert not fence.done
    assert "".join(delta.text for delta in fence.feed(" " * 100) if isinstance(delta, Text)) == " " * (100 - MAX_TAIL)


def test_24_4_unfenced_answers_pass_at_once() -> None:
    """The filter is done with the first character that is no fence."""
    fence = FenceFilter()
    assert fence.feed(" ") == []
    assert fence.feed("{") == [Text(" {")]
    assert fence.done
    assert fence.feed("```") == [Text("```")]
