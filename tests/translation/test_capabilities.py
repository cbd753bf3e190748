"""The table of what upstreams accept (spec section 4), provider by provider."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import pytest

from tray_app.translation.capabilities import UNKNOWN_PROVIDER, Capabilities, parse_table, provider_of, resolve

DEFAULTS = Capabilities()


@pytest.mark.parametrize(
    ("host", "provider"),
    [
        ("api.openai.com", "openai"),
        ("eu.api.openai.com", "openai"),
        ("API.OpenAI.com:443", "openai"),
        ("mine.openai.azure.com", "azure"),
        ("mine.services.ai.azure.com", "azure"),
        ("openrouter.ai", "openrouter"),
        ("api.deepseek.com", "deepseek"),
        ("api.moonshot.cn", "moonshot"),
        ("api.z.ai", "zai"),
        ("open.bigmodel.cn", "zai"),
        ("dashscope.aliyuncs.com", "dashscope"),
        ("dashscope-intl.aliyuncs.com", "dashscope"),
        ("generativelanguage.googleapis.com", "gemini"),
        ("api.groq.com", "groq"),
        ("api.mistral.ai", "mistral"),
        ("api.x.ai", "xai"),
        ("api.together.xyz", "together"),
        ("api.fireworks.ai", "fireworks"),
        ("api.cerebras.ai", "cerebras"),
        ("integrate.api.nvidia.com", "nvidia"),
        ("api.minimax.io", "minimax"),
        ("ark.cn-beijing.volces.com", "volcengine"),
        ("api.siliconflow.cn", "siliconflow"),
        ("router.huggingface.co", "huggingface"),
        ("models.github.ai", "github-models"),
        ("models.inference.ai.azure.com", "github-models"),
        ("inference.baseten.co", "baseten"),
        ("llm.chutes.ai", "chutes"),
        ("gateway.ai.cloudflare.com", "cloudflare"),
        ("api.xiaomimimo.com", "xiaomi"),
        ("opencode.ai", "opencode"),
        ("api.portkey.ai", "portkey"),
        ("api.githubcopilot.com", "copilot"),
        ("api.business.githubcopilot.com", "copilot"),
        ("api.anthropic.com", "anthropic"),
        ("ollama.com", "ollama-cloud"),
        ("localhost:11434", "ollama"),
        ("127.0.0.1:11434", "ollama"),
        ("[::1]:11434", "ollama"),
        ("192.168.1.5:1234", "lmstudio"),
        ("gpu-box:8000", "vllm"),
        ("box.local:8080", "llamacpp"),
        ("host.docker.internal:30000", "sglang"),
        ("localhost:4000", "litellm"),
    ],
)
def test_r_pro_2_a_provider_is_known_by_its_host(host: str, provider: str) -> None:
    """Name globs for services, the port for servers on this machine or network."""
    assert provider_of(host) == provider


@pytest.mark.parametrize(
    "host",
    [
        "example.com",
        "127.0.0.1:39417",
        "localhost",
        "::1",
        "[::1]",
        "8.8.8.8:11434",
        "llm.example.com:8000",
        "notopenai.com",
        "x:y",
        "",
    ],
)
def test_r_pro_2_an_unknown_host_gets_the_defaults(host: str) -> None:
    """A well-known port says nothing about a server on the internet."""
    assert provider_of(host) == UNKNOWN_PROVIDER
    assert resolve(host, "any-model") == DEFAULTS


def differences(host: str, model: str) -> dict[str, Any]:
    record = resolve(host, model)
    return {
        key: getattr(record, key)
        for key in Capabilities.__struct_fields__
        if getattr(record, key) != getattr(DEFAULTS, key)
    }


@pytest.mark.parametrize(
    ("host", "model", "said"),
    [
        (
            "api.openai.com",
            "gpt-4o",
            {
                "max_tokens_field": "max_completion_tokens",
                "reasoning_request": "none",
                "tool_id_max": 40,
                "strict_tools": True,
                "schema_dialect": "openai",
                "store_false": True,
                "user_field": "safety_identifier",
                "prompt_cache_key": True,
                "mid_system": "keep",
                "max_output": 16384,
            },
        ),
        (
            "api.openai.com",
            "o3-mini",
            {
                "system_role": "developer",
                "drop": ("temperature", "top_p"),
                "stop_max": 0,
                "reasoning_request": "openai",
                "min_output": 16,
            },
        ),
        ("api.openai.com", "o1", {"drop": ("temperature", "top_p"), "system_role": "developer"}),
        (
            "api.openai.com",
            "gpt-5",
            {"effort_values": ("minimal", "low", "medium", "high"), "drop": ("temperature", "top_p")},
        ),
        (
            "api.openai.com",
            "gpt-5.1",
            {"effort_values": ("none", "low", "medium", "high"), "drop_when_reasoning": ("temperature", "top_p")},
        ),
        ("api.openai.com", "gpt-5.2", {"effort_values": ("none", "low", "medium", "high", "xhigh")}),
        ("api.openai.com", "gpt-5.6", {"cache_control": "openai_breakpoint", "system_parts": True}),
        ("api.openai.com", "gpt-5-pro", {"effort_values": ("high",)}),
        ("mine.openai.azure.com", "gpt-4o", {"auth": "api-key", "tool_id_max": 40, "strict_tools": True}),
        (
            "mine.openai.azure.com",
            "o4-mini",
            {"max_tokens_field": "max_completion_tokens", "system_role": "developer", "stop_max": 0},
        ),
        (
            "openrouter.ai",
            "qwen/qwen3-coder",
            {
                "reasoning_request": "openrouter",
                "reasoning_history": "details",
                "session_headers": ("x-session-id",),
                "top_k": True,
            },
        ),
        ("openrouter.ai", "openai/gpt-5", {"system_role": "developer", "mid_system": "keep", "strict_tools": True}),
        ("openrouter.ai", "anthropic/claude-sonnet-4.5", {"system_role": "developer", "cache_control": "anthropic"}),
        (
            "api.deepseek.com",
            "deepseek-chat",
            {
                "reasoning_request": "deepseek",
                "effort_values": ("low", "high", "max"),
                "reasoning_history": "reasoning_content_tools",
                "reasoning_backfill": "",
                "structured": "json_object",
                "pass_no_effort_when_off": True,
                "unsigned_thinking": True,
            },
        ),
        ("api.deepseek.com", "deepseek-r1", {"reasoning_request": "none"}),
        (
            "api.moonshot.ai",
            "kimi-k2.6",
            {
                "reasoning_request": "kimi",
                "keep_reasoning": True,
                "images": "data",
                "schema_dialect": "moonshot",
                "tool_choice_values": ("auto", "none", "required"),
                "forced_choice_with_thinking": "thinking_off",
                "prefill": "partial",
                "tool_id_rule": "own",
                "reasoning_history": "reasoning_content",
                "leaked_calls": ("kimi",),
            },
        ),
        (
            "api.moonshot.ai",
            "kimi-k3",
            {"reasoning_request": "kimi", "reasoning_always_on": True, "effort_values": ("low", "high", "max")},
        ),
        ("api.moonshot.ai", "kimi-k2.7-code", {"reasoning_always_on": True, "forced_choice_with_thinking": "auto"}),
        (
            "api.z.ai",
            "glm-4.7",
            {
                "reasoning_request": "zai",
                "tool_choice_values": ("auto",),
                "tool_stream": True,
                "reasoning_history": "reasoning_content",
                "images": "none",
            },
        ),
        ("open.bigmodel.cn", "glm-4.5v", {"reasoning_request": "zai"}),
        (
            "api.z.ai",
            "glm-5.3",
            {"reasoning_always_on": True, "effort_values": ("low", "high", "max"), "max_output": 131072},
        ),
        (
            "dashscope-intl.aliyuncs.com",
            "qwen3-max",
            {
                "reasoning_request": "qwen",
                "stream_only": True,
                "top_k": True,
                "cache_control": "anthropic",
                "tool_choice_values": ("auto", "none", "named"),
                "forced_choice_with_thinking": "thinking_off",
            },
        ),
        ("dashscope.aliyuncs.com", "kimi-k2.6", {"reasoning_request": "qwen"}),
        ("dashscope.aliyuncs.com", "qwen3-235b-thinking-2507", {"reasoning_always_on": True}),
        (
            "generativelanguage.googleapis.com",
            "gemini-2.5-pro",
            {
                "schema_dialect": "gemini",
                "reasoning_request": "gemini",
                "reasoning_history": "gemini",
                "tool_choice_values": ("auto", "none", "required"),
                "tool_name_letter_first": True,
                "empty_as_error": True,
            },
        ),
        (
            "generativelanguage.googleapis.com",
            "models/gemini-2.5-flash",
            {"effort_values": ("none", "low", "medium", "high")},
        ),
        (
            "api.groq.com",
            "qwen/qwen3-32b",
            {
                "max_tokens_field": "max_completion_tokens",
                "reasoning_request": "groq",
                "effort_values": ("none", "default"),
                "reasoning_history": "reasoning",
                "standard_tier": "on_demand",
            },
        ),
        ("api.groq.com", "llama-3.3-70b-versatile", {"reasoning_request": "none", "structured_with_tools": False}),
        (
            "api.mistral.ai",
            "mistral-large-latest",
            {
                "tool_id_rule": "mistral9",
                "tool_choice_values": ("auto", "none", "any"),
                "assistant_content_when_tools": "empty",
                "no_user_after_tool": True,
                "prefill": "prefix",
                "documents": "document_url",
                "reasoning_history": "mistral",
                "stream_usage": False,
                "strict_tools": True,
            },
        ),
        (
            "api.x.ai",
            "grok-4",
            {
                "max_tokens_field": "max_completion_tokens",
                "usage_excludes_reasoning": True,
                "schema_dialect": "xai",
                "session_headers": ("x-grok-conv-id",),
                "stop_max": 0,
                "reasoning_request": "none",
            },
        ),
        ("api.x.ai", "grok-4.3", {"reasoning_request": "xai", "effort_values": ("none", "low", "medium", "high")}),
        ("api.x.ai", "grok-4.6", {"effort_values": ("none", "low", "medium", "high", "xhigh")}),
        (
            "api.together.xyz",
            "deepseek-ai/DeepSeek-V3.1",
            {"reasoning_request": "together", "reasoning_history": "reasoning"},
        ),
        (
            "api.fireworks.ai",
            "accounts/fireworks/models/kimi-k2",
            {
                "reasoning_history": "reasoning_content",
                "session_headers": ("x-session-affinity",),
                "pass_plain_cache": True,
            },
        ),
        (
            "api.cerebras.ai",
            "zai-glm-4.6",
            {
                "max_tokens_field": "max_completion_tokens",
                "reasoning_request": "cerebras",
                "reasoning_history": "reasoning",
                "empty_overflow": (400, 413),
            },
        ),
        ("integrate.api.nvidia.com", "qwen/qwen3", {"reasoning_request": "chat_template"}),
        ("integrate.api.nvidia.com", "deepseek-ai/deepseek-v3.2", {"thinking_kwarg": "thinking"}),
        ("api.minimax.io", "MiniMax-M2", {"tool_choice_values": ("auto",), "reasoning_history": "think_tag"}),
        (
            "ark.cn-beijing.volces.com",
            "doubao-seed",
            {"reasoning_request": "deepseek", "reasoning_history": "reasoning_content"},
        ),
        ("api.siliconflow.cn", "Qwen/Qwen3-8B", {"reasoning_request": "qwen", "top_k": True}),
        ("router.huggingface.co", "openai/gpt-oss-120b", {}),
        ("models.github.ai", "openai/gpt-4.1", {"reasoning_request": "none", "tool_id_max": 40}),
        (
            "models.github.ai",
            "openai/o4-mini",
            {"max_tokens_field": "max_completion_tokens", "system_role": "developer"},
        ),
        ("inference.baseten.co", "x", {"reasoning_request": "chat_template", "template_field": "chat_template_args"}),
        ("llm.chutes.ai", "x", {"top_k": True}),
        ("gateway.ai.cloudflare.com", "google-ai-studio/gemini-2.5-pro", {"reasoning_history": "gemini"}),
        ("gateway.ai.cloudflare.com", "openai/gpt-4o", {}),
        ("api.xiaomimimo.com", "mimo-v2", {}),
        ("opencode.ai", "glm-4.7", {"reasoning_history": "reasoning_content"}),
        ("api.portkey.ai", "claude", {"cache_control": "anthropic", "system_parts": True}),
        ("localhost:4000", "claude", {"tools_required_with_history": True, "cache_control": "anthropic"}),
        (
            "api.githubcopilot.com",
            "gpt-5",
            {
                "copilot_headers": True,
                "reasoning_request": "copilot",
                "reasoning_history": "copilot",
                "merge_choices": True,
                "ws_guard": 500,
            },
        ),
        ("api.githubcopilot.com", "claude-sonnet-4.5", {"budget_field": "thinking_budget"}),
        (
            "localhost:11434",
            "qwen3",
            {"reasoning_request": "ollama", "reasoning_history": "reasoning", "strip_special_tokens": True},
        ),
        ("localhost:1234", "qwen3", {"tool_choice_values": ("auto", "none", "required"), "reasoning_request": "none"}),
        (
            "localhost:8000",
            "Qwen/Qwen3-8B",
            {
                "reasoning_request": "chat_template",
                "budget_field": "thinking_token_budget",
                "prefill": "vllm",
                "top_k": True,
            },
        ),
        ("localhost:8000", "openai/gpt-oss-20b", {"reasoning_request": "openai"}),
        ("localhost:8000", "mistralai/Devstral-Small", {"tool_id_rule": "mistral9", "merge_same_role": True}),
        (
            "localhost:8080",
            "qwen3",
            {
                "reasoning_request": "chat_template",
                "budget_field": "thinking_budget_tokens",
                "tool_choice_values": ("auto", "none", "required"),
                "prefill": "native",
                "reasoning_history": "reasoning_content",
            },
        ),
        ("localhost:30000", "qwen3", {"budget_field": "thinking_budget", "reasoning_history": "reasoning_content"}),
        ("api.anthropic.com", "claude-opus-5-5", {"auth": "x-api-key", "reasoning_request": "anthropic_like"}),
    ],
)
def test_r_pro_2_what_is_known_of_each_provider(host: str, model: str, said: dict[str, Any]) -> None:
    """The record differs from the defaults in what the provider's documentation and bug reports say."""
    record = differences(host, model)
    assert {key: record.get(key, getattr(DEFAULTS, key)) for key in said} == said
    if not said:
        assert record == {}


