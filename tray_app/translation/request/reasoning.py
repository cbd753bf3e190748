"""Thinking and effort: the client's intent (spec 15.1) and the many ways to ask an upstream for it (15.2).

`intent` reads the request, `reasoning_fields` writes one dialect. Never two contradicting parameters (R-EFF-7): a dialect
is one small function for *on* and one for *off*, picked from a table. History of thinking is `thinking.py`'s business.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, Final

import msgspec

from tray_app.translation.capabilities import Capabilities
from tray_app.translation.context import ThinkingView
from tray_app.translation.losses import Losses

EFFORTS: Final = ("minimal", "low", "medium", "high", "xhigh", "max")  # weakest first; "none" is not an effort
BUDGET_SHARE: Final = 0.8  # of max_tokens: the budget is shared with the answer on most upstreams (R-EFF-4)
REDACT_BETA: Final = "redact-thinking"
_EFFORT_OF_BUDGET: Final = ((4096, "low"), (16384, "medium"), (32768, "high"))  # below which budget; above all: xhigh
# Dialects in which an effort alone does not switch thinking on (R-EFF-4b).
_EFFORT_ALONE: Final = frozenset({"openai", "xai", "copilot"})

Fields = dict[str, Any]


class Mode(StrEnum):
    """What the client wants the model to do."""

    DEFAULT = "default"  # it did not say
    ON = "on"
    OFF = "off"


class Intent(msgspec.Struct, frozen=True):
    """The client's wish, free of any wire format. `budget` is in tokens; `derived`: the effort was computed from it."""

    mode: Mode
    effort: str | None
    budget: int | None
    view: ThinkingView
    derived: bool = False


def intent(request: Mapping[str, Any], directive_effort: str | None, betas: frozenset[str]) -> Intent:
    """Read `thinking` and `output_config.effort`; a mid-conversation directive wins over the latter (R-SYS-14)."""
    thinking = request.get("thinking") or {}
    effort = directive_effort or _text((request.get("output_config") or {}).get("effort"))
    kind = thinking.get("type")
    if kind == "disabled" or effort == "none":
        return Intent(Mode.OFF, None, None, ThinkingView.OFF)
    if not kind:
        return Intent(Mode.DEFAULT, effort, None, ThinkingView.OFF)
    budget = _positive(thinking.get("budget_tokens"))
    view = _view(thinking, betas)
    if effort is None and budget is not None:
        return Intent(Mode.ON, _effort_of(budget), budget, view, derived=True)
    return Intent(Mode.ON, effort, budget, view)


def _text(value: object) -> str | None:
    return value.lower() if isinstance(value, str) and value else None


