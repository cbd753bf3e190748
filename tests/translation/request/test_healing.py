"""Self-healing (R-PRO-1)."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tray_app.translation.capabilities import Capabilities, resolve
from tray_app.translation.losses import Losses
from tray_app.translation.request.healing import Healing, heal, parse_rules
from tray_app.translation.request.sampling import sampling_fields
from tray_app.translation.tokens import estimate_request

USER = {"role": "user", "content": "hi"}
IMAGE = {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:"}}]}
FUNCTION = {"type": "function", "function": {"name": "x", "parameters": {}}}


def learned(
    text: str, sent: dict[str, Any], *, status: int = 400, record: Capabilities | None = None, **values: Any
) -> dict[str, Any] | None:
    healing = heal(status, text, {"messages": [USER], **sent}, record or Capabilities(**values))
    return None if healing is None else dict(healing.learned)


def test_r_pro_1_a_refused_parameter_heals() -> None:
    """The note says what was learned and repeats nothing of the upstream's text."""
    healing = heal(400, "Unknown parameter: 'top_p' sk-secret", {"messages": [USER], "top_p": 0.5}, Capabilities())
    assert healing == Healing({"drop": ("top_p",)}, "top_p refused: going on with drop = ('top_p',)")


@pytest.mark.parametrize(
    ("text", "sent", "lesson"),
    [
        (
            '{"error":{"message":"Unsupported value: \\"temperature\\" does not support 0.3 with this model."}}',
            {"temperature": 0.3},
            {"drop": ("temperature",)},
        ),
        (
            "`temperature` and `top_p` cannot both be specified",
            {"temperature": 0, "top_p": 1},
            {"drop": ("temperature",)},
        ),
        ("Unsupported parameter: 'stop' is not supported with this model.", {"stop": ["a"]}, {"stop_max": 0}),
        ("top_k is not permitted", {"top_k": 5}, {"drop": ("top_k",)}),
        ("Unrecognized request argument supplied: stream_options", {"stream_options": {}}, {"stream_usage": False}),
        ("Unknown parameter: 'parallel_tool_calls'", {"parallel_tool_calls": False}, {"parallel_field": "none"}),
        (
            "parallel_function_calling: Extra inputs are not permitted",
            {"parallel_function_calling": False},
            {"parallel_field": "none"},
        ),
        ("Unknown parameter: 'prompt_cache_key'", {"prompt_cache_key": "k"}, {"prompt_cache_key": False}),
        ("Unknown parameter: 'safety_identifier'", {"safety_identifier": "k"}, {"user_field": "none"}),
        ("Unknown parameter: 'user'", {"user": "k"}, {"user_field": "none"}),
        (
            "service_tier is not supported",
            {"service_tier": "auto"},
            {"service_tier": False, "priority_for_fast": False},
        ),
        ("Unknown parameter: 'store'", {"store": False}, {"store_false": False}),
        ("tool_stream: unknown field", {"tool_stream": True}, {"tool_stream": False}),
    ],
)
def test_r_pro_1_every_optional_parameter(text: str, sent: dict[str, Any], lesson: dict[str, Any]) -> None:
    """One lesson each, from real wordings."""
    defaults: dict[str, Any] = {
        "top_k": True,
        "prompt_cache_key": True,
        "user_field": "user",
        "service_tier": True,
        "store_false": True,
        "tool_stream": True,
    }
    assert learned(text, sent, **defaults) == lesson


def test_r_pro_1_one_parameter_at_a_time() -> None:
    """A refusal of several heals one; the next answer names the next."""
    text = "Unsupported parameters: 'temperature', 'top_p'"
    sent = {"temperature": 0.3, "top_p": 0.5}
    assert learned(text, sent) == {"drop": ("temperature",)}
    assert learned(text, {"top_p": 0.5}, drop=("temperature",)) == {"drop": ("temperature", "top_p")}


@pytest.mark.parametrize(
    ("status", "text", "sent"),
    [
        (400, "temperature is not supported", {}),
        (400, "The temperature of the room is 20 degrees", {"temperature": 0.3}),
        (401, "temperature is not supported", {"temperature": 0.3}),
        (429, "temperature is not supported", {"temperature": 0.3}),
        (400, "", {"temperature": 0.3}),
        (400, "x" * 5000 + "temperature is not supported", {"temperature": 0.3}),
        (400, "Unsupported model. Set " + "y" * 200 + " temperature", {"temperature": 0.3}),
        (400, "mytemperature_x is not supported", {"temperature": 0.3}),
    ],
)
def test_r_pro_1_what_is_no_refusal_of_a_sent_parameter(status: int, text: str, sent: dict[str, Any]) -> None:
    """Not sent, not refused, another status, too far down or too far apart."""
    assert learned(text, sent, status=status) is None


