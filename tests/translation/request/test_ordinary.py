"""The short way gives what the long way gives, and leaves alone what it must not touch."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.builders import (
    EPHEMERAL,
    assistant,
    conversion,
    image,
    read_exchanges,
    system,
    target,
    text,
    thinking,
    tool_result,
    tool_use,
    translate_body,
    user,
)
from tray_app.translation import codec
from tray_app.translation.names import ToolNames
from tray_app.translation.request import pairing
from tray_app.translation.request.content import settle
from tray_app.translation.request.conversation import Exchange
from tray_app.translation.request.conversion import Conversion
from tray_app.translation.request.ordinary import convert_ordinary
from tray_app.translation.request.pairing import convert_exchange, convert_thoroughly
from tray_app.translation.thinking import ThinkingMemory, Thought, call_key, seal

WORDS = st.sampled_from(["", "a", " b\n", "Error: é\u2028"])
IDS = st.sampled_from(["toolu_1", "toolu_2", "functions.Bash:0", "call:" + "9" * 70])
INPUTS: list[Any] = [{}, {"é": [1, {"b": None}]}, None, '{"a": 1}', "no JSON", 3]
CALLS = st.builds(
    lambda call, name, value: {**tool_use(call, name), "input": value},
    IDS,
    st.sampled_from(["Bash", "Read", "mcp." + "x" * 80]),
    st.sampled_from(INPUTS),
)
OURS = Thought(provider="test", model="model-1", field="reasoning", text="mine", opaque=["o"])
THOUGHTS = st.sampled_from(
    [
        thinking("hm"),
        thinking("mine", seal(OURS)),
        {"type": "redacted_thinking", "data": seal(OURS, hidden=True)},
        {**thinking("odd"), "novelty": 1},
    ]
)
TURNS = st.builds(
    lambda before, calls: [*before, *calls],
    st.lists(st.one_of(WORDS.map(text), THOUGHTS), max_size=3),
    st.lists(CALLS, max_size=3),
)
RESULT_CONTENTS = st.one_of(WORDS, WORDS.map(lambda words: [text(words)]))
# What makes an exchange extraordinary, one at a time.
SPOILERS = st.sampled_from(
    [
        lambda said, answers: ([*said, text("late")], answers),
        lambda said, answers: ([*said, thinking("late")], answers),
        lambda said, answers: ([{**thinking("hm"), "cache_control": EPHEMERAL}, *said], answers),
        lambda said, answers: ([text("a", cache_control=EPHEMERAL), *said], answers),
        lambda said, answers: ([*said, tool_use("toolu_9", "")], [*answers, tool_result("toolu_9")]),
        lambda said, answers: (said, answers[::-1]),
        lambda said, answers: (said, answers[:-1]),
        lambda said, answers: (said, [*answers, text("and"), text(""), text("so on")]),
        lambda said, answers: (said, [*answers, text(""), *[text("[image omitted: one]")] * 2]),
        lambda said, answers: (said, [*answers, text("and"), tool_result("toolu_9")]),
        lambda said, answers: (said, [text("first"), *answers]),
        lambda said, answers: (said, [*answers, text("and", cache_control=EPHEMERAL)]),
        lambda said, answers: (said, [tool_result("toolu_1", "odd", is_error=True), *answers[1:]]),
        lambda said, answers: (said, [tool_result("toolu_1", "odd", cache_control=EPHEMERAL), *answers[1:]]),
        lambda said, answers: (said, [tool_result("toolu_1", [text("odd", cache_control=EPHEMERAL)]), *answers[1:]]),
        lambda said, answers: (said, [tool_result("toolu_1", [text("a"), text("b")]), *answers[1:]]),
    ]
)
TARGETS = [
    target(),
    target(tool_id_rule="mistral9", assistant_content_when_tools="omit"),
    target(tool_id_rule="own", assistant_content_when_tools="empty"),
    target(tool_result_name=True),
    target(tool_result_parts=True, cache_control="anthropic"),
    target(reasoning_history="gemini"),
    target(reasoning_history="reasoning_content"),
    target(reasoning_history="reasoning_content_tools"),
    target(reasoning_history="details", thinking_disable_if_missing=True),
    target(reasoning_history="mistral"),
    target(reasoning_history="think_tag"),
    target(reasoning_history="reasoning", foreign_thinking="text"),
]


@st.composite
def conversations(draw: st.DrawFn) -> list[dict[str, Any]]:
    """A user's wish and some exchanges, most of them ordinary."""
    messages = [user("go")]
    for _ in range(draw(st.integers(1, 4))):
        said = draw(TURNS)
        answers = [tool_result(block["id"], draw(RESULT_CONTENTS)) for block in said if block["type"] == "tool_use"]
        if draw(st.integers(0, 3)) == 0:
            said, answers = draw(SPOILERS)(said, answers)
        messages += [assistant(*said), user(*answers)]
    return messages


