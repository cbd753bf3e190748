"""Token counts of one answer: read from whatever a provider reports, told in Anthropic's terms (spec section 26).

Where nobody reports, the caller's estimates are used and marked as such: a client that sees 0 never compacts (P-64).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, Final

import msgspec

from tray_app.translation.capabilities import Capabilities

MAX_COUNT: Final = 2**53 - 1  # what every JSON reader keeps exactly

# Canonical count -> the paths providers report it under, first present wins (R-USE-1).
_REPORTED_AS: Final[dict[str, tuple[str, ...]]] = {
    "prompt": ("prompt_tokens", "input_tokens"),
    "completion": ("completion_tokens", "output_tokens"),
    "total": ("total_tokens",),
    "cached": (
        "prompt_tokens_details.cached_tokens",
        "prompt_cache_hit_tokens",
        "cached_tokens",
        "cache_read_input_tokens",
        "input_tokens_details.cached_tokens",
        "prompt_token_details.cached_tokens",  # Mistral says it in three places
        "num_cached_tokens",
    ),
    "written": (
        "prompt_tokens_details.cache_write_tokens",
        "prompt_tokens_details.cache_creation_input_tokens",
        "prompt_tokens_details.cache_creation_tokens",
        "cache_creation_input_tokens",
    ),
    "reasoning": (
        "completion_tokens_details.reasoning_tokens",
        "output_tokens_details.reasoning_tokens",
        "reasoning_tokens",
    ),
}

# Each place with its count, those that win last: they take what was found before.
_PLACES: Final = tuple(
    (*path.partition(".")[::2], count) for count, paths in _REPORTED_AS.items() for path in reversed(paths)
)


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


class UsageMeter:
    """Gathers what an upstream reports in the course of an answer; the reports are totals, not increments."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}

    def add(self, raw: Mapping[str, Any]) -> None:
        """Take a report: the last one wins per count, but nothing never replaces something (R-USE-6)."""
        for name, detail, count in _PLACES:
            value = raw.get(name)
            if detail:
                value = value.get(detail) if isinstance(value, dict) else None
            told = None if value is None else _count(value)
            if told or (told == 0 and count not in self._counts):
                self._counts[count] = told

    def total(self, capabilities: Capabilities, *, input_estimate: Callable[[], int], output_estimate: int) -> Usage:
        """The usage so far; a side nobody reported is the estimate (R-USE-7, R-USE-9), at least 1 if both are."""
        prompt = self._counts.get("prompt", 0)
        completion = self._output(capabilities)
        estimated = not prompt or (not completion and output_estimate > 0)
        if not prompt and not completion:
            output_estimate = max(1, output_estimate)
        fresh, read, written = self._input(prompt, in_prompt=capabilities.cached_in_prompt)
        return Usage(
            input_tokens=fresh if prompt else max(1, input_estimate()),
            output_tokens=completion or max(0, output_estimate),
            cache_read_input_tokens=read if prompt else 0,
            cache_creation_input_tokens=written if prompt else 0,
            thinking_tokens=self._counts.get("reasoning"),
            source=UsageSource.ESTIMATED if estimated else UsageSource.REPORTED,
        )

    def _input(self, prompt: int, *, in_prompt: bool) -> tuple[int, int, int]:
        """The prompt as fresh, read and written tokens, which add up to its real size (R-USE-2, P-65)."""
        read, written = self._counts.get("cached", 0), self._counts.get("written", 0)
        if not in_prompt:
            return prompt, read, written
        read = min(read, prompt)  # xAI reports more cached tokens than the prompt has
        written = min(written, prompt - read)
        return prompt - read - written, read, written

    def _output(self, capabilities: Capabilities) -> int:
        """Completion tokens with the reasoning in them, which some providers leave out (R-USE-3, P-66)."""
        completion, reasoning = self._counts.get("completion", 0), self._counts.get("reasoning", 0)
        without = self._counts.get("total", 0) == self._counts.get("prompt", 0) + completion + reasoning
        if capabilities.usage_excludes_reasoning or (without and reasoning):
            return completion + reasoning
        return max(completion, reasoning)


def anthropic(usage: Usage, *, service_tier: str = "standard") -> dict[str, Any]:
    """The `usage` object of a Message, of `message_start` and of `message_delta` (R-USE-4, R-USE-5)."""
    told: dict[str, Any] = {
        "input_tokens": usage.input_tokens,
        "cache_creation_input_tokens": usage.cache_creation_input_tokens,
        "cache_read_input_tokens": usage.cache_read_input_tokens,
        "output_tokens": usage.output_tokens,
        "service_tier": service_tier,
    }
    if usage.thinking_tokens is not None:
        told["output_tokens_details"] = {"thinking_tokens": usage.thinking_tokens}
    return told


def _count(value: Any) -> int | None:
    """A count sent as an integer, a float or digits; None for anything else (R-CHK-8, D25)."""
    if type(value) is int and 0 <= value <= MAX_COUNT:
        return value
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    if isinstance(value, float):
        value = int(value) if math.isfinite(value) else None
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return min(max(value, 0), MAX_COUNT)
