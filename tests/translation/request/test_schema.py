"""JSON schemas made fit for an upstream (spec 12.2): the common rules."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tray_app.translation.request.schema import DEPTH_MAX, clean_schema, is_strict, parameters_schema

EMPTY = {"type": "object", "properties": {}}
TEXT = {"type": "string"}
NUMBER = {"type": "number"}
KEYWORDS = [
    "type", "properties", "required", "additionalProperties", "items", "prefixItems", "anyOf", "oneOf", "allOf", "enum",
    "const", "format", "$ref", "$defs", "not", "nullable",
]  # fmt: skip


@pytest.mark.parametrize(
    ("schema", "parameters"),
    [
        (None, EMPTY),
        ("object", EMPTY),
        ([TEXT], EMPTY),
        ({}, EMPTY),
        ({"type": "object"}, EMPTY),
        ({"type": "array", "items": TEXT}, EMPTY),
        ({"type": ["object", "null"], "properties": {"a": TEXT}}, {"type": "object", "properties": {"a": TEXT}}),
        ({"properties": {"a": TEXT}}, {"properties": {"a": TEXT}, "type": "object"}),
        ({"type": "object", "properties": None}, EMPTY),
    ],
)
def test_r_sch_1_parameters_are_always_an_object_with_properties(schema: object, parameters: dict[str, Any]) -> None:
    """OpenAI refuses an object schema without properties."""
    assert parameters_schema(schema, "plain") == parameters


@pytest.mark.parametrize("dialect", ["plain", "openai"])
def test_r_sch_2_only_the_roots_labels_go(dialect: str) -> None:
    """Everything else stays as the client wrote it, whatever it means."""
    inner = {
        "type": "object",
        "$id": "inner",
        "properties": {"$schema": TEXT, "n": {"exclusiveMinimum": 0, "maximum": 9007199254740991, "format": "uri"}},
        "additionalProperties": False,
    }
    schema = {"$schema": "draft", "$id": "root", "type": "object", "properties": {"a": inner}, "x-own": [True]}
    assert parameters_schema(schema, dialect) == {"type": "object", "properties": {"a": inner}, "x-own": [True]}


@pytest.mark.parametrize("keyword", ["anyOf", "oneOf"])
def test_r_sch_3_alternative_objects_at_the_root_are_united(keyword: str) -> None:
    """All properties, required is what every alternative requires, a property of two forms may have either."""
    schema = {
        keyword: [
            {"type": "object", "properties": {"a": TEXT, "b": TEXT}, "required": ["a", "b"]},
            {"properties": {"a": NUMBER, "c": TEXT}, "required": ["a"]},
        ],
        "properties": {"c": TEXT},
        "required": ["c", 7],
    }
    assert parameters_schema(schema, "plain") == {
        "type": "object",
        "properties": {"c": TEXT, "a": {"anyOf": [TEXT, NUMBER]}, "b": TEXT},
        "required": ["c", "a"],
    }


def test_r_sch_3_what_all_of_them_demand_together_stays_demanded() -> None:
    """A demand for all is no choice: each branch's required counts."""
    schema = {"allOf": [{"type": "object", "properties": {"a": TEXT}, "required": ["a"]}, {"properties": {"b": TEXT}}]}
    assert parameters_schema(schema, "plain") == {
        "type": "object",
        "properties": {"a": TEXT, "b": TEXT},
        "required": ["a"],
    }


def test_r_sch_3_alternatives_that_only_require_are_objects_too() -> None:
    """Either of two properties: a root without alternatives is what upstreams take, and neither is required then."""
    schema = {
        "type": "object",
        "properties": {"a": TEXT, "b": TEXT},
        "anyOf": [{"required": ["a"]}, {"required": ["b"]}],
    }
    assert parameters_schema(schema, "openai") == {"type": "object", "properties": {"a": TEXT, "b": TEXT}}


def test_r_sch_3_without_required_none_is_added() -> None:
    """An empty list would be noise."""
    schema = {"anyOf": [{"type": "object", "properties": {"a": TEXT}}]}
    assert parameters_schema(schema, "plain") == {"type": "object", "properties": {"a": TEXT}}


@pytest.mark.parametrize("branches", [[{"type": "string"}], [], "odd", [{"type": "object"}, {"minimum": 1}]])
def test_r_sch_3_other_branches_are_left_for_the_upstream_to_judge(branches: object) -> None:
    """Only the root type is added."""
    assert parameters_schema({"anyOf": branches}, "plain") == {"anyOf": branches, "type": "object", "properties": {}}


def test_r_sch_4_the_clients_schema_is_not_changed_and_the_work_is_done_once() -> None:
    """Equal content gives the very same result."""
    schema = {"$schema": "x", "type": "object", "properties": {"a": True, "b": {"const": 1}}, "required": ["a", "q"]}
    before = copy.deepcopy(schema)
    first = parameters_schema(schema, "gemini")
    assert schema == before
    assert parameters_schema(copy.deepcopy(schema), "gemini") is first


