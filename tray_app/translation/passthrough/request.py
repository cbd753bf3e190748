"""Requests and headers for upstreams that speak Anthropic Messages themselves (section 34).

The body's bytes go out untouched unless something must change; then the parsed value is edited with its key order and
unknown fields kept. What comes back is `pass_answer.py`, the second try after a refusal `rectifier.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from tray_app.translation import codec
from tray_app.translation.capabilities import Capabilities
from tray_app.translation.errors import ERROR_TYPES
from tray_app.translation.losses import Losses
from tray_app.translation.passthrough.answer import PassthroughAnswer, PassthroughBody
from tray_app.translation.passthrough.rectifier import rectify
from tray_app.translation.passthrough.system import lift_leading_system, system_to_reminders
from tray_app.translation.passthrough.thinking import clean_thinking
from tray_app.translation.upstream_errors import overflow
from tray_app.translation.upstream_errors.payloads import read_body

__all__ = [
    "PassthroughAnswer", "PassthroughBody", "auth_kind", "edit_request", "forward_headers", "is_verbatim_error", "rectify",
    "relay_headers",
]  # fmt: skip

Request = Mapping[str, Any]

_TOOL_FIELDS: Final = ("strict", "defer_loading", "eager_input_streaming")
_FORWARDED: Final = frozenset({"accept", "anthropic-version", "anthropic-beta", "user-agent", "x-app"})
_FORWARDED_PREFIX: Final = "x-claude-code-"
_RELAYED: Final = frozenset({"content-type", "request-id", "retry-after", "retry-after-ms", "x-should-retry"})
_RELAYED_PREFIX: Final = "anthropic-"
_NOT_RETRIED: Final = frozenset({401, 402, 403})  # R-ERR-10: Claude Code repeats a 401 for minutes
_OAUTH_PREFIX: Final = "sk-ant-oat"
_OAUTH_BETA: Final = "oauth-2025-04-20"
_OUR_WORDINGS: Final = ("prompt is too long:", "exceed context limit:")


def edit_request(
    raw: bytes, request: Request, *, upstream_model: str, capabilities: Capabilities, losses: Losses
) -> bytes:
    """The body to send: `raw` itself if nothing must change, else the edited `request` (R-PAS-1, R-PAS-5).

    `request` is the parsed `raw`; what is taken out is noted in `losses`.
    """
    edited = request if request["model"] == upstream_model else {**request, "model": upstream_model}
    edited = lift_leading_system(edited)
    edited = clean_thinking(edited, unsigned=capabilities.unsigned_thinking, losses=losses)
    for wanted, edit in _FIXERS:
        if wanted(capabilities):
            edited = edit(edited, capabilities, losses)
    return raw if edited is request else codec.dumps(edited)


def _drop_fields(request: Request, capabilities: Capabilities, losses: Losses) -> Request:
    dropped = [field for field in capabilities.pass_drop if field in request]
    for field in dropped:
        losses.add(field, "this upstream rejects it")
    return {key: value for key, value in request.items() if key not in dropped} if dropped else request


def _plain_system(request: Request, capabilities: Capabilities, losses: Losses) -> Request:
    return system_to_reminders(request, losses)


def _plain_tools(request: Request, capabilities: Capabilities, losses: Losses) -> Request:
    """Tools without the newer fields; deferred ones that no search has found are left out (R-DEF-3)."""
    tools = request.get("tools")
    if not isinstance(tools, list) or not any(field in tool for tool in tools for field in _TOOL_FIELDS):
        return request
    losses.add("tools", f"{', '.join(_TOOL_FIELDS)} removed")
    found = _referenced(request["messages"])
    plain = [
        {key: value for key, value in tool.items() if key not in _TOOL_FIELDS}
        for tool in tools
        if not tool.get("defer_loading") or str(tool.get("name")) in found
    ]
    return {**request, "tools": plain, "messages": _map(request["messages"], _reference_as_text)}


def _referenced(value: Any) -> set[str]:
    """The names in every `tool_reference` block inside `value`."""
    if isinstance(value, list):
        return {name for item in value for name in _referenced(item)}
    if not isinstance(value, dict):
        return set()
    if value.get("type") == "tool_reference":
        return {str(value.get("tool_name"))}
    return _referenced(value.get("content"))


def _reference_as_text(block: dict[str, Any]) -> dict[str, Any]:
    if block.get("type") != "tool_reference":
        return block
    return {"type": "text", "text": f"Tool available: {block.get('tool_name')}"}


def _plain_cache(request: Request, capabilities: Capabilities, losses: Losses) -> Request:
    edited = _map(request, _without_scope)
    if edited != request:
        losses.add("cache_control.scope", "this upstream rejects it")
        return dict(edited)
    return request


def _without_scope(value: dict[str, Any]) -> dict[str, Any]:
    marker = value.get("cache_control")
    if not isinstance(marker, dict) or "scope" not in marker:
        return value
    return {**value, "cache_control": {key: item for key, item in marker.items() if key != "scope"}}


_CONTAINERS: Final = ("system", "messages", "content", "tools")


def _map(value: Any, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Any:
    """`change` applied to the request, its messages, blocks and tools; never inside a tool's input or schema."""
    if isinstance(value, list):
        return [_map(item, change) for item in value]
    if not isinstance(value, dict):
        return value
    changed = change(value)
    return {key: _map(item, change) if key in _CONTAINERS else item for key, item in changed.items()}


