"""Requests that ask for nothing: Claude Code's quota probe and the cache pre-warm (R-LIM-3), recognised and answered.

The probe is answered without the upstream, so it is matched narrowly: a real request with `max_tokens: 1` must reach the
provider, or a bad key would look like a good one (D21).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from tray_app.translation.local.messages import local_message, message_events

__all__ = ["is_prewarm", "is_probe", "message_events", "prewarm_message", "probe_message"]

PROBE_TEXT_CHARS: Final = 32  # the known probe says "quota"
_NOT_IN_A_PROBE: Final = (
    "system",
    "tools",
    "tool_choice",
    "thinking",
    "stop_sequences",
    "output_config",
    "mcp_servers",
    "thread",
)


def is_probe(request: Mapping[str, Any]) -> bool:
    """One short user message, `max_tokens: 1`, and nothing that shapes an answer."""
    messages = request.get("messages")
    if request.get("max_tokens") is True or request.get("max_tokens") != 1 or not isinstance(messages, list):
        return False
    if len(messages) != 1 or any(request.get(field) for field in _NOT_IN_A_PROBE):
        return False
    text = _only_text(messages[0])
    return text is not None and 0 < len(text) <= PROBE_TEXT_CHARS


def _only_text(message: Mapping[str, Any]) -> str | None:
    """The text of a user message that holds nothing else."""
    content = message.get("content")
    if isinstance(content, list) and len(content) == 1 and content[0].get("type") == "text":
        content = content[0].get("text")
    return content if message.get("role") == "user" and isinstance(content, str) else None


def probe_message(request: Mapping[str, Any], new_id: Callable[[], str]) -> dict[str, Any]:
    """The one token the probe asked for."""
    text = {"type": "text", "text": "ok"}
    return local_message(request, new_id, [text], stop_reason="max_tokens", output_tokens=1)


def is_prewarm(request: Mapping[str, Any]) -> bool:
    """`max_tokens: 0`: the client wants its prompt cached and no answer (R-LIM-3)."""
    return request.get("max_tokens") == 0 and request.get("max_tokens") is not False


def prewarm_message(request: Mapping[str, Any], new_id: Callable[[], str]) -> dict[str, Any]:
    """The empty answer to a pre-warm, to be sent once the upstream has read the prompt."""
    return local_message(request, new_id, [], stop_reason="max_tokens")
