"""Recognises "this does not fit the context window" in any provider's words and says it in Anthropic's (section 29, P-87).

Claude Code reads the text: one wording makes it compact the session, the other makes it ask for a shorter answer. So the
client gets exactly one of the two and nothing else; the upstream's own words travel in `ApiError.upstream_text`. The
wordings are data (`data/overflow.toml`). The proxy's own retry with a smaller limit (R-OVF-3) is `healing.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final, Literal

import msgspec

from tray_app.translation.errors import ApiError
from tray_app.translation.redaction import header_safe
from tray_app.translation.tables import load
from tray_app.translation.upstream_errors.payloads import read_payload

__all__ = ["Overflow", "detect", "header_safe", "looks_truncated", "silent_cut"]

_NUMBER: Final = r"\d[\d,_]*"  # some write 128,000
_DIGITS: Final = 15  # what is longer is no number of tokens
_FULL: Final = 0.99  # R-OVF-5: the prompt fills this much of the window
_TRUNCATED: Final = 0.6  # R-OVF-6: real prompt / estimate below this is suspicious
_TRUNCATED_FROM: Final = 4000  # tokens; below it the estimate is too rough to accuse anybody


class Overflow(msgspec.Struct, frozen=True):
    """What an overflow text said, in tokens; 0 where it said nothing.

    `kind` is ``a`` (the prompt does not fit) or ``b`` (the prompt fits, prompt and answer together do not).
    """

    kind: Literal["a", "b"]
    prompt: int = 0
    limit: int = 0
    completion: int = 0

    def api_error(self, estimate: int = 0, context_window: int = 0, asked_max_tokens: int = 0) -> ApiError:
        """The 400 with one of the two wordings; the arguments fill numbers the upstream left out (R-OVF-2)."""
        message = self.client_message(estimate, context_window, asked_max_tokens)
        # For (b) nothing is said about retrying: the client is meant to try again with a smaller limit.
        return ApiError("invalid_request_error", message, should_retry=False if message.startswith("prompt") else None)

    def client_message(self, estimate: int = 0, context_window: int = 0, asked_max_tokens: int = 0) -> str:
        """Exactly Anthropic's sentence; in (a) the first number is always larger than the second (R-OVF-4)."""
        completion = self.completion or asked_max_tokens
        if self.kind == "b" and completion:
            return (
                f"input length and `max_tokens` exceed context limit: {self.prompt} + {completion} > {self.limit}, "
                "decrease input length or `max_tokens` and try again"
            )
        limit = self.limit or context_window
        prompt = self.prompt if self.prompt > limit else max(estimate, limit + 1)
        return f"prompt is too long: {prompt} tokens > {limit or prompt - 1} maximum"


class _Field(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    prompt: str
    limit: str


class _Pattern(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    source: str
    regex: str


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    statuses: list[int]
    rate: list[str]
    codes: list[str]
    field: list[_Field]
    pattern: list[_Pattern]


@cache
def _table() -> _Table:
    return load("overflow", _Table)


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    regexes = (entry.regex.replace(r"\d+", _NUMBER) for entry in _table().pattern)
    return tuple(re.compile(regex, re.IGNORECASE | re.DOTALL) for regex in regexes)


@cache
def _rate() -> re.Pattern[str]:
    return re.compile("|".join(_table().rate), re.IGNORECASE)


def detect(status: int, text: str, payload: Any) -> Overflow | None:
    """The overflow in an upstream's error, or None (R-OVF-1).

    `status` is the HTTP status, 0 for an error inside a stream; `text` the human message; `payload` the decoded body or
    None.
    """
    if status not in _table().statuses:
        return None
    codes = set(read_payload(payload).codes)
    if _rate().search(" ".join((text, *codes))):
        return None
    found = next((match for pattern in _patterns() if (match := pattern.search(text))), None)
    numbers = {**_numbers(found), **dict(_fields(payload))}
    if found is None and codes.isdisjoint(_table().codes):
        return None
    return _judged(numbers)


def _numbers(match: re.Match[str] | None) -> dict[str, int]:
    found = match.groupdict().items() if match else ()
    return {name: int(re.sub(r"\D", "", value)[:_DIGITS]) for name, value in found if value}


def _fields(payload: Any) -> Iterator[tuple[str, int]]:
    body = payload if isinstance(payload, dict) else {}
    inner = body.get("error", body)  # an `error` event may hold the object alone
    error = inner if isinstance(inner, dict) else {}
    for rule in _table().field:
        for name, key in (("prompt", rule.prompt), ("limit", rule.limit)):
            if isinstance(value := error.get(key), int) and value > 0:
                yield name, value


def _judged(numbers: Mapping[str, int]) -> Overflow:
    """Kind (b) only when the numbers show that the prompt alone would fit (R-OVF-3)."""
    limit, completion = numbers.get("limit", 0), numbers.get("completion", 0)
    total, over = numbers.get("total", 0), numbers.get("over", 0)
    prompt = numbers.get("prompt", 0) or max(total - completion, 0)
    if over and limit:
        prompt = limit + over
    return Overflow("b" if 0 < prompt < limit else "a", prompt, limit, completion)


def silent_cut(prompt_tokens: int, output_tokens: int, context_window: int) -> Overflow | None:
    """R-OVF-5: a `length` finish without output and with the window full is an overflow that was not reported."""
    if context_window and not output_tokens and prompt_tokens >= _FULL * context_window:
        return Overflow("a", max(prompt_tokens, context_window + 1), context_window)
    return None


def looks_truncated(prompt_tokens: int, estimate: int) -> bool:
    """R-OVF-6: the upstream counted far fewer tokens than we sent, so it seems to cut long prompts silently."""
    return estimate > _TRUNCATED_FROM and 0 < prompt_tokens < _TRUNCATED * estimate