@pytest.mark.parametrize(
    "host",
    [
        "api.deepseek.com",
        "api.moonshot.ai",
        "api.z.ai",
        "integrate.api.nvidia.com",
        "api.together.xyz",
        "api.cerebras.ai",
        "x.volces.com",
    ],
)
def test_r_sys_6_who_refuses_the_developer_role_never_gets_it(host: str) -> None:
    """Whatever the model is called there."""
    assert resolve(host, "openai/gpt-5").system_role == "system"
    assert resolve(host, "o3").system_role == "system"


@pytest.mark.parametrize("model", ["gpt-5-chat-latest", "gpt-5.1-chat"])
def test_r_pro_2_chat_variants_do_not_reason(model: str) -> None:
    """They take a temperature like any other model."""
    record = resolve("api.openai.com", model)
    assert (record.reasoning_request, record.drop, record.system_role) == ("none", (), "system")


def test_r_pro_2_glm_with_eyes_takes_images() -> None:
    """The others refuse them."""
    assert resolve("api.z.ai", "glm-4.5v").images == "url+data"
    assert resolve("api.z.ai", "GLM-4.6V-Flash").images == "url+data"


def test_r_pro_2_model_patterns_ignore_case() -> None:
    """Users write ids as they like."""
    assert resolve("api.moonshot.ai", "Kimi-K2.6") == resolve("api.moonshot.ai", "kimi-k2.6")


