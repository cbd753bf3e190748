"""Calls that were left in the text become calls; anything that only looks like one stays text."""

from __future__ import annotations

from typing import Any

import pytest

from helpers.filtering import Said, cuts, filtered
from helpers.reading import context
from tray_app.translation.answer.deltas import Text, ToolDelta
from tray_app.translation.answer.leaked_calls import MAX_CALL_CHARS, LeakedCalls

SCHEMAS = {
    "Bash": {"type": "object", "properties": {"command": {"type": "string"}, "timeout": {"type": "number"}}},
    "mcp__long": {"type": "object", "properties": 5},
    "Odd": True,
}
ALL = ("hermes", "qwen_coder", "kimi", "deepseek", "mistral", "invoke")
CALL: Said = [("call Bash", '{"command":"ls"}')]
OBJECT = '{"command": "ls"}'
HERMES = '<tool_call>\n{"name": "Bash", "arguments": {"command": "ls"}}\n</tool_call>'
QWEN = "<function=Bash>\n<parameter=command>\nls\n</parameter>\n</function>"
INVOKE = '<invoke name="Bash">\n<parameter name="command">ls</parameter>\n</invoke>'


def kimi(*calls: str) -> str:
    inner = "".join(f"<|tool_call_begin|>{call}<|tool_call_end|>" for call in calls)
    return f"<|tool_calls_section_begin|>{inner}<|tool_calls_section_end|>"


def deepseek(call: str) -> str:
    return f"<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>{call}<｜tool▁call▁end｜><｜tool▁calls▁end｜>"


def leaked(*formats: str) -> LeakedCalls:
    return LeakedCalls(
        context({"leaked_calls": formats or ALL}, tool_schemas=SCHEMAS, tool_names={"short": "mcp__long"})
    )


ONE_CALL = [
    ("hermes", HERMES),
    ("hermes", '<tool_call>{"name":"Bash","parameters":{"command":"ls"}}</tool_call>'),
    ("qwen_coder", f"<tool_call>\n{QWEN}\n</tool_call>"),
    ("qwen_coder", "<function=Bash><parameter=command>ls</parameter></function>"),
    ("qwen_coder", f"<tool_call><function=Bash>{OBJECT}</function></tool_call>"),
    ("kimi", kimi(f"functions.Bash:0<|tool_call_argument_begin|>{OBJECT}")),
    ("deepseek", deepseek(f"function<｜tool▁sep｜>Bash\n```json\n{OBJECT}\n```")),
    ("deepseek", deepseek(f"Bash<｜tool▁sep｜>{OBJECT}")),
    ("mistral", '[TOOL_CALLS][{"name": "Bash", "arguments": {"command": "ls"}}]'),
    ("mistral", f"[TOOL_CALLS]Bash[ARGS]{OBJECT}"),
    ("mistral", f"[TOOL_CALLS] Bash{OBJECT}\n"),
    ("invoke", '<invoke name="Bash"><parameter name="command">ls</parameter></invoke>'),
    ("invoke", f"<function_calls>\n{INVOKE}\n</function_calls>"),
]
TWO_CALLS = [
    ("kimi", kimi(*(f"functions.Bash:{number}<|tool_call_argument_begin|>{{}}" for number in (0, 1)))),
    ("mistral", '[TOOL_CALLS][{"name":"Bash"},{"name":"Bash","id":"a"}]'),
    ("mistral", "[TOOL_CALLS]Bash{}Bash{}"),
    ("hermes", '<tool_call>{"name":"Bash"}</tool_call><tool_call>{"name":"Bash"}</tool_call>'),
]


@pytest.mark.parametrize(("name", "text"), ONE_CALL)
def test_23_8_every_format_in_any_cut(name: str, text: str) -> None:
    """With only its own format switched on, and with all of them; not when it is switched off."""
    for pieces in cuts(f"Look: {text}"):
        assert filtered(leaked(name), pieces) == [("text", "Look: "), *CALL]
    assert filtered(leaked(), [text]) == CALL
    other = "kimi" if name != "kimi" else "hermes"
    assert filtered(leaked(other), [text]) == [("text", text)]


@pytest.mark.parametrize(("name", "text"), TWO_CALLS)
def test_23_8_several_calls(name: str, text: str) -> None:
    """In one block or one after the other."""
    assert filtered(leaked(name), tuple(text)) == [("call Bash", "{}")] * 2


def test_23_8_text_goes_on_after_a_call() -> None:
    """Before, between and after."""
    for pieces in cuts(f"a{HERMES}b<tool_{HERMES}c"):
        assert filtered(leaked("hermes"), pieces) == [("text", "a"), *CALL, ("text", "b<tool_"), *CALL, ("text", "c")]


