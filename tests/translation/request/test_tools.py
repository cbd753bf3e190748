"""The request's tools as functions (spec 12.1, 12.4 to 12.6)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from tray_app.translation.capabilities import Capabilities, resolve
from tray_app.translation.errors import ApiError
from tray_app.translation.losses import Losses
from tray_app.translation.names import ToolNames
from tray_app.translation.request.tool_choice import MUST_CALL
from tray_app.translation.request.tools import ToolPart, offered_tools, translate_tools

SCHEMA = {"type": "object", "properties": {"command": {"type": "string"}}, "required": ["command"]}
STRICT = {**SCHEMA, "additionalProperties": False}
EMPTY = {"type": "object", "properties": {}}


def tool(name: str = "Bash", **more: Any) -> dict[str, Any]:
    return {"name": name, "input_schema": SCHEMA, **more}


def convert(
    tools: list[dict[str, Any]] | None,
    choice: object = None,
    *,
    record: Capabilities | None = None,
    referenced: Sequence[str] = (),
    history: Sequence[str] = (),
    **values: Any,
) -> tuple[ToolPart, list[str]]:
    losses = Losses()
    capabilities = record or Capabilities(**values)
    request = {"tools": tools, "tool_choice": choice}
    offered = offered_tools(request, referenced, losses)
    names = ToolNames([tool["name"] for tool in offered], capabilities)
    return translate_tools(request, offered, capabilities, names, referenced, history, losses), list(losses)


def function(*args: Any, **values: Any) -> dict[str, Any]:
    """The only function that comes of one tool."""
    [sent] = convert([tool(*args)], **values)[0].fields["tools"]
    assert sent["type"] == "function"
    result: dict[str, Any] = sent["function"]
    return result


def sent_names(part: ToolPart) -> list[str]:
    return [sent["function"]["name"] for sent in part.fields.get("tools", ())]


# ---- 12.1 ----


def test_r_tool_1_a_tool_becomes_a_function() -> None:
    """Name, description, parameters, in this order."""
    part, losses = convert([tool(description="Run it.")])
    described = {"name": "Bash", "description": "Run it.", "parameters": SCHEMA}
    assert part.fields == {"tools": [{"type": "function", "function": described}]}
    assert list(part.fields["tools"][0]["function"]) == ["name", "description", "parameters"]
    assert losses == []


@pytest.mark.parametrize("description", [None, "", 5])
def test_r_tool_1_without_a_description_there_is_none(description: object) -> None:
    """Left out, not null."""
    [sent] = convert([tool(description=description)])[0].fields["tools"]
    assert sent["function"] == {"name": "Bash", "parameters": SCHEMA}


def test_r_tool_1_a_long_description_is_cut_where_it_must_be() -> None:
    """And noted."""
    part, losses = convert([tool(description="x" * 20)], tool_description_max=10)
    assert part.fields["tools"][0]["function"]["description"] == "x" * 10
    assert losses == ["tools.Bash.description: cut to 10 characters"]


def test_p_18_parameters_are_the_input_schema_and_nothing_else() -> None:
    """Whatever other keys a tool has (R-TOOL-2, P-20)."""
    extras: dict[str, Any] = {
        "type": "custom",
        "strict": True,
        "defer_loading": False,
        "eager_input_streaming": True,
        "input_examples": [{"command": "ls"}],
        "allowed_callers": ["direct"],
        "max_uses": 3,
        "cache_control": {"type": "ephemeral"},
    }
    part, losses = convert([tool(**extras)])
    [sent] = part.fields["tools"]
    assert set(sent) == {"type", "function"}
    assert set(sent["function"]) == {"name", "description", "parameters"}
    assert sent["function"]["parameters"] == SCHEMA
    assert losses == [
        "tools.strict: not taken by this upstream for this schema",
        "tools.eager_input_streaming: not carried",
        "tools.allowed_callers: not carried",
        "tools.max_uses: not carried",
    ]


def test_r_tool_2_a_few_short_examples_go_into_the_description() -> None:
    """Many or long ones are noted instead."""
    short, _ = convert([tool(description="Run.", input_examples=[{"command": "ls"}])])
    assert short.fields["tools"][0]["function"]["description"] == 'Run.\n\nExamples: [{"command":"ls"}]'
    too_much: list[list[dict[str, str]]] = [[{}] * 4, [{"command": "x" * 2000}]]
    for examples in too_much:
        part, losses = convert([tool(input_examples=examples)])
        assert "description" not in part.fields["tools"][0]["function"]
        assert losses == ["tools.Bash.input_examples: too many for the description"]
    assert convert([tool(input_examples=[])])[1] == []


@pytest.mark.parametrize(
    ("schema", "asked", "values", "sent"),
    [
        (STRICT, True, {"strict_tools": True}, True),
        (SCHEMA, True, {"strict_tools": True}, False),
        (STRICT, True, {}, False),
        (STRICT, False, {"strict_tools": True}, False),
        (SCHEMA, False, {"force_strict": True}, True),
    ],
)
def test_p_21_strict_only_where_asked_for_and_already_so(
    schema: dict[str, Any], asked: bool, values: dict[str, Any], sent: bool
) -> None:
    """The schema itself is never changed for it, unless the user forces strict."""
    part, _ = convert([{"name": "Bash", "input_schema": schema, "strict": asked}], **values)
    [described] = part.fields["tools"]
    assert described["function"].get("strict", False) is sent
    assert described["function"]["parameters"] == schema


def test_r_tool_3_a_second_tool_of_a_name_and_a_nameless_one_are_dropped() -> None:
    """The first one wins."""
    part, losses = convert([tool(description="first"), tool(description="second"), tool(""), {"input_schema": {}}])
    assert part.fields["tools"][0]["function"]["description"] == "first"
    assert len(part.fields["tools"]) == 1
    assert losses == ["tools.Bash: a second tool of this name", "tools.custom: no name"]


@pytest.mark.parametrize("tools", [None, [], [{"type": "web_search_20250305", "name": "web_search"}]])
@pytest.mark.parametrize("choice", [{"type": "auto"}, {"type": "any"}, {"type": "tool", "name": "code_execution"}])
def test_r_tool_4_without_tools_there_is_nothing(tools: Any, choice: object) -> None:
    """Neither an empty list nor a choice nor the parallel field (R-CHO-5)."""
    part, losses = convert(tools, {**choice, "disable_parallel_tool_use": True})  # type: ignore[dict-item]
    assert part == ToolPart()
    assert losses[-1] == "tool_choice: dropped: no tools"


def test_r_tool_4_stubs_where_the_history_needs_its_tools() -> None:
    """One per name, never to be called."""
    part, _ = convert(None, history=["Read", "a.b", "Read", ""], tools_required_with_history=True)
    stubs = [{"type": "function", "function": {"name": name, "parameters": EMPTY}} for name in ("Read", "a_b")]
    assert part.fields == {"tools": stubs, "tool_choice": "none"}
    auto, _ = convert(None, history=["Read"], tools_required_with_history=True, tool_choice_values=("auto",))
    assert set(auto.fields) == {"tools"}
    assert convert(None, tools_required_with_history=True)[0] == ToolPart()
    assert convert(None, history=["Read"])[0] == ToolPart()


def test_r_tool_5_the_order_of_tools_is_kept() -> None:
    """Prompt caches depend on it."""
    names = ["Zed", "Alpha", "Mid"]
    assert sent_names(convert([tool(name) for name in names])[0]) == names


def test_r_nam_2_names_are_mapped_in_tools_and_choice() -> None:
    """And the schemas are kept under the client's name."""
    long = "mcp__" + "a" * 80
    part, _ = convert([tool(long)], {"type": "tool", "name": long})
    [name] = sent_names(part)
    assert len(name) == 64
    assert part.fields["tool_choice"]["function"]["name"] == name
    assert part.schemas == {long: SCHEMA}


