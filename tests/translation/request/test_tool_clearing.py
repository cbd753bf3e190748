"""Old tool results cleared as the client asks (R-CTX-2)."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from helpers.answers import context, events, finish, message, say, stream
from helpers.builders import BASH, assistant, chat, target, tool_result, tool_use, translated, user
from tray_app.translation.request.tool_clearing import CLEAR_TOOL_USES, CLEARED

TO = target(clear_tool_uses=True)
LONG = "line of output\n" * 200
CALLS = 6
HISTORY = [
    user("go"),
    *(
        part
        for number in range(CALLS)
        for part in (
            assistant(tool_use(f"toolu_{number}", "Bash" if number else "Read", command=f"c{number}")),
            user(tool_result(f"toolu_{number}", LONG)),
        )
    ),
]
NOW = {"type": "input_tokens", "value": 100}


def edit(**fields: Any) -> dict[str, Any]:
    return {"edits": [{"type": "clear_thinking_20251015", "keep": "all"}, {"type": CLEAR_TOOL_USES, **fields}]}


def cleared(management: Any, *, to: Any = TO, history: Any = HISTORY) -> list[bool]:
    """Whether the result of each call went."""
    messages = chat(*history, to=to, tools=[BASH], context_management=management)
    return [message["content"] == CLEARED for message in messages if message["role"] == "tool"]


def first(count: int) -> list[bool]:
    return [number < count for number in range(CALLS)]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"trigger": NOW}, first(3)),
        ({"trigger": NOW, "keep": {"type": "tool_uses", "value": 1}}, first(5)),
        ({"trigger": NOW, "keep": {"type": "tool_uses", "value": 0}}, first(6)),
        ({"trigger": NOW, "keep": {"type": "tool_uses", "value": 9}}, first(0)),
        ({"trigger": NOW, "keep": {"type": "tool_uses", "value": -1}}, first(3)),
        ({"trigger": NOW, "keep": "odd"}, first(3)),
        ({"trigger": {"type": "tool_uses", "value": 5}}, first(3)),
        ({"trigger": {"type": "tool_uses", "value": 6}}, first(0)),
        ({}, first(0)),  # 100,000 tokens
        ({"trigger": NOW, "exclude_tools": ["Read", 5]}, [False, True, True, False, False, False]),
        ({"trigger": NOW, "exclude_tools": "Read"}, first(3)),
        ({"trigger": NOW, "clear_at_least": {"type": "input_tokens", "value": 500}}, first(3)),
        ({"trigger": NOW, "clear_at_least": {"type": "input_tokens", "value": 50_000}}, first(0)),
    ],
)
def test_r_ctx_2_the_oldest_results_go_once_the_trigger_is_passed(fields: dict[str, Any], expected: list[bool]) -> None:
    """Trigger, what is kept, what is excluded and how much must be gained are the client's."""
    assert cleared(edit(**fields)) == expected


def test_r_ctx_2_without_the_flag_or_the_edit_nothing_goes() -> None:
    """The default keeps the prompt's prefix and notes the wish."""
    asked = edit(trigger=NOW)
    assert cleared(asked, to=target()) == first(0)
    assert cleared({"edits": []}) == cleared(None) == first(0)
    noted = "context_management.clear_tool_uses_20250919: not applied"
    assert noted in translated(*HISTORY, to=target(), context_management=asked).context.losses
    assert noted not in translated(*HISTORY, to=TO, context_management=asked).context.losses


@pytest.mark.parametrize(
    ("inputs", "arguments"),
    [
        (None, '{"command":"c1"}'),
        (False, '{"command":"c1"}'),
        (True, "{}"),
        (["Bash"], "{}"),
        (["Read"], '{"command":"c1"}'),
    ],
)
def test_r_ctx_2_inputs_go_too_where_asked(inputs: Any, arguments: str) -> None:
    """Of all cleared calls, or of those tools; calls that stay keep theirs."""
    messages = chat(*HISTORY, to=TO, tools=[BASH], context_management=edit(trigger=NOW, clear_tool_inputs=inputs))
    calls = [call["function"]["arguments"] for message in messages for call in message.get("tool_calls", ())]
    assert calls[1] == arguments
    assert calls[-1] == '{"command":"c5"}'


def test_r_ctx_2_unanswered_and_cleared_calls_are_not_cleared_again() -> None:
    """Only a result that is there can go, and only once; the request itself is not changed."""
    history = copy.deepcopy(HISTORY)
    history[2]["content"][0]["content"] = CLEARED
    history[4] = user("never mind")
    before = copy.deepcopy(history)
    applied = translated(*history, to=TO, context_management=edit(trigger=NOW)).context.applied_edits
    assert [done["cleared_tool_uses"] for done in applied] == [1]
    assert history == before


def test_r_ctx_2_what_was_applied_is_told_in_the_answer() -> None:
    """Beside the message's end, in both forms; nothing is told where nothing was done."""
    applied = translated(*HISTORY, to=TO, context_management=edit(trigger=NOW)).context.applied_edits
    assert applied[0]["type"] == CLEAR_TOOL_USES
    assert applied[0]["cleared_tool_uses"] == 3
    assert applied[0]["cleared_input_tokens"] > 1000
    told = {"applied_edits": list(applied)}
    ctx = context(applied_edits=applied)
    (end,) = (event for event in events(stream(say("x"), finish(), ctx=ctx)) if event["type"] == "message_delta")
    assert end["context_management"] == message(say("x"), finish(), ctx=ctx)["context_management"] == told
    assert "context_management" not in message(say("x"), finish())
