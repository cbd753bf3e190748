"""Reads ``~/.claude-code-router/config.json``: a list of providers with keys in it, and which model is for what.

Its transformers have no counterpart here: what a provider needs is in our own capability table. Facts from the program's
README (musistudio/claude-code-router).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from tray_app.clients.imports.found import Found, FoundFile, rows, table, text
from tray_app.profiles.model import (
    ApiKind,
    Credential,
    EnvironmentCredential,
    KeyringCredential,
    ModelMap,
    NoCredential,
    Profile,
    slug,
)

PROGRAM: Final = "claude-code-router"
_VARIABLE: Final = re.compile(r"\$\{?([A-Za-z_][A-Za-z0-9_]{0,127})\}?")
_ENDPOINTS: Final = ("/chat/completions", "/v1/messages", "/messages")
_GEMINI: Final = "generativelanguage.googleapis.com"  # its native protocol is not ours, but it speaks ours elsewhere
_GEMINI_BASE: Final = "https://generativelanguage.googleapis.com/v1beta/openai"
# What its routes stand for among Claude's models.
_ROLES: Final = {"default": "default", "opus": "think", "haiku": "background"}


def is_own(content: Mapping[str, Any]) -> bool:
    """Whether this is one of its configurations."""
    return isinstance(content.get("Providers"), list)


def from_config(content: Mapping[str, Any]) -> FoundFile:
    """Its providers, in order."""
    routes = table(content.get("Router"))
    proxy = text(content.get("PROXY_URL"))
    found: dict[str, Found] = {}
    problems: list[str] = []
    for number, raw in enumerate(rows(content["Providers"])):
        entry = table(raw)
        name, address = text(entry.get("name"))[:80], text(entry.get("api_base_url"))
        if not name or not address:
            problems.append(f"Providers[{number}]: has no name or no address")
            continue
        profile_id = slug(name, set(found))
        found[profile_id] = _found(profile_id, name, address, entry, routes, proxy)
    return FoundFile(program=PROGRAM, found=tuple(found.values()), problems=tuple(problems))


def _found(
    profile_id: str, name: str, address: str, entry: Mapping[str, Any], routes: Mapping[str, Any], proxy: str
) -> Found:
    credential, secret = _credential(text(entry.get("api_key")))
    profile = Profile(
        id=profile_id,
        name=name,
        api=_kind(address, entry),
        base_url=_base(address),
        credential=credential,
        models=_models(name, entry, routes),
        outbound_proxy=proxy or "system",
    )
    return Found(profile=profile, secret=secret)


def _credential(key: str) -> tuple[Credential, str]:
    """The program takes ``$NAME`` and ``${NAME}`` for environment variables."""
    if variable := _VARIABLE.fullmatch(key):
        return EnvironmentCredential(variable[1]), ""
    return (KeyringCredential(), key) if key else (NoCredential(), "")


def _base(address: str) -> str:
    if _GEMINI in address and "openai" not in address:
        return _GEMINI_BASE
    base = address.rstrip("/")
    for tail in _ENDPOINTS:
        base = base.removesuffix(tail)
    return base


def _kind(address: str, entry: Mapping[str, Any]) -> ApiKind:
    used = rows(table(entry.get("transformer")).get("use"))
    speaks_messages = "Anthropic" in used or address.rstrip("/").endswith("/messages")
    return ApiKind.ANTHROPIC if speaks_messages else ApiKind.OPENAI_CHAT


def _models(name: str, entry: Mapping[str, Any], routes: Mapping[str, Any]) -> ModelMap:
    """The routes that lead to this provider (``name,model``); else its first model answers for everything."""
    models: dict[str, Any] = {
        role: model
        for role, route in _ROLES.items()
        for provider, _, model in [text(routes.get(route)).partition(",")]
        if provider.strip() == name and model
    }
    listed = [text(model) for model in rows(entry.get("models"))]
    models.setdefault("default", next(filter(None, listed), ""))
    return ModelMap(**models)