def test_r_sch_4_schemas_go_through_the_upstreams_dialect() -> None:
    """Gemini's here."""
    schema = {"type": "object", "properties": {"n": {"type": "integer", "exclusiveMinimum": 0}}}
    record = resolve("generativelanguage.googleapis.com", "gemini-2.5-pro")
    part, _ = convert([{"name": "x", "input_schema": schema}], record=record)
    assert part.fields["tools"][0]["function"]["parameters"]["properties"] == {"n": {"type": "integer"}}


# ---- 12.4 ----


def test_p_23_deferred_tools_go_first_when_there_are_too_many() -> None:
    """140 tools, 20 of them deferred: 120 are sent (R-CNT-1)."""
    plain = [tool(f"t{n}") for n in range(120)]
    part, losses = convert([*plain, *(tool(f"d{n}", defer_loading=True) for n in range(20))])
    assert sent_names(part) == [f"t{n}" for n in range(120)]
    assert losses == ["tools: 140 cut to 120"]


def test_p_23_too_many_plain_tools_are_a_clear_error() -> None:
    """The number and the limit are in the message."""
    with pytest.raises(ApiError, match=r"^tools: 140 tools exceed the 128 this upstream accepts$") as caught:
        convert([tool(f"t{n}") for n in range(140)])
    assert (caught.value.status, caught.value.type) == (400, "invalid_request_error")


