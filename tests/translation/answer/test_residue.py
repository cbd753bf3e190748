"""End-of-turn tokens at the very end of the text."""

from __future__ import annotations

import pytest

from helpers.filtering import cuts, filtered
from tray_app.translation.answer.deltas import Text
from tray_app.translation.answer.residue import MAX_HELD, TOKENS, TokenResidue


@pytest.mark.parametrize("token", TOKENS)
def test_24_5_every_token_goes_at_the_end_only(token: str) -> None:
    """In any cut; in the middle it is text."""
    for pieces in cuts(f"a {token} b {token}"):
        assert filtered(TokenResidue(), pieces) == [("text", f"a {token} b ")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hi<|im_end|>\n<|endoftext|>\n", "Hi"),
        ("Hi<|im_end|><|im_en", "Hi<|im_end|><|im_en"),
        ("Hi <|im_", "Hi <|im_"),
        ("Hi\n", "Hi\n"),
        ("a < b", "a < b"),
        ("<|im_end|>", ""),
        ("", ""),
    ],
)
def test_24_5_runs_and_beginnings(text: str, expected: str) -> None:
    """Several tokens with white space are residue; half a token is not."""
    for pieces in cuts(text):
        assert filtered(TokenResidue(), pieces) == ([("text", expected)] if expected else [])


def test_24_2_a_long_run_is_text() -> None:
    """Nothing is held without a bound."""
    residue = TokenResidue()
    assert residue.feed("<|im_end|>") == []
    assert residue.feed("<|im_end|>" * (MAX_HELD // 10)) == [Text("<|im_end|>" * (MAX_HELD // 10 + 1))]
    assert not residue.done