def test_r_pro_1_what_is_known_already_is_no_lesson() -> None:
    """Otherwise the same refusal would be tried again for nothing."""
    assert learned("'stream_options' is not supported", {"stream_options": {}}, stream_usage=False) is None


def test_r_pro_1_a_validator_that_answers_422_is_understood() -> None:
    """FastAPI's list of places."""
    text = (
        '{"detail":[{"type":"extra_forbidden","loc":["body","stream_options"],"msg":"Extra inputs are not permitted"}]}'
    )
    assert learned(text, {"stream_options": {}}, status=422) == {"stream_usage": False}


# ---- limits ----


@pytest.mark.parametrize(
    ("text", "field", "lesson"),
    [
        (
            "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
            "max_tokens",
            {"max_tokens_field": "max_completion_tokens"},
        ),
        ("Unknown parameter: max_tokens", "max_tokens", {"max_tokens_field": "max_completion_tokens"}),
        (
            "Unrecognized request argument: max_completion_tokens",
            "max_completion_tokens",
            {"max_tokens_field": "max_tokens"},
        ),
    ],
)
def test_p_98_the_other_limit_field(text: str, field: Any, lesson: dict[str, Any]) -> None:
    """Whichever was refused."""
    assert learned(text, {field: 100}, max_tokens_field=field) == lesson


def test_p_98_the_loop_between_the_two_fields_ends() -> None:
    """An upstream that refuses both is not asked for ever: the lesson already learned is no news."""
    text = "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."
    assert learned(text, {"max_completion_tokens": 5}, max_tokens_field="max_completion_tokens") is None


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        (
            "max_tokens is too large: 128000. This model supports at most 16384 completion tokens, whereas you provided 128000.",
            16384,
        ),
        ("max_tokens: 128000 > 8192, which is the maximum allowed number of output tokens for m", 8192),
        (
            "`max_tokens` must be less than or equal to `8192`, the maximum value for `max_tokens` is less than the window",
            8192,
        ),
        ("Invalid max_tokens value, the valid range of max_tokens is [1, 8192]", 8192),
        ("Range of max_tokens should be [1, 8,192]", 8192),
        ("max_tokens 参数 不能超过 131072", 131072),
    ],
)
def test_p_97_the_models_maximum_is_learned(text: str, limit: int) -> None:
    """From the wordings of OpenAI, Anthropic, Groq, DeepSeek, DashScope and GLM."""
    assert learned(text, {"max_tokens": 200000}) == {"max_output": limit}


def test_p_97_a_maximum_that_would_not_help_is_not_learned() -> None:
    """What was sent is already below it."""
    assert learned("This model supports at most 16384 completion tokens", {"max_tokens": 1000}) is None


def test_r_lim_4_the_models_minimum_is_learned() -> None:
    """Reasoning models have one."""
    text = "Invalid 'max_tokens': integer below minimum value. Expected a value >= 16, but got 1 instead."
    assert learned(text, {"max_tokens": 1}) == {"min_output": 16}
    assert learned(text, {"max_tokens": 100}) is None


OVERFLOWS = [
    (
        "This model's maximum context length is 32768 tokens. However, you requested 32000 output tokens and your prompt "
        "contains at least 20000 input tokens, for a total of at least 52000 tokens."
    ),
    (
        "'max_tokens' or 'max_completion_tokens' is too large: 32000. This model's maximum context length is 32768 tokens "
        "and your request has 20000 input tokens (32000 > 32768 - 20000)."
    ),
    (
        "This model's maximum context length is 32768 tokens. However, you requested 52000 tokens (20000 in the messages, "
        "32000 in the completion). Please reduce the length of the messages or completion."
    ),
    (
        "This endpoint's maximum context length is 32,768 tokens. However, you requested about 52,000 tokens (19,000 of text "
        "input, 1,000 of tool input, 32,000 in the output)."
    ),
    "input length and `max_tokens` exceed context limit: 20000 + 32000 > 32768, decrease input length or `max_tokens`",
]


