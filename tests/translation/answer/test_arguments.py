"""The incremental scanner of tool arguments."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tray_app.translation.answer.arguments import ArgumentScanner, State

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.dictionaries(st.text(max_size=8), JSON_VALUES, max_size=4)


def scan(*fragments: str) -> tuple[str, ArgumentScanner]:
    scanner = ArgumentScanner()
    return "".join(scanner.feed(fragment) for fragment in fragments), scanner


@given(OBJECTS, st.booleans(), st.data())
def test_r_arg_1_passes_valid_json_verbatim_at_any_split(
    value: dict[str, object], ascii_only: bool, data: st.DataObject
) -> None:
    """Whatever the splitting, a valid object comes out as it went in, and is complete at its last character only."""
    text = json.dumps(value, ensure_ascii=ascii_only, indent=data.draw(st.sampled_from([None, 1])))
    cut = data.draw(st.integers(0, len(text)))
    scanner = ArgumentScanner()
    passed = scanner.feed(text[:cut])
    assert scanner.complete == (cut == len(text))
    passed += scanner.feed(text[cut:])
    assert (passed, scanner.complete, scanner.broken) == (text, True, False)


@given(OBJECTS)
def test_r_arg_1_one_character_at_a_time(value: dict[str, object]) -> None:
    """Single characters give the same as the whole text."""
    text = json.dumps(value)
    assert scan(*text)[0] == text


@pytest.mark.parametrize(
    ("raw", "escaped"),
    [
        ("\n", "\\n"),
        ("\t", "\\t"),
        ("\r", "\\r"),
        ("\b", "\\b"),
        ("\f", "\\f"),
        ("\x01", "\\u0001"),
        ("\x1f", "\\u001f"),
    ],
)
def test_r_arg_2_p_116_control_characters_in_strings_are_escaped(raw: str, escaped: str) -> None:
    """A raw control character inside a string becomes its escape; between tokens white space stays."""
    passed, scanner = scan('{"a":\n"x' + raw + 'y"}')
    assert passed == '{"a":\n"x' + escaped + 'y"}'
    assert scanner.complete


@pytest.mark.parametrize("cut", range(1, 30))
def test_r_arg_2_escapes_are_never_split(cut: int) -> None:
    """An escape, and a surrogate pair of two escapes, reaches the client in one delta."""
    text = '{"a":"\\n\\ud83d\\ude00\\u0041"}'
    scanner = ArgumentScanner()
    first = scanner.feed(text[:cut])
    assert first + scanner.feed(text[cut:]) == text
    assert not first.endswith(("\\", "\\u", "\\ud83d"))


def test_r_arg_2_a_lone_high_surrogate_is_kept() -> None:
    """A high surrogate without its other half is passed on once something else follows."""
    assert scan('{"a":"\\ud83d', 'x"}')[0] == '{"a":"\\ud83dx"}'
    assert scan('{"a":"\\ud83d', '\\n"}')[0] == '{"a":"\\ud83d\\n"}'


def test_p_117_leading_white_space_is_dropped() -> None:
    """White space before the object is never shown: the Python SDK raises on it."""
    assert scan(" ", "\n", ' {"a":1}')[0] == '{"a":1}'


def test_r_arg_3_nothing_passes_after_the_object() -> None:
    """What follows the complete object goes to the tail."""
    passed, scanner = scan('{"a":1}', "}", " ```")
    assert (passed, scanner.tail) == ('{"a":1}', "} ```")


@pytest.mark.parametrize(
    ("text", "passed", "tail"),
    [
        ("{'a':1}", "{", "'a':1}"),
        ('{"a":None}', '{"a":', "None}"),
        ('{"a":1,}', '{"a":1', ",}"),
        ('{"a":1, ]', '{"a":1', ", ]"),
        ('{"a":nulx}', '{"a":', "nulx}"),
        ('{"a":1.2.3}', '{"a":', "1.2.3}"),
        ('{"a":"C:\\dir"}', '{"a":"C:', '\\dir"}'),
        ('{"a" 1}', '{"a" ', "1}"),
        ('{"a":[1}', '{"a":[1', "}"),
        ("[1]", "", "[1]"),
        ("```json\n{}", "", "```json\n{}"),
        ('{"a":}', '{"a":', "}"),
        ("{,}", "{", ",}"),
    ],
)
def test_r_arg_4_text_that_cannot_be_json_stops_the_stream(text: str, passed: str, tail: str) -> None:
    """The valid beginning is passed, the rest waits untouched for the repair."""
    got, scanner = scan(text)
    assert (got, scanner.tail, scanner.broken) == (passed, tail, True)
    assert scanner.feed("more") == ""
    assert scanner.tail == tail + "more"


@pytest.mark.parametrize(
    ("text", "closers"),
    [
        ('{"a":{"b":[1]', "}}"),
        ('{"a":true', "}"),
        ('{"a":"x"', "}"),
        ('{"a":"x', None),
        ('{"a":12', None),
        ('{"a":tru', None),
        ('{"a":', None),
        ('{"a":1,', None),
        ("{", None),
        ('{"a":1}', None),
        ("", None),
    ],
)
def test_r_arg_5_p_110_only_a_complete_value_may_be_closed(text: str, closers: str | None) -> None:
    """Brackets are offered after a whole value; a cut string or number is never closed."""
    assert scan(text)[1].closers() == closers


def test_a_comma_waits_for_what_it_separates() -> None:
    """A comma is passed on with the key or item that follows, so that a trailing one can still be mended."""
    scanner = ArgumentScanner()
    assert scanner.feed('{"a":1 ,') == '{"a":1 '
    assert scanner.feed("\n ") == ""
    assert scanner.feed('"b":[1,2]}') == ',\n "b":[1,2]}'
    assert scanner.state is State.COMPLETE


def test_p_50_white_space_runs_are_counted_outside_strings_only() -> None:
    """The longest run outside strings is known, over fragments; newlines inside a value do not count."""
    _, scanner = scan('{"a":"' + "\n" * 50 + '",', " " * 3, "\n" * 4, '"b":1 }')
    assert scanner.longest_space_run == 7
