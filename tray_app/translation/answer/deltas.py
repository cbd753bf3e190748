"""The neutral deltas: what any provider's chunk means, before it becomes an Anthropic event (spec section 21).

`chunks.py` and `filters.py` make them, `stream.py` consumes them; nobody else needs them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from tray_app.translation.errors import ApiError


class Meta(msgspec.Struct, frozen=True, gc=False):
    """The upstream's own message id and model id; either may be empty."""

    id: str = ""
    model: str = ""


class Text(msgspec.Struct, frozen=True, gc=False):
    """A piece of the answer's text, never empty."""

    text: str


class Reasoning(msgspec.Struct, frozen=True, gc=False):
    """A piece of reasoning text, never empty, and the upstream's field it came in."""

    text: str
    field: str


class ReasoningOpaque(msgspec.Struct, frozen=True):
    """Opaque reasoning state to be sent back unread: a `reasoning_details` entry, a signature, encrypted content."""

    value: Any
    field: str


class ToolDelta(msgspec.Struct, frozen=True):
    """A piece of a tool call. Empty strings of the upstream are None here (P-44); `arguments` is text to append.

    `index` is the upstream's slot number or None; `whole` says that `arguments` arrived as a JSON object and is complete;
    `opaque` is state that belongs to this call (Gemini's thought signature).
    """

    index: int | None = None
    id: str | None = None
    name: str | None = None
    arguments: str | None = None
    whole: bool = False
    opaque: Any = None
    legacy: bool = False


class Refusal(msgspec.Struct, frozen=True, gc=False):
    """A piece of a refusal's text, never empty."""

    text: str


class Finish(msgspec.Struct, frozen=True, gc=False):
    """The upstream's finish reason as sent; `native` refines it, `stop_sequence` is the matched stop text if it said so."""

    reason: str
    native: str = ""
    stop_sequence: str | None = None


class UsageReport(msgspec.Struct, frozen=True):
    """A usage object as the upstream sent it; `usage.py` reads it."""

    value: Mapping[str, Any]


class StopMatched(msgspec.Struct, frozen=True, gc=False):
    """The local scanner found one of the client's stop sequences (24.3): the answer ends here."""

    sequence: str


class Failed(msgspec.Struct, frozen=True):
    """The upstream reported an error inside its answer."""

    error: ApiError


class Ended(msgspec.Struct, frozen=True, gc=False):
    """The `[DONE]` marker."""


Delta = (
    Meta
    | Text
    | Reasoning
    | ReasoningOpaque
    | ToolDelta
    | Refusal
    | Finish
    | UsageReport
    | StopMatched
    | Failed
    | Ended
)