def test_r_cnt_1_a_user_may_prefer_a_cut() -> None:
    """Tools of the history and the chosen one are never cut, the order stays."""
    tools = [tool(f"t{n}") for n in range(10)]
    part, _ = convert(tools, {"type": "tool", "name": "t9"}, history=["t7"], max_tools=4, truncate_tools=True)
    assert sent_names(part) == ["t0", "t1", "t7", "t9"]
    needed = [f"t{n}" for n in range(6)]
    assert sent_names(convert(tools, history=needed, max_tools=4, truncate_tools=True)[0]) == needed


def test_r_cnt_1_deferred_tools_in_use_are_kept() -> None:
    """Only the unused ones go."""
    tools = [tool("a"), tool("b", defer_loading=True), tool("c", defer_loading=True)]
    assert sent_names(convert(tools, history=["c"], max_tools=2)[0]) == ["a", "c"]


def test_r_cnt_1_zero_means_no_limit() -> None:
    """For upstreams that take any number."""
    assert len(sent_names(convert([tool(f"t{n}") for n in range(300)], max_tools=0)[0])) == 300


# ---- 12.5 ----


def test_r_bin_typed_tools_become_functions_of_their_own_name() -> None:
    """The client runs them as it would for Anthropic."""
    part, losses = convert(
        [
            {"type": "bash_20250124", "name": "bash"},
            {"type": "text_editor_20250728", "name": "str_replace_based_edit_tool", "max_characters": 9},
        ]
    )
    assert sent_names(part) == ["bash", "str_replace_based_edit_tool"]
    assert "9 characters" in part.fields["tools"][1]["function"]["description"]
    assert set(part.schemas["bash"]["properties"]) == {"command", "restart"}
    assert losses == []


@pytest.mark.parametrize(("name", "field"), [("web_search", "query"), ("web_fetch", "url")])
def test_33_3_a_web_tool_that_is_forced_is_a_function(name: str, field: str) -> None:
    """The model is made to say what it wants to look up; another server tool, or an unforced one, stays out."""
    tools = [
        {"type": f"{name}_20250305", "name": name, "max_uses": 5},
        {"type": "advisor_1", "name": "advisor"},
        tool(),
    ]
    part, losses = convert(tools, {"type": "tool", "name": name})
    assert sent_names(part) == [name, "Bash"]
    assert part.fields["tool_choice"] == {"type": "function", "function": {"name": name}}
    assert list(part.fields["tools"][0]["function"]["parameters"]["properties"]) == [field]
    assert "tools.max_uses: not carried" in losses
    assert sent_names(convert(tools, {"type": "any"})[0]) == ["Bash"]


@pytest.mark.parametrize("kind", ["web_search_20250305", "web_fetch_20250910", "code_execution_20250825", "advisor_1"])
def test_r_bin_server_tools_are_no_functions_unforced(kind: str) -> None:
    """Nobody here could run them; the ledger names them."""
    part, losses = convert([{"type": kind, "name": "served"}, tool()])
    assert sent_names(part) == ["Bash"]
    assert losses == ["tools.served: a server tool, not available at this upstream"]


@pytest.mark.parametrize("name", ["web_search", "WebSearch", "computer", "bash"])
def test_p_19_a_custom_tool_of_such_a_name_is_an_ordinary_function(name: str) -> None:
    """Only the type counts (R-BIN-1)."""
    assert function(name) == {"name": name, "parameters": SCHEMA}


def test_r_bin_an_unknown_type_with_a_schema_is_custom_without_one_dropped() -> None:
    """There is nothing to describe the latter by."""
    part, losses = convert(
        [{"type": "new_20270101", "name": "a", "input_schema": SCHEMA}, {"type": "new_1", "name": "b"}]
    )
    assert sent_names(part) == ["a"]
    assert losses == ["tools.b: unknown type new_1"]


# ---- 12.6 ----

SEARCHES = [
    {"name": "ToolSearch", "input_schema": {}},
    {"type": "tool_search_tool_regex_20251119", "name": "tool_search_tool_regex"},
]


