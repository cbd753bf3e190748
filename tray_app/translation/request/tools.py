"""The request's tools as functions (spec 12.1, 12.4–12.6): which are offered, how each is described, and what goes with them.

The choice among them is `tool_choice.py`, their schemas `schema.py`, their names `names.py`. Server tools are not offered,
for nobody could run them, except a web tool that the client forces by name (33.3).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec

from tray_app.translation import codec
from tray_app.translation.capabilities import Capabilities
from tray_app.translation.errors import ApiError
from tray_app.translation.losses import Losses
from tray_app.translation.names import ToolNames
from tray_app.translation.request.schema import is_strict, parameters_schema
from tray_app.translation.request.tool_choice import Choice, choose, chosen_name
from tray_app.translation.request.typed_tools import (
    TypedTool,
    definition_of,
    describe,
    is_server_search,
    is_server_tool,
    type_of,
)

Tool = Mapping[str, Any]

EXAMPLES_MAX: Final = 3
EXAMPLES_BYTES_MAX: Final = 2000
_CLIENT_SEARCH: Final = "toolsearch"  # Claude Code's own search among deferred tools, before it was ever called
_CARRIED: Final = frozenset(
    {"type", "name", "description", "input_schema", "strict", "defer_loading", "cache_control", "input_examples"}
)


class ToolPart(msgspec.Struct, frozen=True):
    """What the request's tools become.

    `fields` for the upstream body; `force_text`, a sentence for the end of the conversation (``""``: none); `thinking_off`,
    whether thinking has to give way (R-CHO-3); `schemas` by client name, for the answer's translation.
    """

    fields: dict[str, Any] = {}
    force_text: str = ""
    thinking_off: bool = False
    schemas: Mapping[str, Any] = {}


def offered_tools(request: Mapping[str, Any], referenced: Collection[str], losses: Losses) -> list[Tool]:
    """The tools that may be offered, in order: each has a name, and the name table must hold it.

    `referenced` are the names in the history's `tool_reference` blocks.
    """
    forced = chosen_name(request)
    asked = request.get("tools") or ()
    tools = _usable(asked, forced, losses)
    if not any(tool.get("defer_loading") for tool in tools) or not _is_searching(asked, referenced):
        return tools
    return [
        tool for tool in tools if not tool.get("defer_loading") or tool["name"] in referenced or tool["name"] == forced
    ]


def translate_tools(
    request: Mapping[str, Any],
    offered: list[Tool],
    capabilities: Capabilities,
    names: ToolNames,
    referenced: Collection[str],
    history_names: Sequence[str],
    losses: Losses,
) -> ToolPart:
    """Tools (of those `offered`), tool_choice and what belongs to them.

    `referenced` are the names in the history's `tool_reference` blocks, `history_names` those of its tool calls.

    Raises:
        ApiError: 400 for more tools than the upstream takes (R-CNT-1) or a choice that names none of them (R-CHO-4).
    """
    tools = offered
    if 0 < capabilities.max_tools < len(tools):
        tools = _within_limit(tools, {*referenced, *history_names, chosen_name(request)}, capabilities, losses)
    if not tools:
        return _without_tools(request, capabilities, names, history_names, losses)
    choice = choose(request, [tool["name"] for tool in tools], capabilities, names, losses)
    if choice.no_tools:
        return ToolPart()
    tools = [tool for tool in tools if not choice.only or tool["name"] == choice.only]
    fields = {
        "tools": [_function(tool, capabilities, names, losses) for tool in tools],
        **_beside(request, choice, capabilities, losses),
    }
    return ToolPart(fields, choice.sentence, choice.thinking_off, {tool["name"]: _input_schema(tool) for tool in tools})


def _without_tools(
    request: Mapping[str, Any],
    capabilities: Capabilities,
    names: ToolNames,
    history_names: Sequence[str],
    losses: Losses,
) -> ToolPart:
    """Nothing at all (R-TOOL-4, R-CHO-5), or stubs for upstreams that want to know the tools of the history."""
    if request.get("tool_choice"):
        losses.add("tool_choice", "dropped: no tools")
    called = list(dict.fromkeys(name for name in history_names if name))
    if not called or not capabilities.tools_required_with_history:
        return ToolPart()
    fields: dict[str, Any] = {"tools": [_stub(names.upstream(name)) for name in called]}
    if "none" in capabilities.tool_choice_values:
        fields["tool_choice"] = "none"
    return ToolPart(fields)


def _stub(upstream_name: str) -> dict[str, Any]:
    return {"type": "function", "function": {"name": upstream_name, "parameters": {"type": "object", "properties": {}}}}


# ---- which tools ----


def _usable(tools: Iterable[Tool], forced: str, losses: Losses) -> list[Tool]:
    """The tools that can be functions, each name once (R-TOOL-3); `forced` is the name the client forces."""
    usable: dict[str, Tool] = {}
    for tool in tools:
        name = tool.get("name")
        problem = _problem(tool, usable, forced)
        if problem:
            losses.add(f"tools.{name or type_of(tool)}", problem)
        else:
            usable[str(name)] = tool
    return list(usable.values())


def _problem(tool: Tool, taken: Mapping[str, Tool], forced: str) -> str:
    name = tool.get("name")
    kind = type_of(tool)
    if kind != "custom" and is_server_tool(tool) and not (forced and name == forced and definition_of(tool)):
        return "a server tool, not available at this upstream"
    if not isinstance(name, str) or not name:
        return "no name"
    if kind != "custom" and definition_of(tool) is None and "input_schema" not in tool:
        return f"unknown type {kind}"
    return "a second tool of this name" if name in taken else ""


def _is_searching(tools: Iterable[Tool], referenced: Collection[str]) -> bool:
    """Whether the model finds deferred tools by a search, so that those not found yet stay out (R-DEF-1, R-DEF-3)."""
    return bool(referenced) or any(
        is_server_search(tool) or str(tool.get("name")).lower().replace("_", "") == _CLIENT_SEARCH for tool in tools
    )


def _within_limit(tools: list[Tool], needed: set[str], capabilities: Capabilities, losses: Losses) -> list[Tool]:
    """At most `max_tools` (R-CNT-1): unused deferred tools go first, then the user decides between an error and a cut."""
    limit = capabilities.max_tools
    kept = [tool for tool in tools if not tool.get("defer_loading") or tool["name"] in needed]
    if len(kept) > limit and not capabilities.truncate_tools:
        raise ApiError("invalid_request_error", f"tools: {len(kept)} tools exceed the {limit} this upstream accepts")
    free = limit - sum(tool["name"] in needed for tool in kept)
    fill = [tool["name"] for tool in kept if tool["name"] not in needed][: max(free, 0)]
    kept = [tool for tool in kept if tool["name"] in needed or tool["name"] in fill]
    losses.add("tools", f"{len(tools)} cut to {len(kept)}")
    return kept


# ---- how each is told ----


def _function(tool: Tool, capabilities: Capabilities, names: ToolNames, losses: Losses) -> dict[str, Any]:
    definition = definition_of(tool)
    function: dict[str, Any] = {"name": names.upstream(tool["name"])}
    description = _description(tool, definition, capabilities, losses)
    if description:
        function["description"] = description
    function["parameters"] = parameters_schema(_input_schema(tool), capabilities.schema_dialect)
    if _sends_strict(tool, function["parameters"], capabilities, losses):
        function["strict"] = True
    _note_dropped(tool, definition, losses)
    return {"type": "function", "function": function}


def _input_schema(tool: Tool) -> Any:
    definition = definition_of(tool)
    return tool.get("input_schema") if definition is None else definition.schema


def _description(tool: Tool, definition: TypedTool | None, capabilities: Capabilities, losses: Losses) -> str:
    described = tool.get("description")
    text = describe(definition, tool) if definition else described if isinstance(described, str) else ""
    examples = tool.get("input_examples")
    if isinstance(examples, list) and examples:
        text = "\n\n".join(part for part in (text, _examples(examples, tool, losses)) if part)
    limit = capabilities.tool_description_max
    if limit and len(text) > limit:
        losses.add(f"tools.{tool['name']}.description", f"cut to {limit} characters")
        return text[:limit]
    return text


def _examples(examples: list[Any], tool: Tool, losses: Losses) -> str:
    """A few short examples fit into the description; parameters are no place for them (R-TOOL-2, P-18)."""
    text = codec.dumps_text(examples)
    if len(examples) <= EXAMPLES_MAX and len(text) < EXAMPLES_BYTES_MAX:
        return f"Examples: {text}"
    losses.add(f"tools.{tool['name']}.input_examples", "too many for the description")
    return ""


def _sends_strict(tool: Tool, parameters: Mapping[str, Any], capabilities: Capabilities, losses: Losses) -> bool:
    """Strict only where asked for and where the schema already is: making it so would change its meaning (P-21)."""
    if capabilities.force_strict:
        return True
    if tool.get("strict") is not True:
        return False
    if capabilities.strict_tools and is_strict(parameters):
        return True
    losses.add("tools.strict", "not taken by this upstream for this schema")
    return False


def _note_dropped(tool: Tool, definition: TypedTool | None, losses: Losses) -> None:
    carried = _CARRIED.union(definition.options) if definition else _CARRIED
    if carried.issuperset(tool):
        return
    for key in tool:
        if key not in carried:
            losses.add(f"tools.{key[:40]}", "not carried")


# ---- what goes with them ----


def _beside(request: Mapping[str, Any], choice: Choice, capabilities: Capabilities, losses: Losses) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if choice.value is not None:
        fields["tool_choice"] = choice.value
    if (request.get("tool_choice") or {}).get("disable_parallel_tool_use") is True:
        if capabilities.parallel_field == "none":
            losses.add("tool_choice.disable_parallel_tool_use", "not known to this upstream")
        else:
            fields[capabilities.parallel_field] = False
    if capabilities.tool_stream and not capabilities.nonstream_only:
        fields["tool_stream"] = True
    return fields
