"""Prefill, bridging and strict templates (R-AST-7, 10.5)."""

from __future__ import annotations

from typing import Any

import pytest

from helpers.builders import (
    EPHEMERAL,
    assistant,
    chat,
    image,
    system,
    target,
    text,
    thinking,
    tool_result,
    tool_use,
    translate_body,
    translated,
    user,
)
from tray_app.translation.request.alternation import BRIDGE, CONTINUE, CONTINUES

STRICT = target(merge_same_role=True, first_user=True)


def roles(messages: list[dict[str, Any]]) -> list[str]:
    return [message["role"] for message in messages]


def test_r_ast_7_unsupported_prefill_is_asked_for() -> None:
    """The model is told to continue, and the ledger knows."""
    result = translated(user("a"), assistant("Once upon "))
    assert [message["content"] for message in result.body["messages"]] == ["a", "Once upon ", CONTINUE]
    assert any(note.startswith("prefill") for note in result.context.losses)


@pytest.mark.parametrize(
    ("style", "marks", "fields"),
    [
        ("native", {}, {}),
        ("prefix", {"prefix": True}, {}),
        ("partial", {"partial": True}, {}),
        ("vllm", {}, {"continue_final_message": True, "add_generation_prompt": False}),
    ],
)
def test_r_ast_7_native_prefill(style: str, marks: dict[str, Any], fields: dict[str, Any]) -> None:
    """Each upstream's way; trailing white space is stripped."""
    body = translate_body(user("a"), assistant("Once upon \n"), to=target(prefill=style))
    assert body["messages"][-1] == {"role": "assistant", "content": "Once upon", **marks}
    assert fields.items() <= body.items()


def test_r_ast_7_blank_prefill_is_dropped() -> None:
    """White space alone is no beginning."""
    assert roles(chat(user("a"), assistant(" \n"), to=target(prefill="prefix"))) == ["user"]


def test_r_bri_1_bridge_between_tool_and_user() -> None:
    """One constant assistant message where a template refuses user after tool."""
    turns = [user("a"), assistant(tool_use("t1")), user(tool_result("t1"), "b")]
    messages = chat(*turns, to=target(no_user_after_tool=True))
    assert roles(messages) == ["user", "assistant", "tool", "assistant", "user"]
    assert messages[3] == {"role": "assistant", "content": BRIDGE}
    assert roles(chat(*turns)) == ["user", "assistant", "tool", "user"]


def test_r_bri_2_p_120_user_messages_are_merged() -> None:
    """A strict alternation template sees one user message per turn."""
    messages = chat(user("a"), system("reminder"), user("b"), assistant("c"), user("d"), to=STRICT)
    assert roles(messages) == ["user", "assistant", "user"]
    assert messages[0]["content"] == "a\n\n<system-reminder>\nreminder\n</system-reminder>\n\nb"


def test_r_bri_2_lists_are_concatenated() -> None:
    """Images keep their place."""
    (message,) = chat(user("a", image()), user("b"), to=STRICT)
    assert [part["type"] for part in message["content"]] == ["text", "image_url", "text"]


def test_r_bri_2_assistant_messages_are_merged() -> None:
    """Texts are joined and the calls of the second are kept."""
    messages = chat(
        user("a"), assistant("b"), assistant("c", tool_use("t1")), user(tool_result("t1")), user("d"), to=STRICT
    )
    assert roles(messages) == ["user", "assistant", "tool", "user"]
    assert messages[1]["content"] == "b\n\nc"
    assert len(messages[1]["tool_calls"]) == 1


def test_r_bri_2_text_and_calls_alone_are_merged() -> None:
    """The second may have no text at all, or a cache marker."""
    turns = [user("a"), assistant("b"), assistant(tool_use("t1")), user("d")]
    assert chat(*turns, to=STRICT)[1]["content"] == "b"
    marked = [user("a"), assistant("b"), assistant(text("c", cache_control=EPHEMERAL)), user("d")]
    to = target(merge_same_role=True, cache_control="anthropic")
    assert chat(*marked, to=to)[1]["content"] == [text("b\n\nc", cache_control=EPHEMERAL)]


def test_r_bri_2_mistral_reasoning_is_not_flattened() -> None:
    """Parts that are no text stay parts."""
    to = target(merge_same_role=True, reasoning_history="mistral", foreign_thinking="text")
    messages = chat(user("a"), assistant("b"), assistant(thinking("hm"), "c"), user("d"), to=to)
    assert [part["type"] for part in messages[1]["content"]] == ["text", "thinking", "text"]


def test_r_bri_2_calls_are_not_merged_into() -> None:
    """A message with calls is followed by its answers."""
    turns = [user("a"), assistant(tool_use("t1")), assistant("c"), user("d")]
    assert roles(chat(*turns, to=STRICT)) == ["user", "assistant", "tool", "assistant", "user"]


def test_r_emp_2_neighbours_of_a_dropped_turn_are_merged() -> None:
    """Under a strict template only."""
    turns = [user("a"), assistant(thinking("hm")), user("b")]
    assert [message["content"] for message in chat(*turns, to=STRICT)] == ["a\n\nb"]


def test_r_bri_3_user_first() -> None:
    """A template that needs a user message first gets a constant one."""
    turns = [assistant("hello"), user("a")]
    messages = chat(*turns, to=STRICT, system="S")
    assert [message["content"] for message in messages] == ["S", CONTINUES, "hello", "a"]
    assert roles(chat(*turns)) == ["assistant", "user"]


def test_r_bri_4_there_is_a_user_message() -> None:
    """Some servers refuse a conversation without one."""
    messages = chat(assistant(tool_use("t1")), user(tool_result("t1")))
    assert roles(messages) == ["user", "assistant", "tool"]