# ---- layers ----


def test_r_pro_2_a_user_setting_wins_over_the_table() -> None:
    """And leaves the rest of the record alone."""
    record = resolve("api.z.ai", "glm-4.7", overrides={"images": "url+data", "tool_choice_values": ["auto", "none"]})
    assert (record.images, record.tool_choice_values, record.reasoning_request) == ("url+data", ("auto", "none"), "zai")


def test_r_pro_1_what_was_learned_lies_on_top() -> None:
    """The upstream itself has refused the other value."""
    record = resolve("example.com", "m", overrides={"max_output": 32000, "top_k": True}, learned={"max_output": 8192})
    assert (record.max_output, record.top_k) == (8192, True)


@pytest.mark.parametrize(
    ("layer", "said"),
    [
        ({"max_outputs": 5}, r"^capabilities\.max_outputs: .*unknown field"),
        ({"images": "url+data", "max_output": "many"}, r"^capabilities\.max_output: "),
        ({"images": "gif"}, r"^capabilities\.images: "),
    ],
)
@pytest.mark.parametrize("where", ["overrides", "learned"])
def test_r_pro_2_a_wrong_override_is_named(layer: dict[str, Any], said: str, where: str) -> None:
    """So that the user knows which line to mend."""
    with pytest.raises(ValueError, match=said):
        resolve("example.com", "m", **{where: layer})


# ---- the table itself ----


def test_every_entry_has_a_source_and_a_provider_that_some_host_leads_to() -> None:
    """Knowledge without a source cannot be checked, an unreachable entry never applies."""
    text = files("tray_app.translation").joinpath("data", "capabilities.toml").read_text(encoding="utf-8")
    table = parse_table(text)
    reachable = {entry.provider for entry in table if entry.hosts or entry.local_port}
    assert all(entry.source.startswith("https://") for entry in table)
    assert {entry.provider for entry in table} == reachable


HEAD = '[[entry]]\nprovider = "acme"\nsource = "https://acme.test"\n'


@pytest.mark.parametrize("line", ["set = { no_such = 1 }", 'set = { max_output = "x" }', "colour = 1"])
def test_a_broken_entry_is_named(line: str) -> None:
    """By number and provider, when the table is read."""
    with pytest.raises(ValueError, match=r"^capability entry 2 \(acme\): "):
        parse_table(HEAD + HEAD + line)


def test_an_entry_without_a_provider_is_named_too() -> None:
    """By its number alone."""
    with pytest.raises(ValueError, match=r"^capability entry 1 \(\?\): "):
        parse_table('[[entry]]\nsource = "https://acme.test"')
