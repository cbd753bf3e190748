"""Anthropic's built-in tools (spec 12.5)."""

from __future__ import annotations

from typing import Any

import pytest

from tray_app.translation.request.typed_tools import definition_of, describe, is_server_search, is_server_tool, type_of


def commands(kind: str, key: str = "command") -> list[str]:
    definition = definition_of({"type": kind, "name": "x"})
    assert definition is not None
    values: list[str] = definition.schema["properties"][key]["enum"]
    return values


@pytest.mark.parametrize("kind", ["bash_20241022", "bash_20250124"])
def test_r_bin_bash_takes_a_command_and_a_restart(kind: str) -> None:
    """The description says that the shell persists."""
    definition = definition_of({"type": kind, "name": "bash"})
    assert definition is not None
    kinds = {name: schema["type"] for name, schema in definition.schema["properties"].items()}
    assert kinds == {"command": "string", "restart": "boolean"}
    assert "kept between calls" in definition.description


@pytest.mark.parametrize(
    ("kind", "undo"),
    [
        ("text_editor_20241022", True),
        ("text_editor_20250124", True),
        ("text_editor_20250429", False),
        ("text_editor_20250728", False),
        ("text_editor_20991231", False),
    ],
)
def test_r_bin_only_old_editors_can_undo(kind: str, undo: bool) -> None:
    """The later versions lost the command."""
    assert commands(kind) == ["view", "create", "str_replace", "insert", *(["undo_edit"] if undo else [])]


def test_r_bin_memory_has_its_six_commands() -> None:
    """Each with its own paths."""
    assert commands("memory_20250818") == ["view", "create", "str_replace", "insert", "delete", "rename"]


@pytest.mark.parametrize(
    ("kind", "added"),
    [
        ("computer_20241022", set()),
        ("computer_20250124", {"scroll", "wait", "triple_click"}),
        ("computer_20251124", {"scroll", "wait", "triple_click", "zoom"}),
    ],
)
def test_r_bin_computers_learn_actions_with_time(kind: str, added: set[str]) -> None:
    """Each version offers what its client can do."""
    actions = set(commands(kind, "action"))
    assert {"screenshot", "left_click", "type", "key"} <= actions
    assert actions & {"scroll", "wait", "triple_click", "zoom"} == added


def test_r_bin_options_are_told_in_the_description() -> None:
    """A function has no other place for them."""
    computer = {"type": "computer_20250124", "name": "computer", "display_width_px": 1024, "display_height_px": 768}
    editor = {"type": "text_editor_20250728", "name": "e", "max_characters": 10000}
    for tool, said in ((computer, ("1024", "768")), (editor, ("10000",))):
        definition = definition_of(tool)
        assert definition is not None
        assert all(text in describe(definition, tool) for text in said)
        assert describe(definition, {}) == definition.description


@pytest.mark.parametrize(
    ("tool", "server"),
    [
        ({"type": "web_search_20250305", "name": "web_search"}, True),
        ({"type": "web_fetch_20250910", "name": "web_fetch"}, True),
        ({"type": "code_execution_20250825", "name": "code_execution"}, True),
        ({"type": "tool_search_tool_regex_20251119", "name": "s"}, True),
        ({"type": "advisor_20260301", "name": "advisor"}, True),
        ({"type": "mcp_toolset", "mcp_server_name": "m"}, True),
        ({"name": "web_search"}, False),
        ({"type": "custom", "name": "WebSearch"}, False),
        ({"type": None, "name": "web_search"}, False),
        ({"type": "bash_20250124", "name": "bash"}, False),
    ],
)
def test_p_19_only_the_type_makes_a_server_tool(tool: dict[str, Any], server: bool) -> None:
    """The name of a custom tool says nothing (R-BIN-1)."""
    assert is_server_tool(tool) is server


def test_r_def_1_the_servers_own_search_is_known() -> None:
    """It makes the request one with deferred tools."""
    assert is_server_search({"type": "tool_search_tool_bm25_20251119"})
    assert not is_server_search({"type": "web_search_20250305"})


@pytest.mark.parametrize(
    ("tool", "kind"), [({}, "custom"), ({"type": ""}, "custom"), ({"type": 5}, "custom"), ({"type": "x"}, "x")]
)
def test_r_bin_1_a_tool_without_a_type_is_custom(tool: dict[str, Any], kind: str) -> None:
    """As at Anthropic."""
    assert type_of(tool) == kind
    assert definition_of(tool) is None
