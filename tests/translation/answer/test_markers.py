"""How much of a text's end may be the beginning of a marker."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tray_app.translation.answer.markers import overlap, split_hold


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("", 0),
        ("x", 0),
        ("x<", 1),
        ("x</th", 4),
        ("<</th", 4),
        ("</think>", 0),
        ("</think></", 2),
        ("aab", 1),
        ("x</th ", 0),
    ],
)
def test_24_2_the_longest_beginning_is_held(text: str, held: int) -> None:
    """Of any marker, and never a whole one."""
    assert overlap(text, ("</think>", "bb")) == held
    assert split_hold(text, ("</think>", "bb")) == (text[: len(text) - held], text[len(text) - held :])


def test_no_markers_hold_nothing() -> None:
    """Nothing to wait for."""
    assert overlap("abc", ()) == 0


@given(st.text("ab", max_size=12), st.lists(st.text("ab", min_size=1, max_size=6), max_size=3))
def test_24_2_it_is_what_trying_every_length_finds(text: str, markers: list[str]) -> None:
    """Against the plain definition; hold-backs stay shorter than the longest marker."""
    lengths = [n for n in range(1, len(text) + 1) for m in markers if len(m) > n and m.startswith(text[-n:])]
    assert overlap(text, markers) == max(lengths, default=0)
    assert overlap(text, markers) < max(map(len, markers), default=1)
