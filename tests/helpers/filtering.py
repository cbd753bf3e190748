"""Text through a filter, in any pieces."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tray_app.translation.answer.deltas import Delta, Reasoning, StopMatched, Text, ToolDelta
from tray_app.translation.answer.filters import Filter, TextFilters

Said = list[tuple[str, str]]


def filtered(each: Filter | TextFilters, pieces: Iterable[str]) -> Said:
    """What becomes of the pieces, the end included, with neighbours of one kind joined."""
    return said([delta for piece in pieces for delta in each.feed(piece)] + each.flush())


def said(deltas: Iterable[Delta]) -> Said:
    """Deltas as pairs of kind and text."""
    found: Said = []
    for delta in deltas:
        kind, text = _KINDS[type(delta)](delta)
        if found and found[-1][0] == kind and kind in ("text", "reasoning"):
            found[-1] = kind, found[-1][1] + text
        else:
            found.append((kind, text))
    return found


_KINDS: dict[type, Callable[..., tuple[str, str]]] = {
    Text: lambda delta: ("text", delta.text),
    Reasoning: lambda delta: ("reasoning", delta.text),
    StopMatched: lambda delta: ("stop", delta.sequence),
    ToolDelta: lambda delta: (f"call {delta.name}", delta.arguments or ""),
}


def cuts(text: str) -> Iterable[tuple[str, ...]]:
    """The text in one piece, in two at every place, and in single characters."""
    return [(text,), *((text[:at], text[at:]) for at in range(len(text) + 1)), tuple(text)]