def _positive(value: object) -> int | None:
    """Any positive budget is accepted: Claude Code sends 500 where Anthropic documents 1024 as the minimum (P-38)."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


def _effort_of(budget: int) -> str:
    return next((effort for below, effort in _EFFORT_OF_BUDGET if budget < below), "xhigh")


def _view(thinking: Mapping[str, Any], betas: frozenset[str]) -> ThinkingView:
    hidden = thinking.get("display") == "omitted" or any(beta.startswith(REDACT_BETA) for beta in betas)
    return ThinkingView.HIDDEN if hidden else ThinkingView.SHOWN


def reasoning_fields(
    intent: Intent, capabilities: Capabilities, model: str, max_tokens: int, thinking_off: bool, losses: Losses
) -> dict[str, Any]:
    """The upstream's parameters for `intent`. `max_tokens` is the value that is sent (0: none).

    `thinking_off` says that thinking has to give way to a forced tool choice (R-CHO-3).
    """
    dialect = _DIALECTS.get(capabilities.reasoning_request)
    if dialect is None:
        _note_unable(intent, model, losses)
        return {}
    if thinking_off or intent.mode is Mode.OFF:
        return _switch_off(dialect, capabilities, model, losses)
    if intent.mode is Mode.DEFAULT and not _may_send_effort_alone(capabilities):
        _note_unused_effort(intent, losses)
        return {}
    effort = _effort(intent, dialect, capabilities, losses)
    budget = _budget(intent, dialect, capabilities, max_tokens, losses)
    return dialect.on(_Wish(effort, budget, intent.derived), capabilities)


def _note_unable(intent: Intent, model: str, losses: Losses) -> None:
    """A model without reasoning parameters gets none, whatever the client says (R-EFF-6)."""
    if intent.mode is Mode.ON:
        losses.add("thinking", f"{model} takes no reasoning parameters")
    if intent.effort is not None and not intent.derived:
        losses.add("output_config.effort", f"{model} takes no reasoning parameters")


def _switch_off(dialect: _Dialect, capabilities: Capabilities, model: str, losses: Losses) -> Fields:
    fields = None if capabilities.reasoning_always_on else dialect.off(capabilities)
    if fields is None:
        losses.add("thinking", f"cannot be switched off for {model}")
        return {}
    return fields


def _may_send_effort_alone(capabilities: Capabilities) -> bool:
    return capabilities.reasoning_always_on or capabilities.reasoning_request in _EFFORT_ALONE


def _note_unused_effort(intent: Intent, losses: Losses) -> None:
    if intent.effort is not None:
        losses.add("output_config.effort", "without thinking it would switch thinking on")


def _effort(intent: Intent, dialect: _Dialect, capabilities: Capabilities, losses: Losses) -> str | None:
    if intent.effort is None:
        return None
    fitting = clamp_effort(intent.effort, capabilities) if dialect.takes_effort else None
    if fitting != intent.effort and not intent.derived:
        losses.add(
            "output_config.effort", f"{intent.effort} sent as {fitting}" if fitting else "not taken by this upstream"
        )
    return fitting


def clamp_effort(effort: str, capabilities: Capabilities) -> str | None:
    """The effort this model lists that is nearest to `effort` and not above it; None if it lists none (R-EFF-1, R-EFF-2)."""
    values = capabilities.effort_values
    wanted = capabilities.effort_map.get(effort, effort)
    if wanted in values:
        return wanted
    ranked = [value for value in EFFORTS if value in values]
    if not ranked:
        return next((value for value in values if value != "none"), None)
    rank = EFFORTS.index(wanted if wanted in EFFORTS else "high")
    return max((value for value in ranked if EFFORTS.index(value) <= rank), key=EFFORTS.index, default=ranked[0])


def _budget(
    intent: Intent, dialect: _Dialect, capabilities: Capabilities, max_tokens: int, losses: Losses
) -> int | None:
    asked = intent.budget
    if asked is None or not dialect.takes_budget:
        return None
    ceiling = int(max_tokens * BUDGET_SHARE) if max_tokens else asked
    budget = max(min(asked, ceiling), capabilities.min_budget)
    if budget < 1 or 0 < max_tokens <= budget:
        losses.add("thinking.budget_tokens", "no room for it within max_tokens")
        return None
    if budget != asked:
        losses.add("thinking.budget_tokens", f"{asked} sent as {budget}")
    return budget


class _Wish(msgspec.Struct, frozen=True):
    """What is asked of a dialect: values this upstream can take. `derived`: the budget is the client's word, not the effort."""

    effort: str | None
    budget: int | None
    derived: bool


class _Dialect(msgspec.Struct, frozen=True):
    """One way to ask; `off` answers None where the upstream has no such thing."""

    on: Callable[[_Wish, Capabilities], Fields]
    off: Callable[[Capabilities], Fields | None]
    takes_effort: bool = True
    takes_budget: bool = False


def _effort_field(wish: _Wish, _: Capabilities) -> Fields:
    return {"reasoning_effort": wish.effort} if wish.effort else {}


def _no_effort(capabilities: Capabilities) -> Fields | None:
    return {"reasoning_effort": "none"} if "none" in capabilities.effort_values else None


def _least_effort(capabilities: Capabilities) -> Fields | None:
    if "minimal" in capabilities.effort_values and "none" not in capabilities.effort_values:
        return {"reasoning_effort": "minimal"}
    return _no_effort(capabilities)


def _thinking_disabled(_: Capabilities) -> Fields:
    return {"thinking": {"type": "disabled"}}


def _openrouter_on(wish: _Wish, _: Capabilities) -> Fields:
    """Exactly one of effort, max_tokens and enabled."""
    if wish.budget is not None and (wish.derived or wish.effort is None):
        return {"reasoning": {"max_tokens": wish.budget}}
    return {"reasoning": {"effort": wish.effort} if wish.effort else {"enabled": True}}


