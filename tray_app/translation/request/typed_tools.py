"""Anthropic's built-in tools (spec 12.5): which run at the client and become functions, which run at Anthropic and cannot.

Only the `type` decides: a custom tool that is merely called web_search is an ordinary function (R-BIN-1, P-19). The
definitions are data, in `data/typed_tools.json`.
"""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

import msgspec

# Run by Anthropic's own servers; no chat upstream has them (section 33).
_SERVER_TYPES: Final = ("web_search_", "web_fetch_", "code_execution_", "tool_search_", "advisor_", "mcp_toolset")
_SEARCH_TYPES: Final = "tool_search_"


class TypedTool(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A tool as a function: globs on its `type`, description, sentences for its options, and the schema of its input."""

    types: tuple[str, ...]
    description: str
    options: dict[str, str]
    schema: dict[str, Any]


def type_of(tool: Mapping[str, Any]) -> str:
    """The tool's type; ``custom`` when it has none."""
    kind = tool.get("type")
    return kind if isinstance(kind, str) and kind else "custom"


def is_server_tool(tool: Mapping[str, Any]) -> bool:
    """Whether only Anthropic's servers could run it."""
    return type_of(tool).startswith(_SERVER_TYPES)


def is_server_search(tool: Mapping[str, Any]) -> bool:
    """Whether it is Anthropic's own search among deferred tools."""
    return type_of(tool).startswith(_SEARCH_TYPES)


def definition_of(tool: Mapping[str, Any]) -> TypedTool | None:
    """The definition of a built-in tool that can be a function; None for custom and unknown ones."""
    kind = type_of(tool)
    return None if kind == "custom" else _of_type(kind)


@lru_cache(maxsize=256)  # types come from clients; asked several times for every tool of every request
def _of_type(kind: str) -> TypedTool | None:
    return next((entry for entry in _definitions() if any(fnmatchcase(kind, glob) for glob in entry.types)), None)


def describe(definition: TypedTool, tool: Mapping[str, Any]) -> str:
    """The definition's description with what this tool's options add to it."""
    added = (text.format(tool[option]) for option, text in definition.options.items() if tool.get(option) is not None)
    return " ".join((definition.description, *added))


@lru_cache(maxsize=1)
def _definitions() -> tuple[TypedTool, ...]:
    data = files("tray_app.translation").joinpath("data", "typed_tools.json").read_bytes()
    return msgspec.json.decode(data, type=tuple[TypedTool, ...])
