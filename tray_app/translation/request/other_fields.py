"""The remaining top-level fields (spec sections 17 and 18): stream, caller identity, session, tiers; the rest is noted as lost.

Personal values never leave: the caller's id and the session id are hashed, unknown fields are named in the ledger without
their content.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any, Final

from tray_app.translation import codec
from tray_app.translation.capabilities import Capabilities
from tray_app.translation.losses import Losses

USER_HASH_CHARACTERS: Final = 32
SESSION_HASH_CHARACTERS: Final = 64  # the longest prompt_cache_key OpenAI takes
_FIELD_NAME_CHARACTERS: Final = 40  # of an unknown field's name in the ledger
_SESSION_IN_USER_ID: Final = re.compile(r"_session_([0-9A-Za-z-]{8,64})\Z")

# Fields that other modules translate; what is not listed here is dropped and noted (R-ADM-3).
_TRANSLATED: Final = frozenset(
    [
        "model",
        "messages",
        "max_tokens",
        "system",
        "tools",
        "tool_choice",
        "temperature",
        "top_p",
        "top_k",
        "stop_sequences",
        "stream",
        "thinking",
        "output_config",
        "output_format",
        "metadata",
        "service_tier",
        "speed",
        "cache_control",
        "context_management",
    ]
)
_OUTPUT_CONFIG: Final = frozenset({"effort", "format"})
_METADATA: Final = frozenset({"user_id"})


def session_id(request: Mapping[str, Any], header: str) -> str:
    """The client's session: the header's value, else what Claude Code puts into `metadata.user_id`, else ``""``."""
    return header or _session_of_user_id((request.get("metadata") or {}).get("user_id"))


def _session_of_user_id(user_id: object) -> str:
    """Newer clients send a JSON object as text, older ones ``user_…_account_…_session_…``."""
    if not isinstance(user_id, str):
        return ""
    if not user_id.startswith("{"):
        found = _SESSION_IN_USER_ID.search(user_id)
        return found[1] if found else ""
    try:
        session = codec.loads(user_id).get("session_id")
    except codec.JSONError:
        return ""
    return session if isinstance(session, str) else ""


def hashed(value: str, characters: int) -> str:
    """The first hex digits of a value's SHA-256: stable, and tells nothing about the value."""
    return hashlib.sha256(value.encode()).hexdigest()[:characters]


def misc_fields(request: Mapping[str, Any], capabilities: Capabilities, session: str, losses: Losses) -> dict[str, Any]:
    """Stream switches, caller and session fields, service tier; notes every field that is not carried.

    `session` is the value of the client's session header, ``""`` if it sent none. `n` and `logprobs` are never sent (R-UP-4).
    """
    fields = _stream_fields(capabilities)
    fields.update(_identity_fields(request, capabilities, session, losses))
    fields.update(_tier_fields(request, capabilities, losses))
    _note_unknown("", request, _TRANSLATED, losses)
    _note_unknown("output_config.", request.get("output_config") or {}, _OUTPUT_CONFIG, losses)
    return fields


def _stream_fields(capabilities: Capabilities) -> dict[str, Any]:
    """Streaming whatever the client wants, because long plain calls are often cut (R-UP-2, R-UP-3)."""
    fields: dict[str, Any] = {"stream": capabilities.stream_only or not capabilities.nonstream_only}
    if fields["stream"] and capabilities.stream_usage:
        fields["stream_options"] = {"include_usage": True}
    if capabilities.store_false:
        fields["store"] = False
    return fields


def _identity_fields(
    request: Mapping[str, Any], capabilities: Capabilities, session: str, losses: Losses
) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    metadata = request.get("metadata") or {}
    user_id = metadata.get("user_id")
    if isinstance(user_id, str) and user_id and capabilities.user_field != "none":
        fields[capabilities.user_field] = hashed(user_id, USER_HASH_CHARACTERS)
    elif user_id is not None:
        losses.add("metadata.user_id", "not sent to this upstream")
    _note_unknown("metadata.", metadata, _METADATA, losses)
    known_session = session_id(request, session)
    if known_session and capabilities.prompt_cache_key:
        fields["prompt_cache_key"] = hashed(known_session, SESSION_HASH_CHARACTERS)
    return fields


def _tier_fields(request: Mapping[str, Any], capabilities: Capabilities, losses: Losses) -> dict[str, Any]:
    tier = {"auto": "auto", "standard_only": capabilities.standard_tier}.get(str(request.get("service_tier")))
    fields = {"service_tier": tier} if tier and capabilities.service_tier else {}
    if request.get("service_tier") is not None and not fields:
        losses.add("service_tier", "not known to this upstream")
    if request.get("speed") == "fast" and capabilities.priority_for_fast:
        return {"service_tier": "priority"}
    if request.get("speed") is not None:
        losses.add("speed", "not carried")
    return fields


def _note_unknown(path: str, fields: Mapping[str, Any], known: frozenset[str], losses: Losses) -> None:
    if known.issuperset(fields):
        return
    for name in fields:
        if name not in known:
            losses.add(path + name[:_FIELD_NAME_CHARACTERS], "not carried")


def session_headers(
    capabilities: Capabilities, session: str, last_role: str = "user", has_images: bool = False
) -> dict[str, str]:
    """Computed request headers: the hashed session where it keeps a conversation on one machine, Copilot's billing pair.

    `last_role` is ``tool`` or ``assistant`` when the model goes on with its own work (also if reminders follow the tool
    results), else ``user``: that is what Copilot bills by.
    """
    headers = {name: hashed(session, USER_HASH_CHARACTERS) for name in capabilities.session_headers} if session else {}
    if capabilities.copilot_headers:
        headers["x-initiator"] = "agent" if last_role in ("tool", "assistant") else "user"
        if has_images:
            headers["copilot-vision-request"] = "true"
    return headers
