"""Structured output (spec section 16)."""

from __future__ import annotations

from typing import Any

import pytest

from tray_app.translation.capabilities import Capabilities, resolve
from tray_app.translation.errors import ApiError
from tray_app.translation.losses import Losses
from tray_app.translation.request.structured import StructuredPart, structured_fields

STRICT = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"], "additionalProperties": False}
LOOSE = {"type": "object", "properties": {"a": {"type": "string"}}}


def shape(
    request: dict[str, Any], *, has_tools: bool = False, record: Capabilities | None = None, **values: Any
) -> tuple[StructuredPart, list[str]]:
    losses = Losses()
    part = structured_fields(request, record or Capabilities(**values), has_tools, losses)
    return part, list(losses)


def asked(schema: object, **more: Any) -> dict[str, Any]:
    return {"output_config": {"format": {"type": "json_schema", "schema": schema, **more}}}


def test_r_str_1_a_schema_becomes_a_response_format() -> None:
    """Strict only because the schema is."""
    described = {"name": "response", "schema": STRICT, "strict": True}
    fields = {"response_format": {"type": "json_schema", "json_schema": described}}
    assert shape(asked(STRICT)) == (StructuredPart(fields), [])


def test_r_str_1_the_older_field_is_understood() -> None:
    """output_format was the name before output_config."""
    request = {"output_format": {"type": "json_schema", "schema": LOOSE}, "output_config": {"effort": "low"}}
    part, _ = shape(request)
    assert part.fields["response_format"]["json_schema"] == {"name": "response", "schema": LOOSE}


def test_r_str_1_a_root_of_another_type_stays() -> None:
    """Unlike a tool's parameters, an answer may be a list."""
    part, _ = shape(asked({"$schema": "x", "type": "array", "items": {"type": "string"}}))
    assert part.fields["response_format"]["json_schema"]["schema"] == {"type": "array", "items": {"type": "string"}}


def test_r_str_2_json_object_with_the_schema_in_words() -> None:
    """The word JSON must occur in the text, and fences are expected."""
    part, losses = shape(asked(LOOSE), structured="json_object")
    assert part.fields == {"response_format": {"type": "json_object"}}
    assert "JSON" in part.system_text
    assert part.system_text.endswith('{"type":"object","properties":{"a":{"type":"string"}}}')
    assert part.unfence
    assert losses == ["output_config.format: the schema is asked for in words"]


def test_r_str_3_words_only() -> None:
    """An upstream without any response_format."""
    part, _ = shape(asked(LOOSE), structured="prompt")
    assert part.fields == {}
    assert "JSON" in part.system_text
    assert part.unfence


@pytest.mark.parametrize("structured", ["json_schema", "json_object"])
def test_r_str_4_no_response_format_beside_tools_where_refused(structured: Any) -> None:
    """The words stay."""
    values = {"structured": structured, "structured_with_tools": False}
    part, losses = shape(asked(LOOSE), has_tools=True, **values)
    assert part.fields == {}
    assert part.system_text
    assert losses == ["output_config.format: asked for in words: not accepted together with tools"]
    assert shape(asked(LOOSE), **values)[0].fields


def test_r_str_5_the_name_is_made_legal() -> None:
    """Letters, digits, underscore and dash, 64 at most."""
    part, _ = shape(asked(LOOSE, name="my answer!"))
    assert part.fields["response_format"]["json_schema"]["name"] == "my_answer_"


def test_r_str_5_kimi_gets_no_schema_keyword() -> None:
    """k2.5 refuses $schema."""
    part, _ = shape(asked({"$schema": "x", **LOOSE}), record=resolve("api.moonshot.ai", "kimi-k2.5"))
    assert part.fields["response_format"]["json_schema"]["schema"] == LOOSE


def test_r_str_1_an_unknown_format_is_noted() -> None:
    """It is neither refused nor guessed at."""
    part, losses = shape({"output_config": {"format": {"type": "grammar"}}})
    assert (part, losses) == (StructuredPart(), ["output_config.format: unknown type"])


def test_r_str_1_nothing_asked_nothing_sent() -> None:
    """Without a format there is no part."""
    assert shape({"output_config": None}) == (StructuredPart(), [])


def test_r_adm_4_a_format_without_a_schema_is_an_error() -> None:
    """The message starts with the path."""
    with pytest.raises(ApiError, match=r"^output_config\.format\.schema: ") as caught:
        shape(asked("text"))
    assert caught.value.status == 400
