"""Characters that were cut in two are put together again."""

from __future__ import annotations

from tray_app.translation.answer.deltas import (
    Delta,
    Ended,
    Failed,
    Finish,
    Meta,
    Reasoning,
    Refusal,
    Text,
    ToolDelta,
    UsageReport,
)
from tray_app.translation.answer.surrogates import SurrogateJoiner
from tray_app.translation.errors import ApiError


def joined(*deltas: Delta) -> list[Delta]:
    joiner = SurrogateJoiner()
    found = list(joiner.join(deltas))
    return found + list(joiner.flush())


def test_r_sse_12_halves_of_one_channel_are_joined() -> None:
    """Text, reasoning and refusals; other things may come between, and an empty piece does."""
    assert joined(Text("\ud83d"), Meta("i"), Text(""), Text("\ude00")) == [Meta("i"), Text("😀")]
    assert joined(Reasoning("a\ud83d", "f"), Reasoning("\ude00", "f")) == [Reasoning("a", "f"), Reasoning("😀", "f")]
    assert joined(Refusal("\ud83d"), Refusal("\ude00")) == [Refusal("😀")]


def test_r_sse_12_a_half_does_not_cross_into_another_channel() -> None:
    """What stays alone becomes U+FFFD before the other speaks, and before every end."""
    assert joined(Text("\ud83d"), Refusal("\ude00")) == [Text("\ufffd"), Refusal("\ufffd")]
    for end in (Finish("stop"), Ended(), Failed(ApiError("api_error", "x"))):
        assert joined(Text("\ud83d"), end) == [Text("\ufffd"), end]
    assert joined(Text("\ud83d\ud83d")) == [Text("\ufffd"), Text("\ufffd")]


def test_r_sse_12_calls_keep_their_halves_apart() -> None:
    """By index; the id and the name of a held piece come at once."""
    assert joined(ToolDelta(0, "i", "f", "\ud83d"), ToolDelta(1, None, None, "\ude00"), ToolDelta(0, None, None, "\ude00")) == [
        ToolDelta(0, "i", "f"), ToolDelta(1, None, None, "\ufffd"), ToolDelta(0, None, None, "😀"),
    ]  # fmt: skip
    assert joined(ToolDelta(0, None, None, "\ud83d")) == [ToolDelta(0), ToolDelta(0, None, None, "\ufffd")]


def test_r_sse_12_everything_else_is_mended() -> None:
    """Ids, names and usage hold no halves."""
    assert joined(Meta("\ud83d"), UsageReport({"\ude00": ["\ud83d"]}), ToolDelta(0, "\ud83d", "\ude00")) == [
        Meta("\ufffd"), UsageReport({"\ufffd": ["\ufffd"]}), ToolDelta(0, "\ufffd", "\ufffd"),
    ]  # fmt: skip
