"""Tests of clients/json_edit.py: only what is meant changes, whatever the file looks like."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tray_app.clients.json_edit import ABSENT, JSONEditError, get_value, remove_value, set_value

NEW = ("env", "NEW_KEY")

LAYOUTS = [
    "{}",
    "{ }",
    "{\n}\n",
    '{"a": 1}',
    '{ "a": 1 }',
    '{"a":1,"env":{}}',
    '{"env":{"x":"y"},"a":1}',
    '{\n  "env": {\n    "A": "1"\n  },\n  "b": [1, {"env": 2}]\n}\n',
    '{\n    "b": 1.50,\n    "env": {\n        "A": "1"\n    }\n}',
    '{\n\t"b": 1e5,\n\t"env": {}\n}\n',
    '{\r\n  "a": "\\u00e9é",\r\n  "env": {\r\n    "A": "}"\r\n  }\r\n}\r\n',
    '\n  {"a": {"b": {}} , "env" : { "A" : "{" } }  \n',
]


@pytest.mark.parametrize("text", LAYOUTS)
def test_a_value_is_added_and_taken_away_again(text: str) -> None:
    """In between it is there, and everything else is as it was, to the character where an object was there before."""
    changed = set_value(text, NEW, "v")
    assert get_value(changed, NEW) == "v"
    expected = json.loads(text)
    expected.setdefault("env", {})["NEW_KEY"] = "v"
    assert json.loads(changed) == expected
    back = remove_value(changed, NEW)
    if "env" not in json.loads(text):
        back = remove_value(back, ("env",))
    assert json.loads(back) == json.loads(text)
    if '"A"' in text or '"x"' in text:
        assert back == text


@pytest.mark.parametrize("text", LAYOUTS)
def test_a_value_is_replaced_and_put_back(text: str) -> None:
    """To the character, but for escapes that mean the same."""
    for path in (("a",), ("b",), ("env", "A")):
        old = get_value(text, path)
        if isinstance(old, str):
            back = set_value(set_value(text, path, "other"), path, old)
            assert back == (text.replace("\\u00e9", "é") if path == ("a",) else text)


def test_the_layout_is_taken_up() -> None:
    """Indentation and line ends are the file's own."""
    assert set_value('{\n    "a": 1\n}\n', NEW, "v") == (
        '{\n    "a": 1,\n    "env": {\n        "NEW_KEY": "v"\n    }\n}\n'
    )
    assert set_value('{\r\n\t"env": {}\r\n}', NEW, "v") == '{\r\n\t"env": {\r\n\t\t"NEW_KEY": "v"\r\n\t}\r\n}'
    assert set_value('{"env": {"A": "1"}}', NEW, "v") == '{"env": {"A": "1",'[:-1] + ', "NEW_KEY": "v"}}'
    assert set_value("{}", NEW, "v") == '{\n  "env": {\n    "NEW_KEY": "v"\n  }\n}'


def test_members_are_removed_anywhere() -> None:
    """First, middle, last, only one, and one that is not there."""
    text = '{"a": 1, "b": 2, "c": 3}'
    assert [remove_value(text, (key,)) for key in "abcd"] == [
        '{"b": 2, "c": 3}',
        '{"a": 1, "c": 3}',
        '{"a": 1, "b": 2}',
        text,
    ]
    assert remove_value('{ "a": 1 }', ("a",)) == "{}"
    assert remove_value('{"a": {"b": 1}}', ("a", "c", "d")) == '{"a": {"b": 1}}'


def test_of_a_double_key_the_last_counts() -> None:
    """And none is left after removing it: an old value must not come back to life."""
    text = '{"a": 1, "b": 0, "a": 2}'
    assert get_value(text, ("a",)) == 2
    assert set_value(text, ("a",), 3) == '{"a": 1, "b": 0, "a": 3}'
    assert remove_value(text, ("a",)) == '{"b": 0}'


@pytest.mark.parametrize(
    "text", ["", "[]", "null", '{"a": 1,}', '// note\n{"a": 1}', "{", '{"a": 1} x', "[" * 100_000, '{"a":' * 100_000]
)
def test_what_is_no_json_object_is_refused(text: str) -> None:
    """By all three, with the place where there is one."""
    for call in (lambda: get_value(text, NEW), lambda: set_value(text, NEW, 1), lambda: remove_value(text, NEW)):
        with pytest.raises(JSONEditError):
            call()


def test_a_path_through_something_else_is_refused() -> None:
    """Nothing of the user's is replaced to make room."""
    with pytest.raises(JSONEditError, match="env is not an object"):
        set_value('{"env": "text"}', NEW, "v")
    assert get_value('{"env": "text"}', NEW) is ABSENT


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.dictionaries(st.text(max_size=3), JSON, max_size=4)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(OBJECTS, st.text(max_size=3), JSON, st.sampled_from([None, 2, "\t"]), st.booleans())
def test_any_object_takes_any_value(
    before: dict[str, Any], key: str, value: Any, indent: int | str | None, ascii_only: bool
) -> None:
    """Set, read, removed: always what a parser would make of it."""
    text = json.dumps(before, indent=indent, ensure_ascii=ascii_only)
    changed = set_value(text, (key,), value)
    assert json.loads(changed) == {**before, key: value}
    removed = remove_value(changed, (key,))
    assert json.loads(removed) == {name: kept for name, kept in before.items() if name != key}
    if key not in before and before:
        assert removed == text