def _memory() -> ThinkingMemory:
    """It knows the reasoning of one of the calls."""
    memory = ThinkingMemory()
    memory.remember(
        [call_key("toolu_1")], Thought(provider="test", model="model-1", field="reasoning_content", text="so")
    )
    return memory


def _state(to: Any) -> Conversion:
    names = ToolNames(["Bash", "Read"], to.capabilities)
    return Conversion(target=to, memory=_memory(), upstream_name=names.upstream)


@settings(max_examples=400, deadline=None)
@given(conversations(), st.sampled_from(TARGETS), st.booleans())
def test_both_ways_give_the_same(messages: list[dict[str, Any]], to: Any, cleared: bool) -> None:
    """The same bytes, the same notes, and the same state for the exchanges that follow."""
    short, long = _state(to), _state(to)
    for exchange in read_exchanges(messages):
        quick = convert_exchange(exchange, short, cleared=cleared)
        thorough = convert_thoroughly(exchange, long, cleared=cleared)
        settle(quick, short)
        settle(thorough, long)
        assert codec.dumps(quick) == codec.dumps(thorough)
        assert short.thinking_missing == long.thinking_missing
    assert list(short.losses) == list(long.losses)


@pytest.mark.parametrize("to", [*TARGETS, target(merge_same_role=True, text_only_string=False)])
def test_what_comes_after_finds_the_same(to: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Markers, neighbours and an unfinished answer join a short way's messages as they join any other."""
    messages = [
        user({**image(), "cache_control": EPHEMERAL}),
        assistant("a", tool_use("toolu_1")),
        user(tool_result("toolu_1", "one")),
        assistant("b"),
        system(text("")),
        assistant("c", tool_use("toolu_2")),
        user(tool_result("toolu_2", [text("two")])),
        assistant("d"),
    ]
    short = translate_body(*messages, to=to, cache_control=EPHEMERAL)
    monkeypatch.setattr(pairing, "convert_ordinary", lambda *_, **__: [])
    assert codec.dumps(short) == codec.dumps(translate_body(*messages, to=to, cache_control=EPHEMERAL))


def _exchange(said: list[Any], *answers: Any) -> Exchange:
    return read_exchanges([assistant(*said), user(*answers)])[0]


@pytest.mark.parametrize("said", ["Let me look.", ""])
def test_a_tool_loop_goes_the_short_way(said: str) -> None:
    """Otherwise there would be no use in it."""
    exchange = _exchange(
        [text(said), tool_use("A"), tool_use("B")], tool_result("A", "a"), tool_result("B", [text("b")])
    )
    messages = convert_ordinary(exchange, conversion(), cleared=False)
    assert [message["role"] for message in messages] == ["assistant", "tool", "tool"]


def test_a_reminder_after_the_results_is_ordinary() -> None:
    """Clients put many there; it is a user message of its own, and an empty one is none."""
    exchange = _exchange([tool_use("A")], tool_result("A", "a"), "and", "")
    messages = convert_ordinary(exchange, conversion(), cleared=False)
    assert messages[2:] == [{"role": "user", "content": [text("and")]}]


def test_thinking_before_the_calls_is_ordinary() -> None:
    """Every turn of a model that thinks has some; it goes where this upstream wants it."""
    exchange = _exchange([thinking("mine", seal(OURS)), tool_use("A")], tool_result("A", "a"))
    messages = convert_ordinary(exchange, conversion(reasoning_history="reasoning"), cleared=False)
    assert messages[0]["reasoning"] == "mine"


@pytest.mark.parametrize(
    "exchange",
    [
        _exchange([tool_use("A")], "first", tool_result("A")),
        _exchange([tool_use("A")], tool_result("A"), text("and", cache_control=EPHEMERAL)),
        _exchange([tool_use("A")], {"type": "novelty", "content": "x"}),
        _exchange([tool_use("A")], tool_result("B")),
        _exchange([tool_use("A"), tool_use("B")], tool_result("A")),
        _exchange([tool_use("A")], tool_result("A", is_error=True)),
        _exchange([tool_use("A"), "late"], tool_result("A")),
        _exchange([tool_use("A"), thinking("late")], tool_result("A")),
        _exchange([text("a", cache_control=EPHEMERAL), tool_use("A")], tool_result("A")),
        read_exchanges([assistant(tool_use("A"))])[0],
        read_exchanges([assistant("a"), assistant(tool_use("A")), user(tool_result("A"))])[0],
        read_exchanges([assistant(tool_use("A")), {"role": "system", "content": [tool_result("A")]}])[0],
    ],
)
def test_other_exchanges_are_left_to_the_long_way(exchange: Exchange) -> None:
    """Before anything has been done that it would do a second time."""
    state = conversion()
    assert convert_ordinary(exchange, state, cleared=False) == []
    assert state.ids.allocate("A") == "A"
