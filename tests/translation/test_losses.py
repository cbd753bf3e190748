"""The loss ledger."""

from __future__ import annotations

from tray_app.translation.losses import FIELD_CHARS, HEADER_LIMIT, NOTES_MAX, Losses


def test_38_notes_are_ordered_and_said_once() -> None:
    """The same loss twice is one note; the order is that of the translation."""
    losses = Losses()
    assert not losses
    losses.add("top_k", "not supported")
    losses.add("documents.0", "not accepted")
    losses.add("top_k", "not supported")
    assert losses.as_tuple() == ("top_k: not supported", "documents.0: not accepted")
    assert list(losses) == list(losses.as_tuple())
    assert "top_k: not supported" in losses
    assert len(losses) == 2


def test_38_the_header_is_safe_and_bounded() -> None:
    """Line breaks and other characters cannot get into the header, and it is cut at its limit."""
    losses = Losses()
    assert losses.header() == ""
    losses.add("a", "b\r\nx-evil: 1 é")
    assert losses.header() == "a: b??x-evil: 1 ?"
    losses.add("c", "x" * HEADER_LIMIT)
    assert len(losses.header()) == HEADER_LIMIT
    assert losses.header().endswith("...")


def test_38_the_ledger_is_bounded() -> None:
    """Names of unknown things come from clients and upstreams, and may be endless in number and length."""
    losses = Losses()
    losses.add("x" * 10_000, "unknown")
    for number in range(2 * NOTES_MAX):
        losses.add(str(number), "unknown")
    assert len(losses) == NOTES_MAX
    assert max(map(len, losses)) == FIELD_CHARS + len(": unknown")