def asked_again(text: str, prompt: str, record: Capabilities, estimate_share: float = 1.0) -> tuple[int, Capabilities]:
    """What the same request asks for after one refusal, and the record it did so with."""
    request = {"max_tokens": 32000, "messages": [{"role": "user", "content": prompt}]}
    estimate = int(estimate_request(request) * estimate_share)
    sent = {**request, **sampling_fields(request, record, lambda: estimate, Losses()).fields}
    healing = heal(400, text, sent, record, lambda: estimate)
    assert healing is not None
    healed = resolve("example.com", "m", learned={**msgspec.structs.asdict(record), **healing.learned})
    limit: int = sampling_fields(request, healed, lambda: estimate, Losses()).fields["max_tokens"]
    return limit, healed


@pytest.mark.parametrize("text", OVERFLOWS)
@pytest.mark.parametrize("prompt", ["hi", "some words " * 8000])
def test_p_97_the_answer_is_made_to_fit_beside_the_prompt(text: str, prompt: str) -> None:
    """However wrong our estimate of the prompt was, one retry asks for what is left of the window (R-OVF-3)."""
    limit, healed = asked_again(text, prompt, Capabilities())
    assert limit == 32768 - 20000 - 64
    assert healed.context_window == 32768


def test_p_97_an_estimate_that_is_too_high_leaves_less_but_enough() -> None:
    """What an upstream counted is never taken for less than we reckon."""
    limit, _ = asked_again(OVERFLOWS[0], "some words " * 8000, Capabilities(), 1.1)
    assert 10_000 < limit < 32768 - 20000 - 64


def test_p_97_a_second_refusal_corrects_what_the_first_could_not_know() -> None:
    """A later estimate may fall shorter than the one that was refused."""
    _, record = asked_again(OVERFLOWS[0], "some words " * 8000, Capabilities())
    limit, healed = asked_again(OVERFLOWS[0], "some words " * 8000, record, 0.5)
    assert limit == 32768 - 20000 - 64
    assert healed.window_margin > record.window_margin


def test_p_97_a_long_prompt_does_not_shorten_the_answers_to_short_ones() -> None:
    """After a compaction the whole window is there again."""
    _, healed = asked_again(OVERFLOWS[0], "some words " * 8000, Capabilities())
    fields = sampling_fields({"max_tokens": 32000}, healed, lambda: 500, Losses()).fields
    assert fields["max_tokens"] > 25000


@pytest.mark.parametrize(
    ("prompt", "asked", "heals"),
    [
        (31680, 32000, True),
        (31681, 32000, False),
        (32604, 800, True),
        (32605, 800, False),
        (32768, 32000, False),
        (40000, 32000, False),
    ],
)
def test_r_ovf_3_only_if_enough_room_is_left(prompt: int, asked: int, heals: bool) -> None:
    """1024 tokens, or an eighth of what was asked; otherwise the client must cut its prompt."""
    text = (
        f"This model's maximum context length is 32768 tokens. However, you requested {asked} output tokens and your "
        f"prompt contains {prompt} input tokens"
    )
    assert (learned(text, {"max_tokens": asked}) is not None) is heals


# ---- messages ----

LATE = [{"role": "system", "content": "s"}, USER, {"role": "system", "content": "late"}]


@pytest.mark.parametrize(
    "text",
    [
        "System message must be at the beginning.",
        "System messages are not allowed",
        "Unexpected role 'system' after role 'user'",
    ],
)
@pytest.mark.parametrize("status", [400, 500])
def test_r_sys_12_late_system_messages_become_reminders(text: str, status: int) -> None:
    """Templates refuse them with 400 or, inside the server, with 500."""
    sent = {"messages": LATE}
    assert learned(text, sent, status=status, mid_system="keep") == {"mid_system": "user_reminder"}


def test_r_sys_12_a_model_without_any_system_message() -> None:
    """The leading one is told by the user then."""
    sent = {"messages": LATE[:2]}
    assert learned("System role not supported", sent) == {"system_role": "user"}
    assert learned("System role not supported", {"messages": [USER]}) is None


def test_r_pro_1_the_developer_role() -> None:
    """Back to system."""
    sent = {"messages": [{"role": "developer", "content": "s"}, USER]}
    text = "messages[0].role: developer is not one of ['system', 'user']"
    assert learned(text, sent, system_role="developer") == {"system_role": "system"}


def test_r_bri_1_a_template_that_wants_an_assistant_after_tools() -> None:
    """Devstral's."""
    sent = {"messages": [{"role": "tool", "content": "x"}, USER]}
    assert learned("Unexpected role 'user' after role 'tool'", sent) == {"no_user_after_tool": True}


