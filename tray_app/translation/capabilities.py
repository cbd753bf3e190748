"""The capability record: what one upstream and model accepts, needs and does oddly (spec section 4), as data.

`data/capabilities.toml` holds one entry per provider and model pattern; later entries override earlier ones, the user's
profile overrides both, and what self-healing learned (R-PRO-1) lies on top. Adding a provider is an entry there, no code.
"""

from __future__ import annotations

from typing import Literal

import msgspec


class Capabilities(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One resolved record. The defaults are those of an unknown OpenAI-compatible server."""

    # where and how
    path: str = "/chat/completions"
    query: str = ""  # e.g. "api-version=2024-10-21" (Azure)
    auth: Literal["bearer", "api-key", "x-api-key", "none"] = "bearer"
    headers: dict[str, str] = {}
    session_headers: tuple[str, ...] = ()  # header names that get the hashed session id
    copilot_headers: bool = False  # compute x-initiator and copilot-vision-request

    # system text
    system_role: Literal["system", "developer", "user"] = "system"
    mid_system: Literal["keep", "user_reminder", "hoist"] = "user_reminder"
    system_parts: bool = False

    # messages
    merge_same_role: bool = False
    first_user: bool = False  # a strict template wants a user message first (R-BRI-3)
    text_only_string: bool = True
    assistant_content_when_tools: Literal["null", "empty", "omit"] = "null"
    no_user_after_tool: bool = False
    tool_result_name: bool = False
    tool_result_parts: bool = False
    prefill: Literal["unsupported", "native", "prefix", "partial", "vllm"] = "unsupported"
    strip_nul: bool = False

    # media
    images: Literal["url+data", "data", "none"] = "url+data"
    image_detail: Literal["", "auto", "low", "high"] = ""
    max_images: int = 0  # 0: no cap
    max_image_bytes: int = 0  # of all images together, base64 characters; 0: no cap
    documents: Literal["file", "document_url", "image_url", "text", "none"] = "text"

    # tools
    tool_id_rule: Literal["openai", "mistral9", "own"] = "openai"
    tool_id_max: int = 64
    tool_name_max: int = 64
    tool_name_letter_first: bool = False
    tool_description_max: int = 0  # 0: no cap
    max_tools: int = 128
    truncate_tools: bool = False
    tools_required_with_history: bool = False
    schema_dialect: Literal["plain", "openai", "gemini", "moonshot", "xai"] = "plain"
    strict_tools: bool = False
    tool_choice_values: tuple[str, ...] = ("auto", "none", "required", "named")
    forced_choice_with_thinking: Literal["ok", "thinking_off", "auto"] = "ok"
    parallel_field: Literal["parallel_tool_calls", "parallel_function_calling", "none"] = "parallel_tool_calls"
    tool_stream: bool = False  # GLM: ask for streamed arguments

    # limits and sampling
    max_tokens_field: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    max_output: int = 0  # 0: unknown
    context_window: int = 0  # 0: unknown
    min_output: int = 1
    stop_max: int = 4
    drop: tuple[str, ...] = ()
    clamp_temperature: tuple[float, float] | None = None
    top_k: bool = False

    # reasoning
    reasoning_request: Literal[
        "none", "openai", "openrouter", "deepseek", "zai", "kimi", "qwen", "chat_template", "gemini", "groq",
        "together", "anthropic_like", "xai", "ollama", "copilot",
    ] = "openai"  # fmt: skip
    reasoning_always_on: bool = False
    effort_values: tuple[str, ...] = ("low", "medium", "high")
    min_budget: int = 0
    reasoning_history: Literal[
        "drop", "reasoning_content", "reasoning_content_tools", "reasoning", "details", "copilot", "mistral",
        "think_tag", "gemini",
    ] = "drop"  # fmt: skip
    reasoning_backfill: str | None = None  # R-THK-9: text sent when nothing is known; None: nothing
    thinking_disable_if_missing: bool = False
    foreign_thinking: Literal["drop", "text"] = "drop"
    keep_reasoning: bool = False  # kimi keep:"all"
    reasoning_fields: tuple[str, ...] = ("reasoning_content", "reasoning", "reasoning_text")
    think_tags: Literal["auto", "off", "preopened"] = "auto"
    emit_thinking: Literal["asked", "always"] = "asked"
    reasoning_as_answer: bool = False

    # stream
    stream_usage: bool = True
    stream_only: bool = False
    nonstream_only: bool = False
    finish_required: bool = True
    args_mode: Literal["stream", "buffer", "cumulative"] = "stream"
    ws_guard: int = 0
    merge_choices: bool = False  # Copilot splits one answer over several choices
    empty_as_error: bool = False
    stop_included: bool = False
    strip_special_tokens: bool = False
    leaked_calls: tuple[str, ...] = ()  # 23.8 parsers switched on: hermes, kimi, deepseek, qwen_coder, mistral, invoke

    # usage
    usage_excludes_reasoning: bool = False
    cached_in_prompt: bool = True

    # caching and the rest
    cache_control: Literal["none", "anthropic", "openai_breakpoint"] = "none"
    prompt_cache_key: bool = False
    structured: Literal["json_schema", "json_object", "prompt"] = "json_schema"
    structured_with_tools: bool = True
    user_field: Literal["none", "user", "safety_identifier"] = "none"
    service_tier: bool = False
    store_false: bool = False

    # Anthropic pass-through targets (R-PAS-5)
    unsigned_thinking: bool = False
    pass_drop: tuple[str, ...] = ()  # top-level fields the endpoint rejects
    pass_plain_system: bool = False  # system-role messages become reminders
    pass_plain_tools: bool = False  # strict, defer_loading, eager_input_streaming removed
    pass_plain_cache: bool = False  # cache_control.scope removed
    pass_no_effort_when_off: bool = False
