"""What single upstreams want of a JSON schema (spec 12.2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tray_app.translation.request import schema_dialects
from tray_app.translation.request.schema import parameters_schema
from tray_app.translation.request.schema_dialects import INLINED_NODES_MAX, inline_references

TEXT = {"type": "string"}


def property_in(dialect: str, schema: object) -> Any:
    return parameters_schema({"type": "object", "properties": {"p": schema}}, dialect)["properties"]["p"]


# ---- references ----


@pytest.mark.parametrize("dialect", ["gemini", "moonshot"])
def test_r_sch_6_references_are_replaced_by_what_they_stand_for(dialect: str) -> None:
    """Words beside the reference are kept, pointers are unescaped."""
    schema = {
        "type": "object",
        "properties": {"a": {"$ref": "#/$defs/a~1b", "description": "mine"}, "b": {"$ref": "#/definitions/B"}},
        "$defs": {"a/b": {"type": "integer"}},
        "definitions": {"B": {"type": "array", "items": {"$ref": "#/$defs/a~1b"}}},
    }
    assert parameters_schema(schema, dialect) == {
        "type": "object",
        "properties": {
            "a": {"type": "integer", "description": "mine"},
            "b": {"type": "array", "items": {"type": "integer"}},
        },
    }


def test_r_sch_6_a_cycle_ends_in_anything() -> None:
    """A tree's node holds nodes; one level is told."""
    schema = {"$defs": {"N": {"type": "object", "properties": {"next": {"$ref": "#/$defs/N"}}}}, "$ref": "#/$defs/N"}
    inlined = inline_references(schema)
    assert inlined["properties"] == {"next": {}}


def test_r_sch_6_a_long_chain_ends_at_ten() -> None:
    """Eleven references in a row: the last one is not followed."""
    links = {f"L{n}": {"properties": {"x": {"$ref": f"#/$defs/L{n + 1}"}}} for n in range(20)}
    inlined: Any = inline_references({"$ref": "#/$defs/L0", "$defs": links})
    depth = 0
    while inlined.get("properties"):
        depth, inlined = depth + 1, inlined["properties"]["x"]
    assert depth == 10


def test_r_sch_6_references_that_fan_out_are_bounded() -> None:
    """Ten levels of ten references each would be ten thousand million nodes."""
    links: dict[str, Any] = {
        f"L{n}": {"properties": {str(i): {"$ref": f"#/$defs/L{n + 1}"} for i in range(10)}} for n in range(12)
    }
    inlined = inline_references({"$ref": "#/$defs/L0", "$defs": links})
    assert sum(1 for _ in dictionaries(inlined)) < 30 * INLINED_NODES_MAX


def dictionaries(value: object) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for item in value.values():
            yield from dictionaries(item)


@pytest.mark.parametrize("reference", ["other.json#/A", "#/$defs/missing", "#/type/deeper", "#/list"])
def test_r_sch_6_a_reference_to_nowhere_is_anything(reference: str) -> None:
    """Neither the network nor a guess."""
    schema = {"type": "object", "list": [1], "properties": {"a": {"$ref": reference}}}
    assert inline_references(schema)["properties"] == {"a": {}}


# ---- Gemini ----

FORBIDDEN = [
    "$schema",
    "$id",
    "$comment",
    "additionalProperties",
    "patternProperties",
    "propertyNames",
    "unevaluatedProperties",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "uniqueItems",
    "const",
    "deprecated",
    "readOnly",
    "writeOnly",
    "examples",
    "default",
    "if",
    "then",
    "else",
    "not",
    "dependentRequired",
    "dependentSchemas",
    "contentMediaType",
    "$ref",
    "$defs",
    "definitions",
    "oneOf",
    "allOf",
]


def test_p_25_no_forbidden_keyword_survives_at_any_depth() -> None:
    """Keywords shaped as Claude Code's own tools use them, each wherever a schema may stand."""
    every = {
        "type": "integer",
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "exclusiveMinimum": 0,
        "maximum": 9007199254740991,
        "default": 5,
        "examples": [1],
        "not": {"const": 3},
        "if": {"const": 1},
        "then": {},
        "else": {},
        "multipleOf": 2,
        "deprecated": True,
        "readOnly": True,
        "writeOnly": True,
        "$comment": "c",
    }
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {
            "n": every,
            "url": {"type": "string", "format": "uri", "contentMediaType": "text/html"},
            "list": {"type": "array", "items": every, "uniqueItems": True},
            "map": {"type": "object", "propertyNames": TEXT, "additionalProperties": TEXT, "patternProperties": {}},
            "alt": {"oneOf": [every, {"const": "x"}]},
            "both": {"allOf": [every, {"description": "d"}]},
            "ref": {"$ref": "#/$defs/D"},
        },
        "$defs": {"D": {"type": "object", "properties": {"d": every}, "unevaluatedProperties": False}},
        "additionalProperties": False,
    }
    cleaned = parameters_schema(schema, "gemini")
    assert not [key for node in schema_nodes(cleaned) for key in node if key in FORBIDDEN]
    assert list(cleaned["properties"]) == list(schema["properties"])  # type: ignore[call-overload]
    assert cleaned["properties"]["n"] == {"type": "integer", "maximum": 9007199254740991}


