"""Structured output (spec section 16): the client's JSON schema as a response_format, or as words where there is none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from tray_app.translation import codec
from tray_app.translation.capabilities import Capabilities
from tray_app.translation.errors import invalid
from tray_app.translation.losses import Losses
from tray_app.translation.names import legal_label
from tray_app.translation.request.schema import clean_schema, is_strict

_INSTRUCTION: Final = (
    "Answer with one JSON value and nothing else, without a code fence. It must match this JSON schema:\n"
)


class StructuredPart(msgspec.Struct, frozen=True):
    """`fields` for the upstream body, text for the end of the system message, and whether the answer may come fenced."""

    fields: dict[str, Any] = {}
    system_text: str = ""
    unfence: bool = False


def structured_fields(
    request: Mapping[str, Any], capabilities: Capabilities, has_tools: bool, losses: Losses
) -> StructuredPart:
    """What makes the upstream answer in the asked format (R-STR-1 … R-STR-5).

    Raises:
        ApiError: 400 when the format's schema is not an object.
    """
    wanted = _format(request)
    if wanted is None:
        return StructuredPart()
    if wanted.get("type") != "json_schema":
        losses.add("output_config.format", "unknown type")
        return StructuredPart()
    schema = wanted.get("schema")
    if not isinstance(schema, dict):
        raise invalid("output_config.format.schema", "Input should be an object")
    mode = _mode(capabilities, has_tools, losses)
    if mode == "json_schema":
        return StructuredPart(_json_schema(wanted, clean_schema(schema, capabilities.schema_dialect)))
    fields = {"response_format": {"type": "json_object"}} if mode == "json_object" else {}
    return StructuredPart(fields, _INSTRUCTION + codec.dumps_text(schema), unfence=True)


def _format(request: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The format, from its place of today or from the older top-level field."""
    for holder, key in ((request.get("output_config") or {}, "format"), (request, "output_format")):
        if isinstance(holder.get(key), dict):
            wanted: Mapping[str, Any] = holder[key]
            return wanted
    return None


def _mode(capabilities: Capabilities, has_tools: bool, losses: Losses) -> str:
    mode = capabilities.structured
    if mode != "prompt" and has_tools and not capabilities.structured_with_tools:
        losses.add("output_config.format", "asked for in words: not accepted together with tools")
        return "prompt"
    if mode != "json_schema":
        losses.add("output_config.format", "the schema is asked for in words")
    return mode


def _json_schema(wanted: Mapping[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    name = wanted.get("name")
    described: dict[str, Any] = {
        "name": legal_label(name if isinstance(name, str) else "", "response"),
        "schema": schema,
    }
    if is_strict(schema):
        described["strict"] = True
    return {"response_format": {"type": "json_schema", "json_schema": described}}
