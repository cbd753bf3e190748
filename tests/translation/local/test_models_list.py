"""The list of models."""

from __future__ import annotations

from typing import Any

import pytest

from tray_app.translation.errors import ApiError
from tray_app.translation.local.models_list import (
    alias_of,
    aliases,
    find_model,
    model_entries,
    model_entry,
    models_page,
)

MODELS = ["gpt-5.2", "deepseek/deepseek-v4", "claude-sonnet-4-5", "anthropic/claude-opus"]
ENTRIES = [model_entry(f"claude-{number}") for number in range(45)]


def ids(page: dict[str, Any]) -> list[str]:
    """The ids of a page."""
    return [entry["id"] for entry in page["data"]]


def test_p_104_the_list_has_anthropics_shape() -> None:
    """BerriAI/litellm#27180: OpenAI's form breaks Anthropic clients."""
    page = models_page([model_entry("claude-x", display_name="X")], {}, openai=False)
    assert page == {
        "data": [
            {"type": "model", "id": "claude-x", "display_name": "X", "created_at": "2026-01-01T00:00:00Z"},
        ],
        "has_more": False,
        "first_id": "claude-x",
        "last_id": "claude-x",
    }


def test_an_empty_list_has_no_ids() -> None:
    """Nulls, not missing keys."""
    assert models_page([], {}, openai=False) == {"data": [], "has_more": False, "first_id": None, "last_id": None}


@pytest.mark.parametrize(
    ("query", "first", "last", "more"),
    [
        ({}, 0, 19, True),
        ({"limit": "1000"}, 0, 44, False),
        ({"limit": "45"}, 0, 44, False),
        ({"limit": "1"}, 0, 0, True),
        ({"after_id": "claude-19"}, 20, 39, True),
        ({"after_id": "claude-39"}, 40, 44, False),
        ({"after_id": "claude-19", "limit": "2"}, 20, 21, True),
        ({"before_id": "claude-20", "limit": "5"}, 15, 19, True),
        ({"before_id": "claude-20"}, 0, 19, False),
        ({"before_id": "claude-2"}, 0, 1, False),
    ],
)
def test_r_mdl_1_the_list_has_pages(query: dict[str, str], first: int, last: int, more: bool) -> None:
    """Limit (20 unless told), after_id, before_id; first_id and last_id are the page's."""
    page = models_page(ENTRIES, query, openai=False)
    assert ids(page) == [f"claude-{number}" for number in range(first, last + 1)]
    assert (page["first_id"], page["last_id"], page["has_more"]) == (f"claude-{first}", f"claude-{last}", more)


def test_r_mdl_1_the_pages_add_up() -> None:
    """Following last_id visits every model once."""
    seen, query = [], {"limit": "7"}
    while True:
        page = models_page(ENTRIES, query, openai=False)
        seen += ids(page)
        if not page["has_more"]:
            break
        query = {"limit": "7", "after_id": page["last_id"]}
    assert seen == [entry["id"] for entry in ENTRIES]


def test_r_mdl_1_after_the_last_comes_nothing() -> None:
    """An empty page, not an error."""
    assert models_page(ENTRIES, {"after_id": "claude-44"}, openai=False)["data"] == []


@pytest.mark.parametrize(
    "query",
    [
        *({"limit": limit} for limit in ("0", "1001", "x", "", "-1", "\u0664", "9" * 5000)),
        {"after_id": "no"},
        {"before_id": "no"},
    ],
)
def test_r_mdl_1_a_wrong_query_is_a_400(query: dict[str, str]) -> None:
    """With the field's name first."""
    with pytest.raises(ApiError) as caught:
        models_page(ENTRIES, query, openai=False)
    assert (caught.value.status, caught.value.type) == (400, "invalid_request_error")
    assert caught.value.message.startswith(next(iter(query)))


def test_r_mdl_3_openai_clients_get_their_fields_too() -> None:
    """Added only for clients that do not speak Anthropic, and never cut into pages they do not know."""
    page = models_page(ENTRIES, {}, openai=True)
    assert page["object"] == "list"
    assert len(page["data"]) == 45
    assert all(entry["object"] == "model" and entry["owned_by"] and entry["created"] > 0 for entry in page["data"])
    assert all("object" not in entry for entry in models_page(ENTRIES, {}, openai=False)["data"])


def test_p_119_r_mdl_2_every_model_has_an_id_claude_code_shows() -> None:
    """Ids that begin with claude or anthropic, showing the real name."""
    shown = [entry for entry in model_entries(MODELS) if entry["id"].lower().startswith(("claude", "anthropic"))]
    assert {entry["display_name"] for entry in shown} == set(MODELS)


@pytest.mark.parametrize(
    ("model", "alias"),
    [
        ("gpt-5.2", "claude-gpt-5.2"),
        ("deepseek/deepseek-v4", "claude-deepseek-deepseek-v4"),
        ("qwen3:14b", "claude-qwen3-14b"),
        ("openrouter/anthropic/claude-x", "claude-openrouter-anthropic-claude-x"),
        ("claude-sonnet-4-5", "claude-sonnet-4-5"),
        ("Anthropic/claude", "Anthropic/claude"),
        ("\u6a21\u578b", "claude-model"),
    ],
)
def test_r_mdl_2_the_alias_of_a_model(model: str, alias: str) -> None:
    """Itself where it may be shown, else claude- and what can stand in an id."""
    assert alias_of(model) == alias


def test_r_mdl_2_aliases_lead_back() -> None:
    """Every alias belongs to one model, also where two slugs are equal; a model named twice counts once."""
    back = aliases(["a/b", "a:b", "a-b", "a/b", "claude-x"])
    assert back == {"claude-a-b": "a/b", "claude-a-b-2": "a:b", "claude-a-b-3": "a-b"}
    assert len(model_entries(["a/b", "a/b"])) == 2


def test_r_mdl_2_no_id_is_there_twice() -> None:
    """Some gateways list a model and a ``claude-`` name for it; ours must not take that name from theirs."""
    models = ["gpt-x", "claude-gpt-x", "gpt:x"]
    listed = [entry["id"] for entry in model_entries(models)]
    assert len(set(listed)) == len(listed) == 5
    assert aliases(models) == {"claude-gpt-x-2": "gpt-x", "claude-gpt-x-3": "gpt:x"}


def test_p_108_r_mdl_5_one_model_by_its_id() -> None:
    """Ids with slashes are found by the tail of the path; unknown ones are a 404."""
    entries = model_entries(MODELS)
    assert find_model(entries, "deepseek/deepseek-v4", openai=False)["id"] == "deepseek/deepseek-v4"
    assert find_model(entries, "claude-gpt-5.2", openai=True)["object"] == "model"
    with pytest.raises(ApiError) as caught:
        find_model(entries, "nothing", openai=False)
    assert (caught.value.status, caught.value.type, caught.value.message) == (404, "not_found_error", "model: nothing")


def test_r_mdl_6_limits_are_told_when_known() -> None:
    """max_input_tokens and max_tokens, never as zero."""
    entry = model_entry("x", context_window=200_000, max_output=8192)
    assert (entry["max_input_tokens"], entry["max_tokens"]) == (200_000, 8192)
    assert "max_input_tokens" not in model_entry("x")
