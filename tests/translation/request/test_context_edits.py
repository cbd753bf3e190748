"""Edits of the history (17.3) and compaction blocks (33.5)."""

from __future__ import annotations

from typing import Any

import pytest

from helpers.builders import assistant, chat, target, text, thinking, tool_result, tool_use, translated, user
from tray_app.translation.request.context_edits import CLEAR_THINKING
from tray_app.translation.thinking import ThinkingMemory, Thought, seal, text_key

TO = target(reasoning_history="reasoning")


def think(words: str) -> dict[str, Any]:
    return thinking(words, seal(Thought(provider="test", model="model-1", field="reasoning")))


HISTORY = [
    user("q1"),
    assistant(think("T1"), "a1"),
    user("q2"),
    assistant(think("T2"), tool_use("t1")),
    user(tool_result("t1")),
    assistant(think("T3"), "a3"),
    user("q3"),
    assistant("a4"),
    user("q4"),
]


def remaining(*edits: Any, memory: ThinkingMemory | None = None) -> list[str]:
    messages = chat(*HISTORY, to=TO, memory=memory, context_management={"edits": list(edits)})
    return [message["reasoning"] for message in messages if "reasoning" in message]


def clear(keep: Any = None) -> dict[str, Any]:
    return {"type": CLEAR_THINKING, **({"keep": keep} if keep is not None else {})}


@pytest.mark.parametrize(
    ("keep", "left"),
    [
        ("all", ["T1", "T2", "T3"]),
        ({"type": "all"}, ["T1", "T2", "T3"]),
        (None, ["T2", "T3"]),
        ({"type": "thinking_turns", "value": 1}, ["T2", "T3"]),
        ({"type": "thinking_turns", "value": 2}, ["T1", "T2", "T3"]),
        ({"type": "thinking_turns", "value": 9}, ["T1", "T2", "T3"]),
        ({"type": "thinking_turns", "value": 0}, []),
        ({"type": "thinking_turns", "value": -1}, ["T2", "T3"]),
        ("odd", ["T2", "T3"]),
    ],
)
def test_r_ctx_1_clear_thinking(keep: Any, left: list[str]) -> None:
    """Thinking of the last turns stays; a tool loop is one turn, turns without thinking do not count."""
    assert remaining(clear(keep)) == left


def test_r_ctx_1_without_the_edit_all_stays() -> None:
    """Nothing is cleared unasked; malformed edits are nothing."""
    assert remaining() == remaining("odd") == ["T1", "T2", "T3"]
    assert len(chat(*HISTORY, context_management={"edits": "odd"})) == len(chat(*HISTORY, context_management={}))


def test_r_ctx_1_memory_does_not_bring_it_back() -> None:
    """What the client wants cleared is not recalled, but noted."""
    memory = ThinkingMemory()
    memory.remember([text_key("a1")], Thought(provider="test", model="model-1", text="T1"))
    assert remaining(clear(), memory=memory) == ["T2", "T3"]
    result = translated(*HISTORY, to=TO, context_management={"edits": [clear()]})
    assert "thinking: cleared as the client asked" in result.context.losses


@pytest.mark.parametrize("edit", ["clear_tool_uses_20250919", "compact_20260112"])
def test_r_ctx_2_r_ctx_3_other_edits_are_noted(edit: str) -> None:
    """Not emulated: the tool results stay as they are."""
    result = translated(*HISTORY, context_management={"edits": [{"type": edit}]})
    assert f"context_management.{edit}: not applied" in result.context.losses
    assert any(message.get("content") == "out" for message in result.body["messages"])


@pytest.mark.parametrize("content", ["S", [text("S")]])
def test_compaction_replaces_what_was_before(content: Any) -> None:
    """Everything before the block gives way to its summary, told by the user."""
    messages = chat(
        user("old"),
        assistant("older", {"type": "compaction", "content": content}, "then"),
        user("new"),
    )
    assert [(message["role"], message["content"]) for message in messages] == [
        ("user", "<summary>\nS\n</summary>"),
        ("assistant", "then"),
        ("user", "new"),
    ]


def test_compaction_alone_in_its_turn() -> None:
    """No empty assistant message is left."""
    messages = chat(user("old"), assistant({"type": "compaction", "content": "S"}), user("new"))
    assert [message["role"] for message in messages] == ["user", "user"]


def test_the_last_compaction_counts() -> None:
    """Earlier ones are part of what was summarised."""
    turns = [assistant({"type": "compaction", "content": name}) for name in ("S1", "S2")]
    assert "S1" not in str(chat(user("a"), turns[0], user("b"), turns[1], user("c")))


def test_a_failed_compaction_changes_nothing() -> None:
    """Without content there is no summary, and the history stays."""
    messages = chat(user("old"), assistant("a", {"type": "compaction", "content": None}), user("new"))
    assert [message["content"] for message in messages] == ["old", "a", "new"]
