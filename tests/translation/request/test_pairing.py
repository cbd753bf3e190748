"""Order and pairing of calls, results and what else the user said (spec 10.1, 10.4, 9.5)."""

from __future__ import annotations

from helpers.builders import (
    assistant,
    chat,
    image,
    system,
    target,
    text,
    thinking,
    tool_result,
    tool_use,
    translated,
    user,
)
from tray_app.translation.request.pairing import EMPTY


def roles(messages: list[dict[str, object]]) -> list[object]:
    return [message["role"] for message in messages]


def test_r_ord_1_p_09_p_11_tool_messages_first_and_in_call_order() -> None:
    """Claude Code lists results in completion order and mixes text in."""
    messages = chat(
        user("go"),
        assistant("t", tool_use("A"), tool_use("B")),
        user("before", tool_result("B", "outB"), "between", tool_result("A", "outA"), "after"),
    )
    assert roles(messages) == ["user", "assistant", "tool", "tool", "user"]
    assert [(m["tool_call_id"], m["content"]) for m in messages[2:4]] == [("A", "outA"), ("B", "outB")]


def test_r_ord_2_p_10_text_beside_results_is_kept() -> None:
    """In its own order, in one user message."""
    messages = chat(
        user("go"), assistant(tool_use("A"), tool_use("B")), user(tool_result("B"), "x", tool_result("A"), "y")
    )
    assert messages[-1]["content"] == "x\n\ny"


def test_r_ord_3_reordering_is_noted() -> None:
    """Text before a result goes after it, knowingly; text after it is no loss."""
    moved = translated(user("go"), assistant(tool_use("A")), user("first", tool_result("A")))
    assert "messages.2.content: moved after the tool results" in moved.context.losses
    assert moved.body["messages"][-1]["content"] == "first"
    assert not list(translated(user("go"), assistant(tool_use("A")), user(tool_result("A"), "x")).context.losses)


def test_r_ord_4_results_split_over_messages() -> None:
    """Consecutive user messages that answer one turn are one turn."""
    messages = chat(
        user("go"),
        assistant(tool_use("A"), tool_use("B")),
        user(tool_result("B", "outB"), "x"),
        user(tool_result("A", "outA")),
        user("y"),
    )
    assert roles(messages) == ["user", "assistant", "tool", "tool", "user"]
    assert messages[-1]["content"] == "x\n\ny"


def test_user_messages_in_a_row_stay_apart() -> None:
    """Without results and without the strict-template flag nothing is merged."""
    assert [message["content"] for message in chat(user("a"), user("b"))] == ["a", "b"]


def test_results_find_calls_of_consecutive_assistant_messages() -> None:
    """A turn split over assistant messages keeps its answers, each behind its own call."""
    messages = chat(
        user("go"),
        assistant(tool_use("A")),
        assistant("more", tool_use("B")),
        user(tool_result("B", "outB"), tool_result("A", "outA")),
    )
    assert roles(messages) == ["user", "assistant", "tool", "assistant", "tool"]
    assert [message["content"] for message in messages if message["role"] == "tool"] == ["outA", "outB"]


def test_r_ast_5_p_40_same_id_in_two_turns() -> None:
    """The second call and the result that answers it get an id of their own."""
    turn = [assistant(tool_use("call_0")), user(tool_result("call_0"))]
    messages = chat(user("go"), *turn, *turn)
    assert [m["tool_calls"][0]["id"] for m in messages if m["role"] == "assistant"] == ["call_0", "call_0_2"]
    assert [m["tool_call_id"] for m in messages if m["role"] == "tool"] == ["call_0", "call_0_2"]


def test_r_ast_5_p_40_same_id_twice_in_one_turn() -> None:
    """First result to the first call, second to the second."""
    messages = chat(
        user("go"),
        assistant(tool_use("c", command="1"), tool_use("c", command="2")),
        user(tool_result("c", "one"), tool_result("c", "two")),
    )
    assert [(m["tool_call_id"], m["content"]) for m in messages[2:]] == [("c", "one"), ("c_2", "two")]


def test_r_id_3_p_26_call_and_result_share_the_mapped_id() -> None:
    """Under Mistral's rule as well, stable when the conversation goes on."""
    turns = [user("go"), assistant(tool_use("toolu_1"), tool_use("toolu_2")), user(tool_result("toolu_1"))]
    to = target(tool_id_rule="mistral9")
    messages = chat(*turns, to=to)
    ids = [call["id"] for call in messages[1]["tool_calls"]]
    assert [message["tool_call_id"] for message in messages[2:4]] == ids
    assert chat(*turns, assistant("ok"), user("next"), to=to)[:4] == messages


def test_r_emp_1_empty_user_message_between_assistants() -> None:
    """A placeholder keeps the turns apart."""
    messages = chat(user("a"), assistant("b"), user(text("")), assistant("c"), user("d"))
    assert [message["content"] for message in messages] == ["a", "b", EMPTY, "c", "d"]


def test_r_emp_1_empty_user_message_beside_another() -> None:
    """Where nothing needs it, it is dropped."""
    assert [message["content"] for message in chat(user("a"), user(""), user(text("")))] == ["a"]


def test_r_emp_1_results_alone_need_no_placeholder() -> None:
    """Tool messages separate the turns."""
    messages = chat(user("a"), assistant(tool_use("A")), user(tool_result("A")), assistant("c"), user("d"))
    assert roles(messages) == ["user", "assistant", "tool", "assistant", "user"]


def test_r_emp_2_thinking_only_turn_is_dropped() -> None:
    """Never a message without content and calls."""
    messages = chat(user("a"), assistant(thinking("hm")), user("b"))
    assert [message["content"] for message in messages] == ["a", "b"]


def test_r_emp_3_something_remains() -> None:
    """An empty conversation is one placeholder."""
    assert chat(user("")) == chat(system("")) == [{"role": "user", "content": EMPTY}]
    assert roles(chat(system("only"))) == ["system", "user"]


def test_keep_policy_after_tool_messages() -> None:
    """System text stands after the answers, before the user text that followed it; images go to the user."""
    messages = chat(
        user("go"),
        assistant(tool_use("A")),
        user(tool_result("A"), "x"),
        system("late", image()),
        user("y"),
        to=target(mid_system="keep"),
    )
    assert roles(messages) == ["user", "assistant", "tool", "user", "system", "user"]
    assert [part["type"] for part in messages[-1]["content"]] == ["image_url", "text"]


def test_placeholders_beside_results_are_counted() -> None:
    """R-BLK-6 holds in a turn with results as well."""
    messages = chat(
        user("go"), assistant(tool_use("A")), user(tool_result("A"), image(), image()), to=target(images="none")
    )
    assert messages[-1]["content"] == "[2 images omitted: the model does not accept images]"
