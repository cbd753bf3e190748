"""The one second try with an Anthropic endpoint: what to change in a request that was refused for its thinking (R-PAS-6).

The patterns are `data/rectifier.toml`. The caller sees to it that it happens once, and before a byte went to the client.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

import msgspec

from tray_app.translation.passthrough.thinking import remove_thinking
from tray_app.translation.tables import load

BUDGET_MIN: Final = 1024  # Anthropic's own
_BUDGET_SHARE: Final = 0.8  # of max_tokens; the rest is for the answer


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    signature: list[str]
    budget_too_small: list[str]
    budget_too_large: list[str]


@cache
def _table() -> _Table:
    return load("rectifier", _Table)


def rectify(status: int, error_text: str, request: Mapping[str, Any]) -> dict[str, Any] | None:
    """The request to try instead, or None when nothing can be mended. `error_text` is the whole error body."""
    if status != 400:
        return None
    if _says(_table().signature, error_text):
        changed = remove_thinking(request)
        return None if changed is request else dict(changed)
    if _says(_table().budget_too_small + _table().budget_too_large, error_text):
        return _with_fitting_budget(request)
    return None


def _says(patterns: list[str], text: str) -> bool:
    return any(re.search(pattern, text, re.IGNORECASE) for pattern in patterns)


def _with_fitting_budget(request: Mapping[str, Any]) -> dict[str, Any] | None:
    """A budget of at least 1024 that leaves room for the answer, more `max_tokens` where there is no such budget."""
    thinking, most = request.get("thinking"), request.get("max_tokens")
    budget = thinking.get("budget_tokens") if isinstance(thinking, dict) else None
    if not isinstance(thinking, dict) or not isinstance(budget, int) or not isinstance(most, int):
        return None
    fitting = max(budget, BUDGET_MIN)
    if fitting >= most:
        fitting = max(int(most * _BUDGET_SHARE), BUDGET_MIN)
    room = most if most > fitting else fitting + most
    return {**request, "max_tokens": room, "thinking": {**thinking, "budget_tokens": fitting}}