@pytest.mark.parametrize(
    "text",
    [
        HERMES.replace("Bash", "Unknown"),
        HERMES.replace("{", "{{"),
        HERMES.replace('"Bash"', "5"),
        HERMES.replace('{"command": "ls"}', "[1]"),
        HERMES.removesuffix("</tool_call>"),
        "<tool_call></tool_call>",
        "<tool_call>[1]</tool_call>",
        '<tool_call>{"arguments":{}}</tool_call>',
        "<function=Bash>ls</function>",
        "<function=Bash></function",
        '<function_calls>so<invoke name="Bash"></invoke></function_calls>',
        "[TOOL_CALLS] is a marker",
        "[TOOL_CALLS]Bash{} and more",
        "[TOOL_CALLS]Bash{",
        '[TOOL_CALLS][{"name":"Bash","id":5}]',
        "<|tool_calls_section_begin|>nothing<|tool_calls_section_end|>",
        "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>Bash<｜tool▁sep｜>x<｜tool▁call▁end｜><｜tool▁calls▁end｜>",
    ],
)
def test_23_8_what_is_not_certainly_a_call_stays_text(text: str) -> None:
    """Unknown tools, bad JSON, half blocks, prose: unchanged in any cut."""
    for pieces in cuts(f"a {text}"):
        assert filtered(leaked(), pieces) == [("text", f"a {text}")]


def test_23_8_one_unknown_call_keeps_the_whole_block() -> None:
    """A block is converted whole or not at all."""
    text = '[TOOL_CALLS][{"name":"Bash"},{"name":"Nope"}]'
    assert filtered(leaked(), [text]) == [("text", text)]


def test_23_8_upstream_names_are_known() -> None:
    """The model saw the mapped name; it is mapped back where all calls are."""
    assert leaked().feed('<tool_call>{"name":"short","id":"i"}</tool_call>') == [
        ToolDelta(id="i", name="short", arguments="{}", whole=True)
    ]


@pytest.mark.parametrize(
    ("name", "parameters", "arguments"),
    [
        ("Bash", {"command": "5", "timeout": "5"}, '{"command":"5","timeout":5}'),
        ("Bash", {"other": "{"}, '{"other":"{"}'),
        ("short", {"x": "[1]"}, '{"x":[1]}'),
        ("Odd", {"x": "true"}, '{"x":true}'),
    ],
)
def test_23_8_plain_parameters_are_typed_by_the_schema(name: str, parameters: dict[str, str], arguments: str) -> None:
    """A string stays a string, anything else is JSON if it can be."""
    tags = "".join(f"<parameter={key}>{value}</parameter>" for key, value in parameters.items())
    assert filtered(leaked(), [f"<function={name}>{tags}</function>"]) == [(f"call {name}", arguments)]


def test_23_8_kimi_s_ids_are_kept() -> None:
    """They hold the name, and the model knows them."""
    text = "<|tool_call_begin|>functions.Bash:3<|tool_call_argument_begin|>{}<|tool_call_end|>"
    found = leaked().feed(f"<|tool_calls_section_begin|>{text}<|tool_calls_section_end|>")
    assert found == [ToolDelta(id="functions.Bash:3", name="Bash", arguments="{}", whole=True)]


def test_24_2_a_block_without_end_is_released() -> None:
    """Nothing is held without a bound."""
    calls = leaked("hermes")
    assert calls.feed("<tool_call>" + "x" * MAX_CALL_CHARS) == []
    assert calls.feed("y") == [Text("<tool_call>" + "x" * MAX_CALL_CHARS + "y")]
    assert calls.feed("z") == [Text("z")]


def test_a_flush_in_the_middle_releases_a_half_block() -> None:
    """Something else came between: whatever was held is text."""
    calls = leaked("hermes", "mistral")
    assert calls.flush() == []
    assert [*calls.feed("<tool_call>{"), *calls.flush()] == [Text("<tool_call>{")]
    assert [*calls.feed("a [TOOL_"), *calls.flush()] == [Text("a "), Text("[TOOL_")]


@pytest.mark.parametrize(("formats", "schemas"), [((), SCHEMAS), (ALL, {})])
def test_nothing_to_look_for(formats: tuple[str, ...], schemas: dict[str, Any]) -> None:
    """No format switched on, or no tool that could be called."""
    assert LeakedCalls(context({"leaked_calls": formats}, tool_schemas=schemas)).done
    assert not leaked().done