def test_r_sch_5_a_boolean_in_the_place_of_a_schema() -> None:
    """True is anything, false is nothing; where a boolean is the keyword's own value it stays."""
    schema = {
        "type": "object",
        "properties": {
            "any": True,
            "none": False,
            "list": {"type": "array", "items": True},
            "alt": {"anyOf": [True, False]},
        },
        "required": ["any", "none"],
        "additionalProperties": True,
        "not": False,
    }
    assert parameters_schema(schema, "plain") == {
        "type": "object",
        "properties": {"any": {}, "list": {"type": "array", "items": {}}, "alt": {"anyOf": [{}]}},
        "required": ["any"],
        "additionalProperties": True,
        "not": False,
    }


def test_r_sch_5_values_are_not_looked_into() -> None:
    """An enum, a default or an example may hold anything."""
    schema = {
        "type": "object",
        "properties": {"a": {"enum": [True, {"properties": {"x": True}}], "default": {"items": True}}},
    }
    assert parameters_schema(schema, "plain") == schema


@pytest.mark.parametrize("dialect", ["plain", "openai", "xai"])
def test_r_sch_6_references_are_kept_where_they_are_followed(dialect: str) -> None:
    """Shorter, and recursion stays possible."""
    schema = {"type": "object", "properties": {"a": {"$ref": "#/$defs/A"}}, "$defs": {"A": TEXT}}
    assert parameters_schema(schema, dialect) == schema


def test_r_sch_5_a_bottomless_schema_ends_in_anything() -> None:
    """It must not exhaust the stack."""
    schema: dict[str, Any] = {"type": "string"}
    for _ in range(DEPTH_MAX + 50):
        schema = {"type": "object", "properties": {"a": schema}}
    depth, inner = 0, parameters_schema(schema, "plain")
    while inner:
        depth, inner = depth + 1, inner["properties"]["a"]
    assert depth == DEPTH_MAX + 1


def test_p_21_optional_properties_stay_optional() -> None:
    """No dialect makes a client's property required."""
    schema = {"type": "object", "properties": {"a": TEXT, "b": TEXT}, "required": ["a"]}
    for dialect in ("plain", "openai", "gemini", "moonshot", "xai"):
        assert parameters_schema(schema, dialect)["required"] == ["a"]


CLOSED = {"type": "object", "properties": {"a": TEXT}, "required": ["a"], "additionalProperties": False}


@pytest.mark.parametrize(
    ("schema", "strict"),
    [
        (CLOSED, True),
        ({"type": "array", "items": CLOSED}, True),
        ({**CLOSED, "properties": {"a": CLOSED}}, True),
        ({**CLOSED, "required": []}, False),
        ({**CLOSED, "additionalProperties": True}, False),
        ({"type": "object", "properties": {"a": TEXT}, "required": ["a"]}, False),
        ({**CLOSED, "properties": {"a": {**CLOSED, "required": []}}}, False),
        ({**CLOSED, "$defs": {"x": {**CLOSED, "required": []}}}, False),
        ({"anyOf": [CLOSED, {"properties": {"z": TEXT}}]}, False),
        ({"type": "array", "items": {"properties": {"z": TEXT}}}, False),
        (TEXT, True),
    ],
)
def test_p_21_a_schema_is_strict_or_not_as_it_stands(schema: dict[str, Any], strict: bool) -> None:
    """Every object closed and all of it required, at every depth."""
    assert is_strict(schema) is strict


def test_r_str_5_any_root_may_be_cleaned() -> None:
    """A response schema is not forced to be an object."""
    assert clean_schema({"$schema": "x", "type": "string"}, "plain") == {"type": "string"}
    assert clean_schema({"$ref": "#/$defs/A", "$defs": {"A": TEXT}}, "gemini") == TEXT


JUNK = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-2, 2), st.sampled_from(["", "a", "object", "array", "null"])),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(KEYWORDS), inner, max_size=4), st.just({"a": 1})
    ),
    max_leaves=12,
)


@pytest.mark.parametrize("dialect", ["plain", "openai", "gemini", "moonshot", "xai"])
@example({"oneOf": [], "anyOf": None})
@given(st.dictionaries(st.sampled_from(KEYWORDS), JUNK, max_size=6))
def test_r_sch_1_no_schema_is_too_odd(dialect: str, schema: dict[str, Any]) -> None:
    """Keywords with values they cannot have are carried or dropped, and the result is an object; nothing fails."""
    parameters = parameters_schema(schema, dialect)
    assert parameters["type"] == "object"
    assert isinstance(parameters["properties"], dict)
    assert isinstance(is_strict(parameters), bool)
    assert isinstance(clean_schema(schema, dialect), dict)
