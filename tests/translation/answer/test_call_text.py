"""The arguments of one tool call as text."""

from __future__ import annotations

import pytest

from tray_app.translation.answer.call_text import MAX_ARGUMENT_CHARS, CallText, Ending
from tray_app.translation.errors import ApiError


def test_the_arguments_of_a_call_are_bounded() -> None:
    """A call larger than any request could carry back is an error."""
    arguments = CallText("stream")
    arguments.add('{"a":"')
    with pytest.raises(ApiError, match="too large"):
        arguments.add("x" * MAX_ARGUMENT_CHARS)


def test_the_bound_of_a_call_is_a_fileful() -> None:
    """16 MiB, at which a call still passes."""
    assert MAX_ARGUMENT_CHARS == 16 * 2**20
    arguments = CallText("stream")
    arguments.add("{" + " " * (MAX_ARGUMENT_CHARS - 2) + "}")
    assert arguments.complete


@pytest.mark.parametrize(("fragment", "complete"), [("{}", False), (" {} ", False), ("{}}", True), ('{"a":{}}', True)])
def test_p_52_only_a_bare_empty_object_is_a_placeholder(fragment: str, complete: bool) -> None:
    """It may stand for arguments that are still to come; anything more is a call's own."""
    arguments = CallText("stream")
    arguments.add(fragment)
    assert arguments.complete is complete


def test_cumulative_arguments_send_only_what_is_new() -> None:
    """Each fragment repeats what came before; the client gets it once."""
    arguments = CallText("cumulative")
    shown = []
    for fragment in ('{"a"', '{"a":1', '{"a":1', '{"a":1}'):
        arguments.add(fragment)
        shown.append(arguments.take())
    assert shown == ['{"a"', ":1", "", "}"]
    assert arguments.finish(Ending.NORMAL) == ""


def test_cumulative_arguments_that_contradict_wait_for_the_end() -> None:
    """A fragment that does not extend the last one is resolved at the end, if the client can still get it."""
    arguments = CallText("cumulative")
    arguments.add('{"a"')
    assert arguments.take() == '{"a"'
    arguments.add('{"a": 1}')
    arguments.add('{"a":2')
    assert arguments.take() == ""
    arguments.add('{"a":2}')
    assert arguments.finish(Ending.NORMAL) == ":2}"


def test_cumulative_arguments_that_contradict_what_was_shown_are_an_error() -> None:
    """What the client has seen cannot be taken back."""
    arguments = CallText("cumulative")
    arguments.add('{"a"')
    arguments.take()
    arguments.add('{"b":1}')
    with pytest.raises(ApiError, match="contradicts"):
        arguments.finish(Ending.NORMAL)


def test_buffered_arguments_come_whole() -> None:
    """Nothing is ready before the end, then all of it."""
    arguments = CallText("buffer")
    arguments.add('{"a":')
    arguments.add("1}")
    assert (arguments.take(), arguments.complete) == ("", True)
    assert arguments.finish(Ending.NORMAL) == '{"a":1}'


@pytest.mark.parametrize(
    ("mode", "fragment", "ending", "shown", "rest"),
    [
        ("stream", '{"a":{"b":"x"', Ending.NORMAL, '{"a":{"b":"x"', "}}"),
        ("stream", '{"a":"x"', Ending.CUT, '{"a":"x"', ""),
        ("stream", '{"a":"rm -rf /', Ending.NORMAL, '{"a":"rm -rf /', ""),
        ("stream", "{'a':1}", Ending.NORMAL, "{", '"a":1}'),
        ("stream", '{"a":"C:\\dir"}', Ending.NORMAL, '{"a":"C:', '\\\\dir"}'),
        ("stream", '{"a":1 x', Ending.NORMAL, '{"a":1 ', "x"),
        ("stream", "{'a':", Ending.NORMAL, "{", "'a':"),
        ("stream", "nonsense", Ending.NORMAL, "", '{"__unparsed":"nonsense"}'),
        ("stream", '```json\n{"a":1}\n```', Ending.NORMAL, "", '{"a":1}'),
        ("stream", '{ "b" : 1, }', Ending.NORMAL, '{ "b" : 1', ", }"),
        ("buffer", '{"a":"x', Ending.NORMAL, "", '{"__unparsed":"{\\"a\\":\\"x"}'),
        ("buffer", '{"a":"x"', Ending.CUT, "", '{"__unparsed":"{\\"a\\":\\"x\\""}'),
        ("buffer", '{"a":"x"', Ending.NORMAL, "", '{"a":"x"}'),
        ("buffer", "{'a':1}", Ending.NORMAL, "", '{"a":1}'),
        ("buffer", '{"a" 1', Ending.NORMAL, "", '{"__unparsed":"{\\"a\\" 1"}'),
    ],
)
def test_r_arg_4_r_arg_5_the_end_of_bad_json(mode: str, fragment: str, ending: Ending, shown: str, rest: str) -> None:
    """What was shown is continued by the repaired text where it fits, by the raw text where it does not."""
    arguments = CallText(mode)  # type: ignore[arg-type]
    arguments.add(fragment)
    assert arguments.take() == shown
    assert arguments.finish(ending) == rest


def test_23_3_further_objects_in_a_slot_are_found() -> None:
    """Concatenated calls are split; a repeated snapshot and an unfinished object are not calls."""
    arguments = CallText("buffer")
    arguments.add('{"a":1}{"a":2} {"a":1}{"a":0}{"a":')
    assert arguments.extra_objects() == ['{"a":2}', '{"a":0}']
    assert CallText("stream").extra_objects() == []
