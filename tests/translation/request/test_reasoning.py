"""Thinking and effort (spec section 15)."""

from __future__ import annotations

from itertools import product
from typing import Any, get_args, get_type_hints

import pytest

from tray_app.translation.capabilities import Capabilities, resolve
from tray_app.translation.context import ThinkingView
from tray_app.translation.losses import Losses
from tray_app.translation.request.reasoning import Intent, Mode, clamp_effort, intent, reasoning_fields

ON = {"type": "enabled", "budget_tokens": 8000}
ADAPTIVE = {"type": "adaptive"}
OFF = {"type": "disabled"}
DIALECTS = get_args(get_type_hints(Capabilities)["reasoning_request"])


def wish(thinking: object = None, effort: object = None, directive: str | None = None, *betas: str) -> Intent:
    request: dict[str, Any] = {}
    if thinking is not None:
        request["thinking"] = thinking
    if effort is not None:
        request["output_config"] = {"effort": effort}
    return intent(request, directive, frozenset(betas))


def ask(
    asked: Intent,
    capabilities: Capabilities | None = None,
    *,
    max_tokens: int = 32000,
    off: bool = False,
    **values: Any,
) -> tuple[dict[str, Any], list[str]]:
    losses = Losses()
    record = capabilities or Capabilities(**values)
    return reasoning_fields(asked, record, "the-model", max_tokens, off, losses), list(losses)


# ---- intent ----


@pytest.mark.parametrize(
    ("thinking", "effort", "mode", "level", "budget"),
    [
        (None, None, Mode.DEFAULT, None, None),
        (None, "low", Mode.DEFAULT, "low", None),
        (OFF, None, Mode.OFF, None, None),
        (OFF, "high", Mode.OFF, None, None),
        ({"type": "enabled", "budget_tokens": 4095}, None, Mode.ON, "low", 4095),
        ({"type": "enabled", "budget_tokens": 4096}, None, Mode.ON, "medium", 4096),
        ({"type": "enabled", "budget_tokens": 16384}, None, Mode.ON, "high", 16384),
        ({"type": "enabled", "budget_tokens": 32768}, None, Mode.ON, "xhigh", 32768),
        ({"type": "enabled", "budget_tokens": 500}, "max", Mode.ON, "max", 500),
        (ADAPTIVE, None, Mode.ON, None, None),
        (ADAPTIVE, "Medium", Mode.ON, "medium", None),
        ({"type": "enabled"}, None, Mode.ON, None, None),
        (ADAPTIVE, "none", Mode.OFF, None, None),
        (ADAPTIVE, 3, Mode.ON, None, None),
    ],
)
def test_p_101_the_table_of_intents(
    thinking: object, effort: object, mode: Mode, level: str | None, budget: int | None
) -> None:
    """Adaptive is no effort, a budget is one only when no effort is given, nothing is invented (15.1)."""
    read = wish(thinking, effort)
    assert (read.mode, read.effort, read.budget) == (mode, level, budget)


@pytest.mark.parametrize("budget", [1, 500, 1023, 31999])
def test_p_38_any_positive_budget_is_accepted(budget: int) -> None:
    """Prompt suggestions come with 500, below the documented minimum (R-EFF-3)."""
    assert wish({"type": "enabled", "budget_tokens": budget}).budget == budget


@pytest.mark.parametrize("budget", [0, -5, True, "many", None])
def test_r_eff_3_what_is_no_budget_is_none(budget: object) -> None:
    """Thinking stays on with the model's own idea of how much."""
    assert wish({"type": "enabled", "budget_tokens": budget}) == Intent(Mode.ON, None, None, ThinkingView.SHOWN)


