"""The client's tool_choice in the words this upstream knows (spec section 13, P-100): one decision, made before tools are built.

Where an upstream lacks a value, the nearest it has is taken and the rest is said in words; forcing a tool while thinking is
on is settled here too (R-CHO-3).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

import msgspec

from tray_app.translation.capabilities import Capabilities
from tray_app.translation.errors import ApiError, invalid
from tray_app.translation.losses import Losses
from tray_app.translation.names import ToolNames

MUST_CALL: Final = "You must call one of the tools."
MUST_NOT_CALL: Final = "You must not call any tool."


class Choice(msgspec.Struct, frozen=True):
    """`value` for the upstream (None: left out); the single tool to offer, if one; none of them; words; thinking gives way."""

    value: str | dict[str, Any] | None = None
    only: str = ""
    no_tools: bool = False
    sentence: str = ""
    thinking_off: bool = False


def chosen_name(request: Mapping[str, Any]) -> str:
    """The tool that the client forces by name, ``""`` if none."""
    choice = request.get("tool_choice") or {}
    name = choice.get("name") if choice.get("type") == "tool" else None
    return name if isinstance(name, str) else ""


def choose(
    request: Mapping[str, Any], offered: Collection[str], capabilities: Capabilities, names: ToolNames, losses: Losses
) -> Choice:
    """Decide for a request whose usable tools are `offered` (client names, at least one).

    Raises:
        ApiError: 400 when the choice names a tool that the request does not have (R-CHO-4) or is of no known type.
    """
    wanted = request.get("tool_choice") or {}
    kind = wanted.get("type")
    if not wanted:
        return Choice()
    if kind == "auto":
        return Choice(value=_auto(capabilities))
    if kind == "none":
        return _none(capabilities, losses)
    if kind == "any":
        return _with_thinking(request, _any(capabilities, losses), capabilities, losses)
    if kind == "tool":
        return _tool(request, offered, capabilities, names, losses)
    raise invalid("tool_choice.type", "Input should be 'auto', 'any', 'tool' or 'none'")


def _none(capabilities: Capabilities, losses: Losses) -> Choice:
    if "none" in capabilities.tool_choice_values:
        return Choice(value="none")
    if capabilities.tools_required_with_history:
        losses.add("tool_choice", "none asked for in words")
        return Choice(value=_auto(capabilities), sentence=MUST_NOT_CALL)
    losses.add("tool_choice", "none sent as no tools")
    return Choice(no_tools=True)


def _any(capabilities: Capabilities, losses: Losses) -> Choice:
    for value in ("required", "any"):
        if value in capabilities.tool_choice_values:
            return Choice(value=value)
    losses.add("tool_choice", "forced choice sent as auto")
    return Choice(value=_auto(capabilities), sentence=MUST_CALL)


def _auto(capabilities: Capabilities) -> str | None:
    return "auto" if "auto" in capabilities.tool_choice_values else None


def _tool(
    request: Mapping[str, Any], offered: Collection[str], capabilities: Capabilities, names: ToolNames, losses: Losses
) -> Choice:
    name = chosen_name(request)
    if name not in offered:
        if any(tool.get("name") == name for tool in request.get("tools") or ()):
            losses.add("tool_choice", "names a tool that this upstream cannot have")
            return Choice()
        raise ApiError("invalid_request_error", f"Tool '{name}' not found in provided tools")
    if "named" in capabilities.tool_choice_values:
        choice = Choice(value={"type": "function", "function": {"name": names.upstream(name)}})
    else:
        losses.add("tool_choice", "named tool offered alone")
        choice = msgspec.structs.replace(_any(capabilities, losses), only=name)
    return _with_thinking(request, choice, capabilities, losses)


def _with_thinking(request: Mapping[str, Any], choice: Choice, capabilities: Capabilities, losses: Losses) -> Choice:
    """Some upstreams refuse a forced choice while the model thinks, and may think unasked: thinking gives way, else the force."""
    policy = capabilities.forced_choice_with_thinking
    asked = (request.get("thinking") or {}).get("type")
    if policy == "ok" or asked == "disabled" or choice.value in ("auto", None):
        return choice
    if policy == "thinking_off":
        if asked:
            losses.add("thinking", "switched off: a tool call is forced")
        return msgspec.structs.replace(choice, thinking_off=True)
    losses.add("tool_choice", "forced choice sent as auto: the model thinks")
    only = choice.only or chosen_name(request)
    return Choice(value=_auto(capabilities), only=only, sentence=MUST_CALL)