def _deepseek_on(wish: _Wish, capabilities: Capabilities) -> Fields:
    return {"thinking": {"type": "enabled"}, **_effort_field(wish, capabilities)}


def _zai_on(wish: _Wish, capabilities: Capabilities) -> Fields:
    return {"thinking": {"type": "enabled", "clear_thinking": False}, **_effort_field(wish, capabilities)}


def _kimi_on(wish: _Wish, capabilities: Capabilities) -> Fields:
    """K3 always thinks and takes an effort; K2 takes the switch."""
    if capabilities.reasoning_always_on:
        return _effort_field(wish, capabilities)
    keep = {"keep": "all"} if capabilities.keep_reasoning else {}
    return {"thinking": {"type": "enabled", **keep}, **_effort_field(wish, capabilities)}


def _qwen_on(wish: _Wish, _: Capabilities) -> Fields:
    return {"enable_thinking": True} | ({} if wish.budget is None else {"thinking_budget": wish.budget})


def _template_on(wish: _Wish, capabilities: Capabilities) -> Fields:
    return {capabilities.template_field: {capabilities.thinking_kwarg: True}, **_budget_field(wish, capabilities)}


def _template_off(capabilities: Capabilities) -> Fields:
    return {capabilities.template_field: {capabilities.thinking_kwarg: False}}


def _budget_field(wish: _Wish, capabilities: Capabilities) -> Fields:
    return {capabilities.budget_field: wish.budget} if capabilities.budget_field and wish.budget is not None else {}


def _gemini_on(wish: _Wish, capabilities: Capabilities) -> Fields:
    """An effort or a thinking configuration, never both; only the latter makes thoughts visible."""
    if wish.effort and not wish.derived:
        return _effort_field(wish, capabilities)
    budget = {} if wish.budget is None else {"thinking_budget": wish.budget}
    return {"extra_body": {"google": {"thinking_config": {**budget, "include_thoughts": True}}}}


def _groq_on(wish: _Wish, capabilities: Capabilities) -> Fields:
    return {**_effort_field(wish, capabilities), "reasoning_format": "parsed"}


def _together_on(wish: _Wish, capabilities: Capabilities) -> Fields:
    return {"reasoning": {"enabled": True}, **_effort_field(wish, capabilities)}


def _copied_on(wish: _Wish, _: Capabilities) -> Fields:
    if wish.budget is None:
        return {"thinking": {"type": "adaptive"}}
    return {"thinking": {"type": "enabled", "budget_tokens": wish.budget}}


def _copilot_on(wish: _Wish, capabilities: Capabilities) -> Fields:
    """Claude models there take a budget, the others an effort."""
    return _budget_field(wish, capabilities) if capabilities.budget_field else _effort_field(wish, capabilities)


def _reasoning_disabled(_: Capabilities) -> Fields:
    return {"reasoning": {"enabled": False}}


_DIALECTS: Final[Mapping[str, _Dialect]] = {
    "openai": _Dialect(_effort_field, _least_effort),
    "openrouter": _Dialect(_openrouter_on, _reasoning_disabled, takes_budget=True),
    "deepseek": _Dialect(_deepseek_on, _thinking_disabled),
    "zai": _Dialect(_zai_on, _thinking_disabled),
    "kimi": _Dialect(_kimi_on, _thinking_disabled),
    "qwen": _Dialect(_qwen_on, lambda _: {"enable_thinking": False}, takes_effort=False, takes_budget=True),
    "chat_template": _Dialect(_template_on, _template_off, takes_effort=False, takes_budget=True),
    "gemini": _Dialect(_gemini_on, _no_effort, takes_budget=True),
    "groq": _Dialect(_groq_on, _no_effort),
    "together": _Dialect(_together_on, _reasoning_disabled),
    "anthropic_like": _Dialect(_copied_on, _thinking_disabled, takes_effort=False, takes_budget=True),
    "xai": _Dialect(_effort_field, _no_effort),
    "ollama": _Dialect(_effort_field, lambda _: {"reasoning_effort": "none"}),
    "copilot": _Dialect(_copilot_on, lambda _: {}, takes_budget=True),
    "cerebras": _Dialect(_effort_field, lambda _: {"disable_reasoning": True}),
}