@pytest.mark.parametrize(
    ("thinking", "betas", "view"),
    [
        (None, (), ThinkingView.OFF),
        (OFF, (), ThinkingView.OFF),
        (ADAPTIVE, (), ThinkingView.SHOWN),
        ({**ADAPTIVE, "display": "updates"}, (), ThinkingView.SHOWN),
        ({**ADAPTIVE, "display": "omitted"}, (), ThinkingView.HIDDEN),
        (ADAPTIVE, ("redact-thinking-2026-02-12",), ThinkingView.HIDDEN),
        (ADAPTIVE, ("effort-2025-11-24",), ThinkingView.SHOWN),
    ],
)
def test_r_eff_5_what_the_client_wants_to_see(thinking: object, betas: tuple[str, ...], view: ThinkingView) -> None:
    """Hidden thinking still thinks."""
    assert wish(thinking, None, None, *betas).view is view


def test_r_sys_14_a_directive_wins_over_the_top_level_effort() -> None:
    """The last word in the conversation counts."""
    assert wish(ADAPTIVE, "high", "low").effort == "low"


# ---- effort ----


@pytest.mark.parametrize(
    ("effort", "values", "sent"),
    [
        ("low", ("low", "medium", "high"), "low"),
        ("xhigh", ("low", "medium", "high"), "high"),
        ("max", ("low", "medium", "high"), "high"),
        ("max", ("low", "xhigh"), "xhigh"),
        ("minimal", ("low", "medium"), "low"),
        ("medium", ("low", "high"), "low"),
        ("low", ("medium", "high"), "medium"),
        ("ultra", ("low", "medium", "high", "xhigh"), "high"),
        ("ultra", ("low", "ultra"), "ultra"),
        ("high", ("none", "default"), "default"),
        ("high", ("none",), None),
        ("high", (), None),
    ],
)
def test_r_eff_1_r_eff_2_the_nearest_effort_not_above(effort: str, values: tuple[str, ...], sent: str | None) -> None:
    """Minimal is the lowest, max the highest, an unknown word counts as high unless listed (R-EFF-1)."""
    assert clamp_effort(effort, Capabilities(effort_values=values)) == sent


@pytest.mark.parametrize(
    ("effort", "sent"), [("minimal", "low"), ("medium", "high"), ("xhigh", "high"), ("max", "max")]
)
def test_r_eff_2_an_upstreams_own_folding_comes_first(effort: str, sent: str) -> None:
    """DeepSeek reads medium as high."""
    assert clamp_effort(effort, resolve("api.deepseek.com", "deepseek-chat")) == sent


def test_r_eff_2_a_changed_effort_is_noted_a_derived_one_is_not() -> None:
    """Only the client's own word is a loss."""
    assert ask(wish(ADAPTIVE, "xhigh")) == ({"reasoning_effort": "high"}, ["output_config.effort: xhigh sent as high"])
    assert ask(wish({"type": "enabled", "budget_tokens": 40000}), max_tokens=64000) == (
        {"reasoning_effort": "high"},
        [],
    )


# ---- budgets ----


@pytest.mark.parametrize(
    ("budget", "max_tokens", "sent"),
    [(31999, 32000, 25600), (8000, 32000, 8000), (32000, 8000, 6400), (500, 32000, 500), (9000, 0, 9000)],
)
def test_r_eff_4_a_budget_leaves_a_fifth_for_the_answer(budget: int, max_tokens: int, sent: int) -> None:
    """Claude Code sends 31999 of 32000 and qwen-code 32000 of 8000; both are accepted and cut."""
    asked = wish({"type": "enabled", "budget_tokens": budget})
    fields, losses = ask(asked, reasoning_request="qwen", max_tokens=max_tokens)
    assert fields == {"enable_thinking": True, "thinking_budget": sent}
    assert losses == ([] if sent == budget else [f"thinking.budget_tokens: {budget} sent as {sent}"])


def test_r_eff_3_a_budget_is_raised_to_the_upstreams_minimum() -> None:
    """Where the profile has one."""
    fields, losses = ask(wish({"type": "enabled", "budget_tokens": 500}), reasoning_request="qwen", min_budget=1024)
    assert fields["thinking_budget"] == 1024
    assert losses == ["thinking.budget_tokens: 500 sent as 1024"]


