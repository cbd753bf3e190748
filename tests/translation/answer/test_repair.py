"""Repairing tool arguments that are not JSON."""

from __future__ import annotations

from typing import Any

import pytest

from tray_app.translation.answer.repair import object_of, repaired


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", {}),
        (" \n", {}),
        ('{"a":1}', {"a": 1}),
        ('```json\n{"a":1}\n```', {"a": 1}),
        ('Here you are: {"a":1} enjoy', {"a": 1}),
        ('{"a":1}}', {"a": 1}),
        ('"{\\"a\\":1}"', {"a": 1}),
        ('{"a":"x\ny"}', {"a": "x\ny"}),
        ('{"a":"C:\\dir"}', {"a": "C:\\dir"}),
        ('{"a":1,}', {"a": 1}),
        ('{"a":[1,2,],}', {"a": [1, 2]}),
        ("{'a': True, 'b': None}", {"a": True, "b": None}),
        ("call {'a': 'it'} now", {"a": "it"}),
        ("null", {}),
        ('""', {}),
        ("[1]", {"value": [1]}),
        ("7", {"value": 7}),
        ('"plain"', {"value": "plain"}),
        ('"[1]"', {"value": "[1]"}),
    ],
)
def test_r_arg_6_r_arg_7_p_51_what_can_be_read_is_read(text: str, value: dict[str, Any]) -> None:
    """Every documented defect is mended to the object that was meant."""
    assert object_of(text, may_close=False) == value


@pytest.mark.parametrize("text", ['{"a": "cut', "not json", "{1: 2", "{'a': open('x')}", '{"a":1 "b"}', "{1: 2}"])
def test_r_arg_6_what_cannot_be_read_is_handed_on(text: str) -> None:
    """Anything else reaches the client as text, never as an empty object."""
    assert repaired(text, may_close=True) is None
    assert object_of(text, may_close=True) == {"__unparsed": text}


def test_r_arg_5_missing_brackets_are_added_only_when_allowed() -> None:
    """A normal finish allows the closing brackets, a cut one does not."""
    assert repaired('{"a":{"b":"x"', may_close=True) == {"a": {"b": "x"}}
    assert repaired('{"a":{"b":"x"', may_close=False) is None


def test_a_huge_text_is_not_given_to_the_recursive_parser() -> None:
    """Python's own literal parser only sees texts of a bounded length."""
    text = "{'a': '" + "x" * 100_001 + "'}"
    assert repaired(text, may_close=True) is None
