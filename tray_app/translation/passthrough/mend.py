"""Mends single events of endpoints that are Anthropic's only by name (R-PAS-5); used where the capability record says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tray_app.translation import codec
from tray_app.translation.answer.sse import DONE, SSEEvent, event
from tray_app.translation.context import AnswerContext


def mended(raw: bytes, events: Sequence[SSEEvent], context: AnswerContext) -> bytes:
    """`raw` itself, or what an SDK can read instead: no `[DONE]`, and the fields without which SDKs crash (P-82, P-85)."""
    if any(each.data in DONE for each in events):
        return b""
    pieces = [_mended(each, context) for each in events]
    return b"".join(filter(None, pieces)) if any(pieces) else raw


def _mended(each: SSEEvent, context: AnswerContext) -> bytes | None:
    """The event with its missing fields, or None if it lacks none."""
    if b'"message_start"' not in each.data and b'"message_delta"' not in each.data:
        return None
    try:
        value = codec.loads(each.data)
    except codec.JSONError:
        return None
    fields = _missing(value, context) if isinstance(value, dict) else {}
    return event(str(value["type"]), codec.dumps_line({**value, **fields})) if fields else None


def _missing(value: Mapping[str, Any], context: AnswerContext) -> dict[str, Any]:
    if value.get("type") == "message_delta":
        return {} if isinstance(value.get("usage"), dict) else {"usage": {"output_tokens": 0}}
    message = value.get("message")
    if not isinstance(message, dict):
        return {}
    defaults = {"content": [], "usage": {"input_tokens": context.input_estimate(), "output_tokens": 0}}
    missing = {key: default for key, default in defaults.items() if not isinstance(message.get(key), type(default))}
    return {"message": {**message, **missing}} if missing else {}