@pytest.mark.parametrize(("max_tokens", "minimum"), [(1000, 1024), (1, 0)])
def test_r_eff_4_no_budget_when_there_is_no_room(max_tokens: int, minimum: int) -> None:
    """Thinking is asked for without a number then."""
    fields, losses = ask(wish(ON), reasoning_request="qwen", max_tokens=max_tokens, min_budget=minimum)
    assert fields == {"enable_thinking": True}
    assert losses == ["thinking.budget_tokens: no room for it within max_tokens"]


# ---- effort without thinking ----


@pytest.mark.parametrize("dialect", ["openai", "xai", "copilot"])
def test_r_eff_4b_effort_alone_goes_where_it_switches_nothing_on(dialect: Any) -> None:
    """There the model reasons anyway."""
    assert ask(wish(None, "low"), reasoning_request=dialect) == ({"reasoning_effort": "low"}, [])


@pytest.mark.parametrize("dialect", sorted(set(DIALECTS) - {"openai", "xai", "copilot", "none"}))
def test_r_eff_4b_effort_alone_goes_nowhere_else(dialect: Any) -> None:
    """The client leans towards off; the effort is noted as lost."""
    note = "output_config.effort: without thinking it would switch thinking on"
    assert ask(wish(None, "low"), reasoning_request=dialect) == ({}, [note])


def test_r_eff_4b_a_model_that_always_thinks_may_be_told_how_much() -> None:
    """K3 takes the effort as its only parameter."""
    assert ask(wish(None, "low"), resolve("api.moonshot.ai", "kimi-k3")) == ({"reasoning_effort": "low"}, [])


@pytest.mark.parametrize("dialect", DIALECTS)
def test_r_eff_1_a_client_that_says_nothing_sends_nothing(dialect: Any) -> None:
    """The model's default stays."""
    assert ask(wish(), reasoning_request=dialect) == ({}, [])


def test_r_eff_6_a_model_without_reasoning_gets_no_parameter() -> None:
    """Whatever the client says; it is noted."""
    note = "the-model takes no reasoning parameters"
    assert ask(wish(ON), reasoning_request="none") == ({}, [f"thinking: {note}"])
    assert ask(wish(None, "low"), reasoning_request="none") == ({}, [f"output_config.effort: {note}"])
    assert ask(wish(OFF), reasoning_request="none") == ({}, [])


# ---- dialects ----

LEVELS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
THOUGHTS = {"thinking_budget": 8000, "include_thoughts": True}