def _no_effort_when_off(request: Request, capabilities: Capabilities, losses: Losses) -> Request:
    """DeepSeek: thinking disabled together with an effort is a 400 (P-31)."""
    thinking, output = request.get("thinking"), request.get("output_config")
    if not isinstance(thinking, dict) or not isinstance(output, dict):
        return request
    if thinking.get("type") != "disabled" or "effort" not in output:
        return request
    losses.add("output_config.effort", "refused while thinking is off")
    rest = {key: value for key, value in output.items() if key != "effort"}
    without = {key: value for key, value in request.items() if key != "output_config"}
    return {**without, "output_config": rest} if rest else without


# The order counts: what system messages say about effort is known before effort is judged.
_FIXERS: Final[
    tuple[tuple[Callable[[Capabilities], bool], Callable[[Request, Capabilities, Losses], Request]], ...]
] = (
    (lambda can: can.pass_plain_system, _plain_system),
    (lambda can: can.pass_plain_tools, _plain_tools),
    (lambda can: can.pass_plain_cache, _plain_cache),
    (lambda can: can.pass_no_effort_when_off, _no_effort_when_off),
    (lambda can: bool(can.pass_drop), _drop_fields),
)


def auth_kind(configured: str, token: str | None) -> str:
    """How the upstream wants its key: as configured, except that an OAuth token always travels as a bearer (R-PAS-2)."""
    return "bearer" if _is_oauth(token) and configured != "none" else configured


def _is_oauth(token: str | None) -> bool:
    return bool(token) and str(token).startswith(_OAUTH_PREFIX)


def forward_headers(client_headers: Mapping[str, str], token: str | None = None) -> dict[str, str]:
    """The client's headers that go upstream, names in lower case (R-PAS-2, P-96); never a credential.

    `anthropic-beta` goes verbatim, several lines joined by a comma; an OAuth `token` needs one value more.
    """
    found: dict[str, str] = {}
    for name, value in client_headers.items():
        key = name.lower()
        if key in _FORWARDED or key.startswith(_FORWARDED_PREFIX):
            found[key] = f"{found[key]},{value}" if key in found else value
    if _is_oauth(token) and _OAUTH_BETA not in found.get("anthropic-beta", ""):
        found["anthropic-beta"] = ",".join(filter(None, (found.get("anthropic-beta"), _OAUTH_BETA)))
    return found


def relay_headers(upstream_headers: Mapping[str, str], status: int = 200) -> dict[str, str]:
    """The upstream's headers that go to the client, names in lower case (R-PAS-3)."""
    names = ((name.lower(), value) for name, value in upstream_headers.items())
    relayed = {name: value for name, value in names if name in _RELAYED or name.startswith(_RELAYED_PREFIX)}
    if status in _NOT_RETRIED:
        relayed["x-should-retry"] = "false"
    return relayed


def is_verbatim_error(status: int, body: bytes, secrets: tuple[str, ...] = ()) -> bool:
    """Whether an error body may go to the client as it is, because clients match Anthropic's wording (R-PAS-3).

    Not when it has another shape, tells an overflow in words no client knows (P-87), or quotes a credential (P-125): then
    `upstream_errors.from_response` rewrites it.
    """
    report = read_body(body)
    payload = report.payload
    error = payload.get("error") if isinstance(payload, dict) else None
    if not isinstance(error, dict) or payload.get("type") != "error" or error.get("type") not in ERROR_TYPES:
        return False
    if any(secret and secret.encode() in body for secret in secrets):
        return False
    known = any(wording in report.message for wording in _OUR_WORDINGS)
    return known or overflow.detect(status, report.message, payload) is None
