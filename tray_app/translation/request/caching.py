"""Prompt-cache markers: which of the client's survive, where, and in the upstream's words (spec 17.2).

Markers travel as `cache_control` on parts and messages until here; afterwards none is left that the upstream does not
know. They never change a text's bytes (R-CAC-4).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from tray_app.translation.capabilities import Capabilities
from tray_app.translation.request.conversion import Message, Part
from tray_app.translation.request.media import message_parts

MESSAGE_MARKERS_MAX: Final = 2
_KEY: Final = "cache_control"
_CARRIED: Final = ("type", "ttl")  # `scope` and whatever comes next are unknown elsewhere


def place_markers(messages: list[Message], capabilities: Capabilities, *, automatic: object = None) -> dict[str, Any]:
    """Keep the last marker of the system message and the last two of the conversation, in place (R-CAC-2, R-CAC-3).

    `automatic` is the request's top-level `cache_control`: it marks the end of the conversation. Returns request fields
    that go with the markers.
    """
    if capabilities.cache_control == "none":  # R-CAC-1: nothing was marked
        return {}
    system = [message for message in messages if message["role"] in {"system", "developer"}]
    others = [message for message in messages if message["role"] not in {"system", "developer"}]
    last = automatic if isinstance(automatic, dict) else None
    kept = _settled(system, None)[-1:] + _settled(others, last)[-MESSAGE_MARKERS_MAX:]
    markers = [(part, part.pop(_KEY)) for part in _marked(messages)]
    chosen = [(part, marker) for part, marker in markers if any(part is keeper for keeper in kept)]
    if capabilities.cache_control == "openai_breakpoint":
        return _as_breakpoints(chosen)
    for part, marker in chosen:
        part[_KEY] = _carried(marker)
    return {}


def mark_tools(tools: Sequence[dict[str, Any]], marked: Mapping[str, Any]) -> None:
    """Mark the last sent tool whose client definition was marked; `marked` maps upstream names to markers."""
    for tool in reversed(tools):
        marker = marked.get(tool["function"]["name"])
        if isinstance(marker, dict):
            tool[_KEY] = _carried(marker)
            return


def _settled(messages: Sequence[Message], pending: Mapping[str, Any] | None) -> list[Part]:
    """Move every marker to a text part and return the marked parts in order.

    A marker that stands elsewhere goes to the next text part after it, or to the last one before (R-CAC-2).
    """
    marked: list[Part] = []
    last: Part | None = None
    waiting: Any = None
    for message in messages:
        for part in message_parts(message):
            if part["type"] != "text":
                waiting = part.pop(_KEY, waiting)
                continue
            last = part if message["role"] != "tool" or _KEY in part else last
            if waiting is not None and last is part:
                part.setdefault(_KEY, waiting)
                waiting = None
            if _KEY in part:
                marked.append(part)
        waiting = message.pop(_KEY, waiting)
    waiting = pending if pending is not None else waiting
    if waiting is not None and last is not None and _KEY not in last:
        last[_KEY] = waiting
        marked.append(last)
    return marked


def _marked(messages: Sequence[Message]) -> list[Part]:
    return [part for message in messages for part in message_parts(message) if _KEY in part]


def _carried(marker: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "ephemeral", **{key: marker[key] for key in _CARRIED if key in marker}}


def _as_breakpoints(chosen: Sequence[tuple[Part, Mapping[str, Any]]]) -> dict[str, Any]:
    for part, _ in chosen:
        part["prompt_cache_breakpoint"] = {"mode": "explicit"}
    ttl = next((marker["ttl"] for _, marker in reversed(chosen) if marker.get("ttl")), None)
    return {"prompt_cache_options": {"ttl": ttl}} if ttl else {}
