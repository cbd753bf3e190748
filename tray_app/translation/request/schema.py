"""JSON schemas made fit for an upstream (spec 12.2): the entry points, the walk, and what every dialect has in common.

Results are cached by content and shared: nobody may change them, and the client's own schema is never touched (R-SCH-4).
What single upstreams want on top is in `schema_dialects.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final

from tray_app.translation import codec
from tray_app.translation.request.schema_dialects import (
    DIALECTS,
    inline_references,
    merge_root_branches,
    required_names,
)

Schema = dict[str, Any]

DEPTH_MAX: Final = 64  # schemas inside schemas; deeper ones are cut to "anything"
CACHE_ENTRIES: Final = 512  # a session has some dozen tools; each entry is a few kB
_INLINING: Final = frozenset({"gemini", "moonshot"})  # dialects whose upstreams do not follow $ref (R-SCH-6)

# Where a schema holds schemas. Everything else (enum, const, default, examples …) is a value and is not looked into.
_MAPS: Final = ("properties", "patternProperties", "$defs", "definitions", "dependentSchemas")
_LISTS: Final = ("anyOf", "oneOf", "allOf", "prefixItems", "items")
_SINGLES: Final = (
    "items", "not", "if", "then", "else", "contains", "propertyNames", "additionalProperties", "unevaluatedProperties",
    "unevaluatedItems", "contentSchema",
)  # fmt: skip
_MAY_BE_BOOLEAN: Final = frozenset({"additionalProperties", "unevaluatedProperties", "unevaluatedItems"})


def parameters_schema(schema: object, dialect: str) -> Schema:
    """A tool's `input_schema` as an upstream's `parameters`: always an object with properties (R-SCH-1, R-SCH-3)."""
    return _cached(codec.dumps(schema), dialect, True)


def clean_schema(schema: Mapping[str, Any], dialect: str) -> Schema:
    """Any schema in the upstream's dialect, for structured output: the root may be of any type (R-STR-5)."""
    return _cached(codec.dumps(schema), dialect, False)


def is_strict(schema: Mapping[str, Any]) -> bool:
    """Whether every object in `schema` closes its properties and requires them all, as strict mode demands (P-21)."""
    properties = schema.get("properties")
    if isinstance(properties, dict):
        closed = schema.get("additionalProperties") is False
        if not closed or set(required_names(schema)) != set(properties):
            return False
    return all(is_strict(child) for child in _children(schema))


@lru_cache(maxsize=CACHE_ENTRIES)
def _cached(data: bytes, dialect: str, as_parameters: bool) -> Schema:
    schema = codec.loads(data)
    if not isinstance(schema, dict):
        schema = {}
    schema = {key: value for key, value in schema.items() if key not in ("$schema", "$id")}
    if dialect in _INLINING:
        schema = inline_references(schema)
    if as_parameters:
        schema = _as_object(merge_root_branches(schema))
    step = DIALECTS.get(dialect, _unchanged)
    return step(_walk(schema, step, 0), True) if isinstance(schema, dict) else {}


def _as_object(schema: Schema) -> Schema:
    """Root type object with properties; a schema of another type describes no arguments and becomes an empty object."""
    kind = schema.get("type", "object")
    if kind != "object" and not (isinstance(kind, list) and "object" in kind):
        return {"type": "object", "properties": {}}
    properties = schema.get("properties")
    return {**schema, "type": "object", "properties": properties if isinstance(properties, dict) else {}}


def _walk(schema: Schema, step: Callable[[Schema, bool], Schema], depth: int) -> Schema:
    """A copy with every schema inside converted, innermost first; `step` is applied to all but the root."""
    if depth > DEPTH_MAX:
        return {}

    def convert(child: object) -> object:
        return step(_walk(child, step, depth + 1), False) if isinstance(child, dict) else {}

    converted = {key: _convert_value(key, value, convert) for key, value in schema.items()}
    return _without_impossible(schema, converted)


def _convert_value(key: str, value: object, convert: Callable[[object], object]) -> object:
    """A boolean in the place of a schema: true is ``{}``, false allows nothing and goes (R-SCH-5)."""
    if key in _MAPS and isinstance(value, dict):
        return {name: convert(child) for name, child in value.items() if child is not False}
    if key in _LISTS and isinstance(value, list):
        return [convert(child) for child in value if child is not False]
    if key in _SINGLES and (isinstance(value, dict) or (value is True and key not in _MAY_BE_BOOLEAN)):
        return convert(value)
    return value


def _without_impossible(schema: Schema, converted: Schema) -> Schema:
    """A property that allowed nothing is gone; then it cannot be required either."""
    properties, required = schema.get("properties"), schema.get("required")
    if not isinstance(properties, dict) or not isinstance(required, list):
        return converted
    return {
        **converted,
        "required": [name for name in required if not (isinstance(name, str) and properties.get(name) is False)],
    }


def _unchanged(schema: Schema, _: bool) -> Schema:
    return schema


def _children(schema: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    values: list[object] = []
    for key, value in schema.items():
        if key in _MAPS and isinstance(value, dict):
            values.extend(value.values())
        elif key in _LISTS and isinstance(value, list):
            values.extend(value)
        elif key in _SINGLES:
            values.append(value)
    return [value for value in values if isinstance(value, dict)]
