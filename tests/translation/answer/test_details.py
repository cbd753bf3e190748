"""Fragments of `reasoning_details` become entries again."""

from __future__ import annotations

from typing import Any

import pytest

from tray_app.translation.answer import details
from tray_app.translation.answer.deltas import Delta, Meta, Reasoning, ReasoningOpaque, Text, UsageReport
from tray_app.translation.answer.details import DetailMerger


def detail(**entry: Any) -> ReasoningOpaque:
    return ReasoningOpaque({"type": "reasoning.text", **entry}, "details")


def merged(*deltas: Delta) -> list[Delta]:
    merger = DetailMerger()
    return list(merger.merge(deltas)) + list(merger.flush())


def test_r_chk_5_fragments_of_one_text_are_one_entry() -> None:
    """Texts are joined, later fields join in, and what does not end the run may come between."""
    between = [Reasoning("a", "f"), Meta("i"), UsageReport({})]
    assert merged(detail(text="a"), *between, detail(text="b", signature="s", id=None)) == [
        *between, detail(text="ab", signature="s"),
    ]  # fmt: skip


def test_r_chk_5_runs_end_where_something_else_comes() -> None:
    """Another index, another type, a second signature, text: each ends the entry before it."""
    first = detail(text="a", index=0)
    summary = detail(type="reasoning.summary", summary="s", index=1)
    for other in (detail(text="b", index=1), summary, detail(type="reasoning.encrypted", data="x"), Text("t"),
                  ReasoningOpaque("s", "gemini"), detail(type=["odd"])):  # fmt: skip
        assert merged(first, other) == [first, other]
    signed = detail(text="a", signature="s")
    assert merged(signed, detail(text="", signature="t")) == [signed, detail(text="", signature="t")]


def test_r_chk_5_a_fragment_may_hold_only_a_signature() -> None:
    """A text that is null or missing adds nothing; one that is no text is kept as it came."""
    assert merged(detail(text="a"), detail(text=None, signature="s")) == [detail(text="a", signature="s")]
    assert merged(detail(signature="s")) == [detail(signature="s", text="")]
    assert merged(detail(text=[1])) == [detail(text=[1])]


def test_holding_says_whether_an_entry_may_grow() -> None:
    """So that no delta is led past it."""
    merger = DetailMerger()
    assert not merger.holding
    assert list(merger.merge([detail(text="a")])) == []
    assert merger.holding
    assert list(merger.flush()) == [detail(text="a")]
    assert not merger.holding


def test_an_entry_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces beyond the bound are not kept, and every entry has a bound of its own."""
    monkeypatch.setattr(details, "MAX_ENTRY_CHARS", 3)
    first, second = detail(text="ab", index=0), detail(text="cde", index=1)
    assert merged(first, detail(text="cd", index=0), second) == [first, second]