@pytest.mark.parametrize(
    ("dialect", "with_budget", "with_effort", "adaptive", "off"),
    [
        ("openai", {"reasoning_effort": "medium"}, {"reasoning_effort": "low"}, {}, {"reasoning_effort": "none"}),
        (
            "openrouter",
            {"reasoning": {"max_tokens": 8000}},
            {"reasoning": {"effort": "low"}},
            {"reasoning": {"enabled": True}},
            {"reasoning": {"enabled": False}},
        ),
        (
            "deepseek",
            {"thinking": {"type": "enabled"}, "reasoning_effort": "medium"},
            {"thinking": {"type": "enabled"}, "reasoning_effort": "low"},
            {"thinking": {"type": "enabled"}},
            {"thinking": {"type": "disabled"}},
        ),
        (
            "zai",
            {"thinking": {"type": "enabled", "clear_thinking": False}, "reasoning_effort": "medium"},
            {"thinking": {"type": "enabled", "clear_thinking": False}, "reasoning_effort": "low"},
            {"thinking": {"type": "enabled", "clear_thinking": False}},
            {"thinking": {"type": "disabled"}},
        ),
        (
            "kimi",
            {"thinking": {"type": "enabled"}, "reasoning_effort": "medium"},
            {"thinking": {"type": "enabled"}, "reasoning_effort": "low"},
            {"thinking": {"type": "enabled"}},
            {"thinking": {"type": "disabled"}},
        ),
        (
            "qwen",
            {"enable_thinking": True, "thinking_budget": 8000},
            {"enable_thinking": True},
            {"enable_thinking": True},
            {"enable_thinking": False},
        ),
        (
            "chat_template",
            {"chat_template_kwargs": {"enable_thinking": True}},
            {"chat_template_kwargs": {"enable_thinking": True}},
            {"chat_template_kwargs": {"enable_thinking": True}},
            {"chat_template_kwargs": {"enable_thinking": False}},
        ),
        (
            "gemini",
            {"extra_body": {"google": {"thinking_config": THOUGHTS}}},
            {"reasoning_effort": "low"},
            {"extra_body": {"google": {"thinking_config": {"include_thoughts": True}}}},
            {"reasoning_effort": "none"},
        ),
        (
            "groq",
            {"reasoning_effort": "medium", "reasoning_format": "parsed"},
            {"reasoning_effort": "low", "reasoning_format": "parsed"},
            {"reasoning_format": "parsed"},
            {"reasoning_effort": "none"},
        ),
        (
            "together",
            {"reasoning": {"enabled": True}, "reasoning_effort": "medium"},
            {"reasoning": {"enabled": True}, "reasoning_effort": "low"},
            {"reasoning": {"enabled": True}},
            {"reasoning": {"enabled": False}},
        ),
        (
            "anthropic_like",
            {"thinking": {"type": "enabled", "budget_tokens": 8000}},
            {"thinking": {"type": "adaptive"}},
            {"thinking": {"type": "adaptive"}},
            {"thinking": {"type": "disabled"}},
        ),
        ("xai", {"reasoning_effort": "medium"}, {"reasoning_effort": "low"}, {}, {"reasoning_effort": "none"}),
        ("ollama", {"reasoning_effort": "medium"}, {"reasoning_effort": "low"}, {}, {"reasoning_effort": "none"}),
        ("copilot", {"reasoning_effort": "medium"}, {"reasoning_effort": "low"}, {}, {}),
        ("cerebras", {"reasoning_effort": "medium"}, {"reasoning_effort": "low"}, {}, {"disable_reasoning": True}),
    ],
)
def test_r_eff_7_every_dialect_on_and_off(
    dialect: Any,
    with_budget: dict[str, Any],
    with_effort: dict[str, Any],
    adaptive: dict[str, Any],
    off: dict[str, Any],
) -> None:
    """The table of 15.2."""
    capabilities = Capabilities(reasoning_request=dialect, effort_values=LEVELS)
    assert ask(wish(ON), capabilities)[0] == with_budget
    assert ask(wish(ADAPTIVE, "low"), capabilities)[0] == with_effort
    assert ask(wish(ADAPTIVE), capabilities)[0] == adaptive
    assert ask(wish(OFF), capabilities) == (off, [])
    assert ask(wish(ON), capabilities, off=True) == (off, [])


THINKINGS = (None, OFF, ADAPTIVE, ON, {"type": "enabled", "budget_tokens": 40000})
EFFORTS = (None, "none", *LEVELS[1:], "ultra")
VALUES = ((), ("low", "high"), ("none", "low"), ("minimal", "medium"), LEVELS)


@pytest.mark.parametrize("always_on", [False, True])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_p_31_never_two_contradicting_parameters(dialect: Any, always_on: bool) -> None:
    """The full matrix of thinking, effort and effort values: off stands alone, on never says none, OpenRouter gets one key."""
    for thinking, effort, values in product(THINKINGS, EFFORTS, VALUES):
        capabilities = Capabilities(
            reasoning_request=dialect,
            effort_values=values,
            reasoning_always_on=always_on,
            budget_field="thinking_token_budget",
        )
        asked = wish(thinking, effort)
        fields, _ = ask(asked, capabilities)
        case = (thinking, effort, values, fields)
        assert len(fields.get("reasoning", {})) <= 1, case
        assert not {"reasoning_effort", "extra_body"} <= set(fields), case
        if asked.mode is Mode.OFF:
            least = fields == {"reasoning_effort": "minimal"}
            assert fields == {} or ((says_off(fields) or least) and len(fields) == 1 and not always_on), case
        else:
            assert not says_off(fields), case