def schema_nodes(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield schema
    inner = [*schema.get("properties", {}).values(), *schema.get("anyOf", ()), schema.get("items")]
    for child in inner:
        if child is not None:
            yield from schema_nodes(child)


def test_p_25_a_property_named_like_a_keyword_stays() -> None:
    """The names of arguments are the client's."""
    schema = {"type": "object", "properties": {"default": TEXT, "const": TEXT, "not": TEXT}, "required": ["default"]}
    assert parameters_schema(schema, "gemini") == schema


@pytest.mark.parametrize(
    ("schema", "told"),
    [
        ({"type": ["string", "null"]}, {"type": "string", "nullable": True}),
        ({"type": ["string"]}, {"type": "string"}),
        ({"type": ["string", "number"]}, {"anyOf": [{"type": "string"}, {"type": "number"}]}),
        ({"type": ["null"]}, {"nullable": True}),
        ({"anyOf": [TEXT, {"type": "null"}]}, {"type": "string", "nullable": True}),
        (
            {"anyOf": [TEXT, {"type": "integer"}, {"type": "null"}]},
            {"anyOf": [TEXT, {"type": "integer"}], "nullable": True},
        ),
        ({"anyOf": [TEXT], "oneOf": [{"type": "integer"}]}, {"anyOf": [TEXT, {"type": "integer"}]}),
        ({"const": "a"}, {"type": "string", "enum": ["a"]}),
        ({"const": None}, {"nullable": True}),
        ({"type": "integer", "enum": [1, 2, 2]}, {"type": "string", "enum": ["1", "2"]}),
        ({"type": "boolean", "enum": [True]}, {"type": "boolean"}),
        ({"enum": ["", "a", None]}, {"type": "string", "enum": ["a"], "nullable": True}),
        ({"type": "string", "enum": "odd"}, {"type": "string", "enum": "odd"}),
        ({"type": "string", "format": "date-time"}, {"type": "string", "format": "date-time"}),
        ({"type": "string", "format": "uri"}, {"type": "string"}),
        ({"type": "integer", "format": "int64"}, {"type": "integer", "format": "int64"}),
        ({"type": "integer", "format": "date-time"}, {"type": "integer"}),
        ({"type": "array"}, {"type": "array", "items": TEXT}),
        ({"type": "array", "items": [{"type": "integer"}, TEXT]}, {"type": "array", "items": {"type": "integer"}}),
        ({"type": "array", "prefixItems": [{"type": "integer"}]}, {"type": "array", "items": {"type": "integer"}}),
        ({"type": "object"}, {"type": "object"}),
        ({"type": "object", "properties": {}}, {"type": "object"}),
        ({"type": "object", "properties": {"a": TEXT}, "required": []}, {"type": "object", "properties": {"a": TEXT}}),
        (
            {"type": "object", "properties": {"a": TEXT}, "required": ["b", "a"]},
            {"type": "object", "properties": {"a": TEXT}, "required": ["a"]},
        ),
        (
            {"allOf": [{"type": "object", "properties": {"a": TEXT}, "required": ["a"]}]},
            {"type": "object", "properties": {"a": TEXT}, "required": ["a"]},
        ),
        ({"allOf": [TEXT], "description": "d"}, {"type": "string", "description": "d"}),
        ({"allOf": []}, {}),
    ],
)
def test_p_25_the_gemini_dialect(schema: dict[str, Any], told: dict[str, Any]) -> None:
    """What can be said otherwise is said otherwise, the rest goes."""
    assert property_in("gemini", schema) == told


def test_p_25_the_root_may_be_empty() -> None:
    """A tool without arguments keeps its empty properties."""
    assert parameters_schema({}, "gemini") == {"type": "object", "properties": {}}


# ---- Moonshot, xAI ----


@pytest.mark.parametrize(
    ("schema", "told"),
    [
        ({"type": "array", "items": [TEXT, TEXT]}, {"type": "array", "prefixItems": [TEXT, TEXT]}),
        ({"type": "array", "items": TEXT}, {"type": "array", "items": TEXT}),
        (
            {"type": "string", "anyOf": [{"minLength": 1}, {"type": "null"}]},
            {"anyOf": [{"type": "string", "minLength": 1}, {"type": "null"}]},
        ),
        ({"anyOf": [TEXT]}, {"anyOf": [TEXT]}),
        ({"type": "object", "$schema": "x"}, {"type": "object"}),
    ],
)
def test_r_sch_moonshot_wants_tuples_and_types_its_own_way(schema: dict[str, Any], told: dict[str, Any]) -> None:
    """Its validator refuses the other spellings."""
    assert property_in("moonshot", schema) == told


def test_r_sch_moonshot_wants_an_object_at_the_root() -> None:
    """There the type stays and alternatives that cannot be united go, for it refuses the two beside each other."""
    assert parameters_schema({"anyOf": [TEXT]}, "moonshot") == {"type": "object", "properties": {}}


def test_r_sch_xai_takes_no_closed_objects() -> None:
    """Only the false value is refused."""
    assert property_in("xai", {"type": "object", "additionalProperties": False}) == {"type": "object"}
    assert property_in("xai", {"additionalProperties": TEXT}) == {"additionalProperties": TEXT}


def test_the_keyword_lists_name_known_dialects() -> None:
    """A misspelt section of the data file would silently do nothing."""
    assert set(schema_dialects._keywords()) <= set(schema_dialects.DIALECTS)