def test_r_bri_2_a_template_that_wants_alternation() -> None:
    """Merged neighbours, and the user first."""
    text = "Conversation roles must alternate user/assistant/user/assistant/..."
    assert learned(text, {}, status=500) == {"merge_same_role": True, "first_user": True}


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (400, "Model only support text input"),
        (400, "image input is not supported - hint: you may need to provide the mmproj"),
        (422, "unknown variant `image_url`, expected `text`"),
        (404, "No endpoints found that support image input"),
    ],
)
def test_r_blk_6_a_model_without_eyes(status: int, text: str) -> None:
    """Images become placeholders on the retry."""
    assert learned(text, {"messages": [IMAGE]}, status=status) == {"images": "none"}
    assert learned(text, {}, status=status) is None


def test_p_29_reasoning_that_must_be_sent_back() -> None:
    """DeepSeek behind a gateway that the table does not know."""
    text = "The reasoning_content in the thinking mode must be passed back to the API."
    lesson = {"reasoning_history": "reasoning_content_tools", "reasoning_backfill": ""}
    assert learned(text, {"reasoning_effort": "high"}) == lesson


def test_p_30_reasoning_that_must_not_be_sent_back() -> None:
    """Groq's wording."""
    sent = {"messages": [{"role": "assistant", "content": "x", "reasoning_content": "r"}]}
    text = "'messages.0' : for 'role:assistant' property 'reasoning_content' is unsupported"
    assert learned(text, sent, reasoning_history="reasoning_content") == {"reasoning_history": "drop"}


@pytest.mark.parametrize(
    "sent",
    [
        {"messages": [{"role": "user", "content": [{"type": "text", "text": "x", "cache_control": {}}]}]},
        {"tools": [{**FUNCTION, "cache_control": {}}]},
        {"prompt_cache_options": {}},
    ],
)
def test_r_cac_1_refused_cache_markers(sent: dict[str, Any]) -> None:
    """None are sent from then on."""
    text = "cache_control / prompt_cache_options: Extra inputs are not permitted"
    assert learned(text, sent, cache_control="anthropic") == {"cache_control": "none"}
    assert learned(text, {}, cache_control="anthropic") is None


# ---- tools and formats ----


def test_r_pro_1_strict() -> None:
    """Only if some tool was sent with it."""
    text = "tools.0.function.strict: Extra inputs are not permitted"
    strict = {"type": "function", "function": {"name": "x", "strict": True}}
    assert learned(text, {"tools": [strict]}, strict_tools=True) == {"strict_tools": False, "force_strict": False}
    assert learned(text, {"tools": [FUNCTION]}, strict_tools=True) is None


def test_p_25_an_unknown_gateway_to_gemini_is_recognised() -> None:
    """By the keywords it refuses."""
    text = "Invalid JSON payload received. Unknown name \\\"exclusiveMinimum\\\" at 'tools[0]': Cannot find field."
    assert learned(text, {"tools": [FUNCTION]}) == {"schema_dialect": "gemini"}


def test_p_37_a_forced_choice_and_thinking() -> None:
    """Thinking gives way where it can, else the choice."""
    text = "The tool_choice parameter does not support being set to required or object in thinking mode"
    sent = {"tool_choice": "required"}
    policy = "forced_choice_with_thinking"
    assert learned(text, sent) == {policy: "thinking_off"}
    assert learned(text, sent, reasoning_request="none") == {policy: "auto"}
    assert learned(text, sent, reasoning_always_on=True) == {policy: "auto"}
    assert learned(text, sent, forced_choice_with_thinking="thinking_off") == {policy: "auto"}


@pytest.mark.parametrize(
    ("choice", "left"),
    [
        ("required", ("auto", "none", "named")),
        ({"type": "function"}, ("auto", "none", "required")),
        ("none", ("auto", "required", "named")),
    ],
)
def test_r_pro_1_a_refused_choice(choice: object, left: tuple[str, ...]) -> None:
    """The value is not used again; the rest is section 13's business."""
    for text in ("Invalid value for tool_choice", "tool_choice: only 'auto' and others are supported"):
        assert learned(text, {"tool_choice": choice}) == {"tool_choice_values": left}


def test_r_str_2_a_weaker_format() -> None:
    """json_schema, json_object, words."""
    text = "response_format type is not supported by this model"
    assert learned(text, {"response_format": {"type": "json_schema"}}) == {"structured": "json_object"}
    weaker = {"response_format": {"type": "json_object"}}
    assert learned(text, weaker, structured="json_object") == {"structured": "prompt"}


