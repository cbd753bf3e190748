"""The configuration of claude-code-router."""

from __future__ import annotations

import json
from typing import Any

from tray_app.clients.imports import read_foreign
from tray_app.clients.imports.found import Found, FoundFile
from tray_app.profiles.model import ApiKind, EnvironmentCredential, KeyringCredential, ModelMap, NoCredential

CONFIG: dict[str, Any] = {
    "APIKEY": "its own",
    "Providers": [
        {
            "name": "openrouter",
            "api_base_url": "https://openrouter.ai/api/v1/chat/completions",
            "api_key": "sk-made-up",
            "models": ["google/gemini", "anthropic/claude"],
            "transformer": {"use": ["openrouter"]},
        },
        {"name": "deepseek", "api_base_url": "https://api.deepseek.com/chat/completions", "api_key": "$DEEPSEEK_KEY"},
        {"name": "ollama", "api_base_url": "http://localhost:11434/v1/chat/completions", "models": ["qwen", 3]},
        {"name": "gemini", "api_base_url": "https://generativelanguage.googleapis.com/v1beta/models/", "api_key": "k"},
        {
            "name": "claude",
            "api_base_url": "https://api.anthropic.com/v1/messages",
            "api_key": "${MY_KEY}",
            "transformer": {"use": ["Anthropic"]},
        },
        {"name": "broken"},
        "nonsense",
    ],
    "Router": {
        "default": "openrouter,anthropic/claude",
        "think": "deepseek,deepseek-reasoner",
        "background": "openrouter,google/gemini",
        "longContextThreshold": 60_000,
    },
}


def read(config: dict[str, Any] = CONFIG) -> FoundFile:
    """Through the front door."""
    return read_foreign(json.dumps(config).encode())


def by_id() -> dict[str, Found]:
    """The providers by our ids for them."""
    return {found.profile.id: found for found in read().found}


def test_providers_keep_their_order_and_what_is_broken_is_named() -> None:
    """By its place."""
    file = read()
    assert file.program == "claude-code-router"
    assert [found.profile.id for found in file.found] == ["openrouter", "deepseek", "ollama", "gemini", "claude"]
    assert [problem.partition(":")[0] for problem in file.problems] == ["Providers[5]", "Providers[6]"]


def test_addresses_lose_their_endpoint() -> None:
    """Gemini's native one becomes the one that speaks our protocol."""
    assert {name: found.profile.base_url for name, found in by_id().items()} == {
        "openrouter": "https://openrouter.ai/api/v1",
        "deepseek": "https://api.deepseek.com",
        "ollama": "http://localhost:11434/v1",
        "gemini": "https://generativelanguage.googleapis.com/v1beta/openai",
        "claude": "https://api.anthropic.com",
    }
    assert [name for name, found in by_id().items() if found.profile.api is ApiKind.ANTHROPIC] == ["claude"]


def test_keys_travel_beside_the_profiles() -> None:
    """Variables stay variables; no key is in any representation."""
    found = by_id()
    assert {name: item.profile.credential for name, item in found.items()} == {
        "openrouter": KeyringCredential(),
        "deepseek": EnvironmentCredential("DEEPSEEK_KEY"),
        "ollama": NoCredential(),
        "gemini": KeyringCredential(),
        "claude": EnvironmentCredential("MY_KEY"),
    }
    assert (found["openrouter"].secret, found["deepseek"].secret) == ("sk-made-up", "")
    assert "sk-made-up" not in repr(read())


def test_routes_become_roles() -> None:
    """Those that lead to the provider; else its first model."""
    found = by_id()
    assert found["openrouter"].profile.models == ModelMap(default="anthropic/claude", haiku="google/gemini")
    assert found["deepseek"].profile.models == ModelMap(opus="deepseek-reasoner")
    assert found["ollama"].profile.models == ModelMap(default="qwen")


def test_its_proxy_is_taken_over() -> None:
    """For every provider."""
    (found, *_) = read(CONFIG | {"PROXY_URL": "http://127.0.0.1:7890"}).found
    assert found.profile.outbound_proxy == "http://127.0.0.1:7890"
    assert by_id()["ollama"].profile.outbound_proxy == "system"
