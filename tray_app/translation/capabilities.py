"""The capability record: what one upstream and model accepts, needs and does oddly (spec section 4), as data.

`data/capabilities.toml` holds one entry per provider and model pattern; later entries override earlier ones, the user's
profile overrides both, and what self-healing learned (R-PRO-1) lies on top. Adding a provider is an entry there, no code.
"""

from __future__ import annotations

import ipaddress
import tomllib
from collections.abc import Mapping
from fnmatch import fnmatchcase
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final, Literal

import msgspec

UNKNOWN_PROVIDER: Final = "unknown"


class Capabilities(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One resolved record. The defaults are those of an unknown OpenAI-compatible server."""

    # where and how
    path: str = "/chat/completions"
    models_path: str = ""  # where models are listed, from the root of the host; empty: /models beside `path`
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
    max_tools: int = 128  # 0: no cap
    truncate_tools: bool = False
    tools_required_with_history: bool = False
    schema_dialect: Literal["plain", "openai", "gemini", "moonshot", "xai"] = "plain"
    strict_tools: bool = False
    force_strict: bool = False  # send strict for every tool (R-SCH, `openai`); changes meaning, never a default
    tool_choice_values: tuple[str, ...] = ("auto", "none", "required", "named")
    forced_choice_with_thinking: Literal["ok", "thinking_off", "auto"] = "ok"
    parallel_field: Literal["parallel_tool_calls", "parallel_function_calling", "none"] = "parallel_tool_calls"
    tool_stream: bool = False  # GLM: ask for streamed arguments

    # limits and sampling
    max_tokens_field: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    max_output: int = 0  # 0: unknown
    context_window: int = 0  # 0: unknown
    empty_overflow: tuple[int, ...] = ()  # statuses that, without a body, mean that the prompt does not fit
    window_margin: int = 512  # tokens by which the estimate of a prompt may fall short of the upstream's count
    min_output: int = 1
    stop_max: int = 4
    drop: tuple[str, ...] = ()
    drop_when_reasoning: tuple[str, ...] = ()  # refused unless the client switched thinking off
    greedy_top_p: bool = True  # top_p may accompany temperature 0
    clamp_temperature: tuple[float, float] | None = None
    top_k: bool = False

    # reasoning
    reasoning_request: Literal[
        "none", "openai", "openrouter", "deepseek", "zai", "kimi", "qwen", "chat_template", "gemini", "groq",
        "together", "anthropic_like", "xai", "ollama", "copilot", "cerebras",
    ] = "openai"  # fmt: skip
    reasoning_always_on: bool = False
    effort_values: tuple[str, ...] = ("low", "medium", "high")
    effort_map: dict[str, str] = {}  # this upstream's own folding of effort names, before R-EFF-2 clamps
    min_budget: int = 0
    budget_field: str = ""  # top-level field for a thinking budget in tokens; "": none
    template_field: str = "chat_template_kwargs"
    thinking_kwarg: str = "enable_thinking"  # the chat template's own switch: enable_thinking or thinking
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
    stop_included: bool = False  # the stop sequence it stopped at is left in the text
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
    standard_tier: str = "default"  # the tier that `standard_only` means
    priority_for_fast: bool = False  # speed: fast asks for the priority tier
    store_false: bool = False
    clear_tool_uses: bool = (
        False  # apply the client's clear_tool_uses edit; every clearing empties the upstream's cache
    )

    # Anthropic pass-through targets (R-PAS-5)
    unsigned_thinking: bool = False
    pass_drop: tuple[str, ...] = ()  # top-level fields the endpoint rejects
    pass_plain_system: bool = False  # system-role messages become reminders
    pass_plain_tools: bool = False  # strict, defer_loading, eager_input_streaming removed
    pass_plain_cache: bool = False  # cache_control.scope removed
    pass_no_effort_when_off: bool = False
    pass_mend_stream: bool = False  # its streams carry `[DONE]` or lack fields that SDKs need


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One row of the table: whom it is for, where the knowledge comes from, what it sets.

    `hosts` are globs on the host name; `local_port` names a server by the port it uses on this machine or network. An entry
    with neither applies to the provider that an earlier entry of the same name recognised. `models` are globs on the
    upstream model id (empty: all), `unless` takes some of them out again.
    """

    provider: str
    source: str
    hosts: tuple[str, ...] = ()
    local_port: int = 0
    models: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    set: dict[str, Any] = {}


def provider_of(host: str) -> str:
    """The provider key a host name (with or without a port) stands for; `UNKNOWN_PROVIDER` when the table has none (R-PRO-2)."""
    name, port = _split(host.lower())
    return next((entry.provider for entry in _table() if _is_at(entry, name, port)), UNKNOWN_PROVIDER)


def resolve(
    host: str, model: str, *, overrides: Mapping[str, Any] | None = None, learned: Mapping[str, Any] | None = None
) -> Capabilities:
    """The record for one upstream and model. `host` is a host name, with `:port` where the URL has one.

    Table entries first, later over earlier; then the user's `overrides`, which win over anything guessed from the host
    (R-PRO-2); then what self-healing `learned`, because it is what this upstream really refused.

    Raises:
        ValueError: an override is unknown or has the wrong type; the message names the key.
    """
    values = dict(_from_table(provider_of(host), model.lower()))
    for layer in (overrides or {}, learned or {}):
        values.update(_checked(layer))
    return msgspec.convert(values, Capabilities)


@lru_cache(maxsize=256)
def _from_table(provider: str, model: str) -> Mapping[str, Any]:
    values: dict[str, Any] = {}
    for entry in _table():
        if entry.provider == provider and _is_for(entry, model):
            values.update(entry.set)
    return values


def _checked(layer: Mapping[str, Any]) -> Mapping[str, Any]:
    for key, value in layer.items():
        try:
            msgspec.convert({key: value}, Capabilities)
        except msgspec.ValidationError as error:
            raise ValueError(f"capabilities.{key}: {error}") from None
    return layer


@lru_cache(maxsize=1)
def _table() -> tuple[Entry, ...]:
    text = files("tray_app.translation").joinpath("data", "capabilities.toml").read_text(encoding="utf-8")
    return parse_table(text)


def parse_table(text: str) -> tuple[Entry, ...]:
    """Read the table from TOML and check every entry on its own.

    Raises:
        ValueError: an entry has an unknown key or a wrong value; the message names the entry by number and provider.
    """
    return tuple(_entry(number, raw) for number, raw in enumerate(tomllib.loads(text)["entry"], 1))


def _entry(number: int, raw: Mapping[str, Any]) -> Entry:
    try:
        entry = msgspec.convert(raw, Entry)
        msgspec.convert(entry.set, Capabilities)
    except msgspec.ValidationError as error:
        raise ValueError(f"capability entry {number} ({raw.get('provider', '?')}): {error}") from None
    return entry


def _is_for(entry: Entry, model: str) -> bool:
    if any(fnmatchcase(model, pattern) for pattern in entry.unless):
        return False
    return not entry.models or any(fnmatchcase(model, pattern) for pattern in entry.models)


def _is_at(entry: Entry, name: str, port: int) -> bool:
    if entry.local_port:
        return port == entry.local_port and _is_local(name)
    return any(fnmatchcase(name, pattern) for pattern in entry.hosts)


def _split(host: str) -> tuple[str, int]:
    """Host name and port (0: none) of ``name``, ``name:port``, ``[v6]:port`` or a bare IPv6 address."""
    if host.startswith("["):
        name, _, port = host[1:].partition("]")
        return name, _port(port.lstrip(":"))
    if host.count(":") == 1:
        name, _, port = host.partition(":")
        return name, _port(port)
    return host, 0


def _port(text: str) -> int:
    return int(text) if text.isdecimal() else 0


def _is_local(name: str) -> bool:
    """Ports say nothing about a server on the internet, only about one on this machine or its network."""
    try:
        return ipaddress.ip_address(name).is_private
    except ValueError:
        return "." not in name or name.endswith((".local", ".lan", ".internal", ".localhost"))