@pytest.mark.parametrize("search", SEARCHES)
def test_r_def_1_only_deferred_tools_that_were_found_are_sent(search: dict[str, Any]) -> None:
    """In the order of the request."""
    tools = [tool("Late", defer_loading=True), search, tool(), tool("Found", defer_loading=True)]
    part, _ = convert(tools, referenced=["Found"])
    assert [name for name in sent_names(part) if name != "ToolSearch"] == ["Bash", "Found"]


def test_r_def_1_a_reference_in_the_history_tells_that_there_is_a_search() -> None:
    """Whatever the client calls its searching tool."""
    tools = [tool("FindTools"), tool("Found", defer_loading=True), tool("Other", defer_loading=True)]
    assert sent_names(convert(tools, referenced=["Found"])[0]) == ["FindTools", "Found"]


def test_r_def_1_without_a_search_all_tools_are_sent() -> None:
    """The model could not find them otherwise."""
    assert sent_names(convert([tool("a", defer_loading=True), tool("b")])[0]) == ["a", "b"]


def test_r_def_2_a_reference_to_a_tool_that_is_not_there_is_ignored() -> None:
    """The list of tools is authoritative."""
    assert sent_names(convert([tool()], referenced=["Gone"])[0]) == ["Bash"]


def test_r_def_3_the_placeholder_is_not_sent() -> None:
    """Claude Code's first request: its own search, and one deferred tool that stands for all others."""
    tools = [tool(), tool("ToolSearch"), tool("DeferredToolPlaceholder", defer_loading=True)]
    assert sent_names(convert(tools)[0]) == ["Bash", "ToolSearch"]
    offered = offered_tools({"tools": tools}, (), Losses())
    assert [tool["name"] for tool in offered] == ["Bash", "ToolSearch"]


def test_r_def_1_a_deferred_tool_that_is_forced_is_sent() -> None:
    """The client knows it already."""
    tools = [tool("ToolSearch"), tool("Late", defer_loading=True)]
    part, _ = convert(tools, {"type": "tool", "name": "Late"})
    assert sent_names(part) == ["ToolSearch", "Late"]


# ---- 13, beside the choice ----


@pytest.mark.parametrize(
    ("field", "sent"),
    [
        ("parallel_tool_calls", {"parallel_tool_calls": False}),
        ("parallel_function_calling", {"parallel_function_calling": False}),
        ("none", {}),
    ],
)
def test_r_cho_1_one_call_at_a_time(field: Any, sent: dict[str, Any]) -> None:
    """By the upstream's own field, or noted (P-102)."""
    part, losses = convert([tool()], {"type": "auto", "disable_parallel_tool_use": True}, parallel_field=field)
    assert {key: value for key, value in part.fields.items() if key.startswith("parallel")} == sent
    assert losses == ([] if sent else ["tool_choice.disable_parallel_tool_use: not known to this upstream"])


def test_r_cho_1_parallel_calls_are_never_asked_for() -> None:
    """True is the default everywhere and an error at some."""
    part, _ = convert([tool()], {"type": "auto", "disable_parallel_tool_use": False})
    assert set(part.fields) == {"tools", "tool_choice"}


def test_r_cho_2_a_tool_offered_alone() -> None:
    """The others are left out, and the sentence goes with it."""
    part, _ = convert([tool("a"), tool("b")], {"type": "tool", "name": "b"}, record=resolve("api.z.ai", "glm-4.7"))
    assert sent_names(part) == ["b"]
    assert (part.fields["tool_choice"], part.force_text, part.thinking_off) == ("auto", MUST_CALL, False)


def test_r_cho_6_none_means_no_tools_where_only_auto_is_known() -> None:
    """GLM again."""
    assert convert([tool()], {"type": "none"}, record=resolve("api.z.ai", "glm-4.7"))[0] == ToolPart()


def test_r_cho_3_the_part_says_that_thinking_gives_way() -> None:
    """reasoning.py is told by it."""
    part, _ = convert([tool()], {"type": "any"}, record=resolve("api.moonshot.ai", "kimi-k2.6"))
    assert part.thinking_off


def test_r_tool_glm_is_asked_to_stream_arguments() -> None:
    """Minutes of silence otherwise."""
    assert convert([tool()], record=resolve("api.z.ai", "glm-4.7"))[0].fields["tool_stream"] is True
    assert "tool_stream" not in convert([tool()], tool_stream=True, nonstream_only=True)[0].fields
    assert "tool_stream" not in convert([tool()])[0].fields
