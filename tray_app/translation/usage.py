"""Token counts of one answer: read from whatever a provider reports, told in Anthropic's terms (spec section 26)."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class UsageSource(StrEnum):
    """Where a number comes from; every number on screen carries it."""

    REPORTED = "reported"
    ESTIMATED = "estimated"
    UNKNOWN = "unknown"


class Usage(msgspec.Struct, frozen=True, kw_only=True):
    """Tokens; `input_tokens` excludes the cached ones, so that the three input fields add up to the prompt (R-USE-2)."""

    input_tokens: int = 0
    output_tokens: int = 0
    cache_read_input_tokens: int = 0
    cache_creation_input_tokens: int = 0
    thinking_tokens: int | None = None
    source: UsageSource = UsageSource.UNKNOWN