def says_off(fields: dict[str, Any]) -> bool:
    switches = (fields, fields.get("chat_template_kwargs", {}), fields.get("reasoning", {}))
    return (
        fields.get("thinking") == {"type": "disabled"}
        or any(switch.get(key) is False for switch in switches for key in ("enable_thinking", "enabled"))
        or "disable_reasoning" in fields
        or fields.get("reasoning_effort") == "none"
    )


def test_r_eff_7_minimal_is_the_next_best_to_none() -> None:
    """A model that lists minimal but not none gets that for off."""
    openai = resolve("api.openai.com", "gpt-5")
    assert ask(wish(OFF), openai) == ({"reasoning_effort": "minimal"}, [])


@pytest.mark.parametrize("dialect", ["openai", "xai", "gemini", "groq"])
def test_r_eff_7_what_cannot_be_switched_off_is_noted(dialect: Any) -> None:
    """Nothing is sent, and the ledger says so."""
    assert ask(wish(OFF), reasoning_request=dialect) == ({}, ["thinking: cannot be switched off for the-model"])


def test_r_eff_7_a_model_that_always_thinks_is_not_told_to_stop() -> None:
    """GLM-5.3 refuses it."""
    assert ask(wish(OFF), resolve("api.z.ai", "glm-5.3")) == ({}, ["thinking: cannot be switched off for the-model"])


def test_r_eff_7_kimi_keeps_reasoning_where_the_model_can() -> None:
    """k2.6 takes keep, k2.5 refuses it, K3 takes only the effort."""
    assert ask(wish(ADAPTIVE), resolve("api.moonshot.ai", "kimi-k2.6"))[0] == {
        "thinking": {"type": "enabled", "keep": "all"}
    }
    assert ask(wish(ADAPTIVE), resolve("api.moonshot.ai", "kimi-k2.5"))[0] == {"thinking": {"type": "enabled"}}
    assert ask(wish(ADAPTIVE), resolve("api.moonshot.ai", "kimi-k3"))[0] == {}
    assert ask(wish(ADAPTIVE, "medium"), resolve("api.moonshot.ai", "kimi-k3"))[0] == {"reasoning_effort": "high"}


@pytest.mark.parametrize(
    ("host", "model", "field"),
    [
        ("localhost:8000", "qwen3", "thinking_token_budget"),
        ("localhost:8080", "qwen3", "thinking_budget_tokens"),
        ("localhost:30000", "qwen3", "thinking_budget"),
    ],
)
def test_r_eff_7_local_servers_cap_thinking_by_their_own_field(host: str, model: str, field: str) -> None:
    """The template switches thinking on, the field says how much."""
    fields, _ = ask(wish(ON), resolve(host, model))
    assert fields == {"chat_template_kwargs": {"enable_thinking": True}, field: 8000}


def test_r_eff_7_copilot_gives_claude_a_budget_instead_of_an_effort() -> None:
    """And nothing when the client names no budget."""
    claude = resolve("api.githubcopilot.com", "claude-sonnet-4.5")
    assert ask(wish(ON), claude) == ({"thinking_budget": 8000}, [])
    assert ask(wish(ADAPTIVE), claude) == ({}, [])


def test_r_eff_7_an_effort_a_dialect_cannot_say_is_noted() -> None:
    """Qwen knows budgets only."""
    assert ask(wish(ADAPTIVE, "low"), reasoning_request="qwen") == (
        {"enable_thinking": True},
        ["output_config.effort: not taken by this upstream"],
    )
    assert ask(wish(ON), reasoning_request="qwen")[1] == []


def test_r_eff_7_openrouter_prefers_the_clients_word() -> None:
    """An effort beside a budget wins; a budget that does not fit gives way to the effort it stands for."""
    explicit = wish(ON, "low")
    assert ask(explicit, reasoning_request="openrouter")[0] == {"reasoning": {"effort": "low"}}
    assert ask(wish(ON), reasoning_request="openrouter", max_tokens=1)[0] == {"reasoning": {"effort": "medium"}}
    assert ask(explicit, reasoning_request="openrouter", effort_values=())[0] == {"reasoning": {"max_tokens": 8000}}
