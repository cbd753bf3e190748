"""Stop sequences found in the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.filtering import Said, cuts, filtered
from tray_app.translation.answer.deltas import StopMatched, Text
from tray_app.translation.answer.stop_scanner import StopScanner


@pytest.mark.parametrize(
    ("stops", "text", "expected"),
    [
        (("END",), "one END two END", [("text", "one "), ("stop", "END")]),
        (("END",), "END", [("stop", "END")]),
        (("END",), "one EN", [("text", "one EN")]),
        (("END",), "one EENDx", [("text", "one E"), ("stop", "END")]),
        (("abcd", "bc"), "xabcd", [("text", "xa"), ("stop", "bc")]),
        (("bc", "abc"), "xabc", [("text", "x"), ("stop", "abc")]),
        (("\n\nHuman:", "###"), "a\n\nHum\n### b", [("text", "a\n\nHum\n"), ("stop", "###")]),
        (("€",), "a€b", [("text", "a"), ("stop", "€")]),
        (("x", ""), "abc", [("text", "abc")]),
    ],
)
def test_p_99_the_first_match_ends_the_text(stops: tuple[str, ...], text: str, expected: Said) -> None:
    """In any cut: the match that is complete first, the longest of those."""
    for pieces in cuts(text):
        assert filtered(StopScanner(stops), pieces) == expected


def test_24_3_only_a_possible_beginning_is_held() -> None:
    """Text is not late without a reason, and nothing follows a match."""
    scanner = StopScanner(("END", "E!"))
    assert scanner.feed("some E") == [Text("some ")]
    assert scanner.feed("N") == []
    assert scanner.feed("T E") == [Text("ENT ")]
    assert scanner.flush() == [Text("E")]
    assert scanner.feed("E!") == [StopMatched("E!")]
    assert scanner.feed("more") == scanner.flush() == []
    assert not scanner.done


def test_without_sequences_it_is_done() -> None:
    """Nothing to look for."""
    assert StopScanner(("",)).done
    assert StopScanner(()).done


@given(
    st.lists(st.text("ab", min_size=1, max_size=3), min_size=1, max_size=3),
    st.lists(st.text("ab", max_size=4), max_size=8),
)
def test_24_3_the_cut_of_the_text_changes_nothing(stops: list[str], pieces: list[str]) -> None:
    """Any pieces say the same as the whole."""
    whole = filtered(StopScanner(tuple(stops)), ["".join(pieces)])
    assert filtered(StopScanner(tuple(stops)), pieces) == whole