def test_r_str_4_a_format_beside_tools() -> None:
    """The combination is refused, not the format."""
    text = "response_format json mode cannot be combined with tool/function calling"
    sent = {"response_format": {"type": "json_schema"}, "tools": [FUNCTION]}
    assert learned(text, sent) == {"structured_with_tools": False}


# ---- thinking ----


def test_r_eff_2_the_efforts_a_model_lists_are_learned() -> None:
    """OpenAI's wording; the upstream's own folding is forgotten with the old list."""
    text = (
        "Unsupported value: 'reasoning_effort' does not support 'xhigh' with this model. "
        "Supported values are: 'low', 'medium', and 'high'."
    )
    lesson = {"effort_values": ("low", "medium", "high"), "effort_map": {}}
    assert learned(text, {"reasoning_effort": "xhigh"}, effort_values=("low", "xhigh")) == lesson


def test_r_eff_2_a_refused_effort_is_not_used_again() -> None:
    """Where no list is given."""
    text = "Invalid value 'none' for reasoning_effort"
    lesson = {"effort_values": ("low",), "effort_map": {}}
    assert learned(text, {"reasoning_effort": "none"}, effort_values=("none", "low")) == lesson


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("Unrecognized request argument supplied: reasoning_effort", {"reasoning_effort": "high"}),
        ('"llama3:latest" does not support thinking', {"reasoning_effort": "high"}),
        ("Unknown parameter: 'chat_template_kwargs'", {"chat_template_kwargs": {}}),
        ("Value error, current model does not support parameter `enable_thinking`.", {"enable_thinking": True}),
        ("reasoning: Extra inputs are not permitted", {"reasoning": {}}),
    ],
)
def test_r_eff_6_a_model_that_cannot_reason_is_not_asked_again(text: str, sent: dict[str, Any]) -> None:
    """Nothing about thinking is sent from then on."""
    assert learned(text, sent) == {"reasoning_request": "none"}


def test_r_eff_3_a_refused_budget() -> None:
    """Thinking goes on without a number."""
    text = "Unknown parameter: 'thinking_token_budget'"
    sent = {"thinking_token_budget": 5, "chat_template_kwargs": {}}
    assert learned(text, sent, record=resolve("localhost:8000", "qwen3")) == {"budget_field": ""}


# ---- the rules themselves ----


def test_r_pro_1_what_is_learned_is_valid_capabilities() -> None:
    """Every static lesson of the data file resolves."""
    for rule, _ in parse_rules(rules_text()):
        msgspec.convert(rule.learn, Capabilities)


def rules_text() -> str:
    return files("tray_app.translation").joinpath("data", "healing.toml").read_text(encoding="utf-8")


HEAD = 'refusals = ["refused"]\n[[rule]]\nname = "r"\nsent = "x"\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD + "learn = { no_such = 1 }", "healing rule r: .*no_such"),
        (HEAD + 'work = "no_such"', "healing rule r: needs"),
        (HEAD, "healing rule r: needs"),
        (HEAD + 'work = "limit_output"\nlearn = { stop_max = 0 }', "healing rule r: needs"),
        (HEAD + "color = 1", "healing rules: .*color"),
    ],
)
def test_r_pro_1_a_broken_rule_is_named(text: str, said: str) -> None:
    """So that a typing error in the data shows at once."""
    with pytest.raises(ValueError, match=said):
        parse_rules(text)


WORDS = [
    "max_tokens", "max_completion_tokens", "must be", "at least", "up to", "<=", ",", "_", "5", "[1, 9]", "unsupported", "'low'",
    "temperature", "tool_choice", "response_format", "reasoning_effort", "expected one of", "'minimal'", "is not supported",
    "maximum context length is", "tokens. However, you requested", "output tokens and your prompt contains", "thinking",
]  # fmt: skip
SENT = {
    "max_tokens": 100, "temperature": 1, "tool_choice": "required", "response_format": {"type": "json_schema"},
    "reasoning_effort": "low",
}  # fmt: skip


@given(st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join))
@example("max_tokens must be up to ,")
def test_r_pro_1_no_refusal_is_too_odd(text: str) -> None:
    """Words without their numbers teach nothing and break nothing; a lesson is never a limit of nothing."""
    lesson = learned(text, SENT) or {}
    assert lesson.get("max_output", 1) > 0
