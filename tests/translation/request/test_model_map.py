"""Which upstream model answers (spec section 5)."""

from __future__ import annotations

from typing import Any

import pytest

from tray_app.translation.errors import ApiError
from tray_app.translation.request.model_map import resolve_model

MAP: dict[str, Any] = {
    "exact": {"claude-opus-4-8": "exact-model", "fast": "deepseek-chat"},
    "globs": [("claude-haiku-4*", ""), ("Claude-Haiku-3*", "globbed"), ("gpt-*", "gpt-target")],
    "roles": {"opus": "big", "sonnet": "middle", "haiku": "small", "fable": ""},
    "default": "fallback",
}
EMPTY: dict[str, Any] = {"exact": {}, "globs": (), "roles": {}, "default": ""}


@pytest.mark.parametrize(
    ("asked", "model"),
    [
        ("claude-opus-4-8", "exact-model"),
        ("claude-haiku-3-5", "globbed"),
        ("claude-haiku-4-5-20251001", "small"),
        ("Claude-SONNET-5-5", "middle"),
        ("claude-opus-5-5", "big"),
        ("claude-fable-1", "fallback"),
        ("whatever", "fallback"),
    ],
)
def test_r_mod_1_alias_then_glob_then_role_then_default(asked: str, model: str) -> None:
    """The first rule that names a model decides; empty targets count as absent."""
    assert resolve_model(asked, **MAP) == model


def test_r_mod_1_without_any_rule_the_id_passes_through() -> None:
    """A user who names the upstream's own model gets it."""
    assert resolve_model("moonshotai/kimi-k2.6", **EMPTY) == "moonshotai/kimi-k2.6"


@pytest.mark.parametrize("asked", ["deepseek/deepseek-chat", "deepseek,deepseek-chat", "deepseek,fast"])
def test_r_mod_1_a_selector_of_a_known_provider_is_taken_apart(asked: str) -> None:
    """A model chosen with its provider is meant: only an exact alias applies to it."""
    assert resolve_model(asked, **MAP, providers={"deepseek"}) == "deepseek-chat"


def test_r_mod_1_a_slash_alone_is_no_selector() -> None:
    """OpenRouter's ids have slashes; without a known provider on the left they are whole ids."""
    assert resolve_model("qwen/qwen3-coder", **EMPTY, providers={"deepseek"}) == "qwen/qwen3-coder"


@pytest.mark.parametrize("asked", ["claude-opus-4-8[1m]", "claude-opus-4-8[1M]", " claude-opus-4-8 [1m] "])
def test_r_mod_2_the_long_context_suffix_is_stripped(asked: str) -> None:
    """Older clients send it; it is no part of the id."""
    assert resolve_model(asked, **MAP) == "exact-model"


def test_r_mod_2_date_suffixes_stay() -> None:
    """A dated id is another id than the one in the map."""
    assert resolve_model("claude-opus-4-8-20260101", **MAP) == "big"


@pytest.mark.parametrize("asked", ["[1m]", "  "])
def test_r_mod_4_nothing_left_of_the_id_is_not_found(asked: str) -> None:
    """The error is Anthropic's own for an unknown model."""
    with pytest.raises(ApiError) as caught:
        resolve_model(asked, **MAP)
    assert (caught.value.status, caught.value.type) == (404, "not_found_error")
    assert caught.value.message == f"model: {asked}"
