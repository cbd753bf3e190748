"""Assistant messages of the history (spec section 9)."""

from __future__ import annotations

from typing import Any

import pytest

from helpers.builders import (
    BASH,
    READ,
    assistant,
    chat,
    image,
    target,
    text,
    thinking,
    tool_result,
    tool_use,
    translated,
    user,
)
from tray_app.translation import codec
from tray_app.translation.request.assistant import arguments_text


def answer(*blocks: Any, **fields: Any) -> dict[str, Any]:
    """The assistant message that `blocks` become in the middle of a conversation."""
    return chat(user("go"), assistant(*blocks), user("on"), **fields)[1]


def test_text_blocks_are_joined_without_separator() -> None:
    """They were one text before we split it."""
    assert answer("Hel", "", "lo") == {"role": "assistant", "content": "Hello"}


def test_tool_use_becomes_a_call() -> None:
    """Id, name and the input as JSON text in the client's key order."""
    call = answer(tool_use("toolu_1", "Bash", command="ls", b=1, a="é"))["tool_calls"][0]
    assert call == {
        "id": "toolu_1",
        "type": "function",
        "function": {"name": "Bash", "arguments": '{"command":"ls","b":1,"a":"é"}'},
    }


@pytest.mark.parametrize(
    ("value", "arguments"),
    [
        (None, "{}"),
        ({}, "{}"),
        ('{"a":1}', '{"a":1}'),
        ("null", '{"value":"null"}'),
        ("not json", '{"value":"not json"}'),
        ([1], '{"value":[1]}'),
        (0, '{"value":0}'),
    ],
)
def test_r_ast_1_arguments_are_an_object(value: Any, arguments: str) -> None:
    """Whatever the input is, the text is that of a JSON object."""
    assert arguments_text(value) == arguments


def test_r_arg_8_unparsed_input_of_the_client() -> None:
    """What Claude Code could not parse goes back to the model as ordinary JSON."""
    value = {"__unparsedToolInput": {"raw": "{", "len": 1}}
    assert arguments_text(value) == '{"__unparsedToolInput":{"raw":"{","len":1}}'


def test_r_ast_1_missing_input() -> None:
    """A call without input has no arguments."""
    call = {"type": "tool_use", "id": "t1", "name": "Bash"}
    assert answer(call)["tool_calls"][0]["function"]["arguments"] == "{}"


def test_r_ast_2_p_17_text_beside_calls() -> None:
    """Text before and after the calls is kept, joined; the loss of order is noted."""
    result = translated(user("go"), assistant("a", tool_use("t1"), "b", tool_use("t2"), "c"), user("on"))
    message = result.body["messages"][1]
    assert message["content"] == "a\n\nb\n\nc"
    assert len(message["tool_calls"]) == 2
    assert "messages.1.text: moved before the tool calls of its turn" in result.context.losses


def test_r_ast_2_text_before_calls_is_no_loss() -> None:
    """The ordinary order is not noted."""
    assert not list(translated(user("go"), assistant("a", tool_use("t1")), user(tool_result("t1"))).context.losses)


@pytest.mark.parametrize(("style", "content"), [("null", {"content": None}), ("empty", {"content": ""}), ("omit", {})])
def test_r_ast_2_content_of_calls_alone(style: str, content: dict[str, Any]) -> None:
    """What stands for no text differs between servers."""
    message = answer(tool_use("t1"), to=target(assistant_content_when_tools=style))
    assert {key: message[key] for key in message if key == "content"} == content


def test_r_ast_3_no_empty_tool_calls() -> None:
    """A turn without calls has no such field."""
    assert "tool_calls" not in answer("a")


def test_r_ast_4_p_39_empty_name_with_one_tool() -> None:
    """It can only have meant the single tool."""
    call = answer(tool_use("t1", ""), tools=[BASH])["tool_calls"][0]
    assert call["function"]["name"] == "Bash"


@pytest.mark.parametrize("tools", [[BASH, READ], None])
def test_r_ast_4_p_39_empty_name_is_dropped(tools: Any) -> None:
    """Else the call goes and its result is told as user text."""
    result = translated(user("go"), assistant(tool_use("t1", "")), user(tool_result("t1", "out")), tools=tools)
    messages = result.body["messages"]
    assert [message["role"] for message in messages] == ["user", "user"]
    assert messages[1]["content"] == "[result of an earlier tool call t1]\nout"
    assert any("without a name" in note for note in result.context.losses)


def test_r_ast_6_interleaved_turn_stays_one_message() -> None:
    """Splitting would part calls from their answers."""
    messages = chat(
        user("go"),
        assistant("a", tool_use("t1"), "b", tool_use("t2")),
        user(tool_result("t1"), tool_result("t2")),
    )
    assert [message["role"] for message in messages] == ["user", "assistant", "tool", "tool"]


def test_r_nam_2_r_nam_4_p_22_names_are_mapped_in_the_history() -> None:
    """The same long name in tools and calls becomes the same legal one."""
    long = "mcp__claude_ai_Some_Connector_of_an_Enterprise__search_and_summarise_everything"
    result = translated(
        user("go"), assistant(tool_use("t1", long)), user(tool_result("t1")), tools=[{**BASH, "name": long}]
    )
    sent = result.body["tools"][0]["function"]["name"]
    assert len(sent) <= 64
    assert result.body["messages"][1]["tool_calls"][0]["function"]["name"] == sent
    assert result.context.tool_names[sent] == long


def test_server_tools_become_text() -> None:
    """33.4: a search of the past and its results are told in words, apart from the text around them."""
    message = answer(
        "Let me look.",
        {"type": "server_tool_use", "id": "s1", "name": "web_search", "input": {"query": "rain"}},
        {
            "type": "web_search_tool_result",
            "tool_use_id": "s1",
            "content": [{"type": "web_search_result", "title": "Rain", "url": "http://r", "encrypted_content": "x"}],
        },
        "It ",
        "rains.",
    )
    paragraphs = message["content"].split("\n\n")
    assert (paragraphs[0], paragraphs[-1]) == ("Let me look.", "It rains.")
    assert "rain" in paragraphs[1]
    assert "http://r" in paragraphs[2]


def test_r_blk_9_unknown_blocks_of_an_assistant() -> None:
    """They are told as text; media have no place in an assistant message."""
    result = translated(user("go"), assistant("a", {"type": "fallback", "x": 1}, image()), user("on"))
    assert result.body["messages"][1]["content"] == 'a\n\n<block type="fallback">{"type":"fallback","x":1}</block>'
    assert "messages.1.image: assistant messages hold text only" in result.context.losses


def test_thinking_is_not_sent_by_default() -> None:
    """No Anthropic key, no reasoning field, a note (invariant 7)."""
    result = translated(user("go"), assistant(thinking("deep"), "a"), user("on"))
    assert result.body["messages"][1] == {"role": "assistant", "content": "a"}
    assert "deep" not in codec.dumps_text(result.body)
    assert any(note.startswith("thinking") for note in result.context.losses)


def test_string_and_list_forms_are_equal() -> None:
    """R-PIP-1: the form of the content means nothing."""
    assert answer("a") == answer(text("a"))
