"""Out and back: what an upstream answered, sent back by the client as history, is what the upstream said (invariant 9)."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.builders import BASH, READ, request_body, target, tool_result, user
from tray_app.translation import codec
from tray_app.translation.answer.answers import WholeAnswer
from tray_app.translation.context import Target
from tray_app.translation.request.pipeline import Translated, translate
from tray_app.translation.thinking import ThinkingMemory

TOOLS = [BASH, READ]
THINKING = {"type": "adaptive"}


class Session:
    """A client and the proxy between it and an upstream of kind `to`."""

    def __init__(self, to: Target, **fields: Any) -> None:
        self.memory = ThinkingMemory()
        self.messages = [user("go")]
        self._to = to
        self._fields = {"tools": TOOLS, **fields}
        self._numbers = itertools.count(10**9)

    def request(self) -> Translated:
        """The next request, as it goes upstream."""
        return translate(request_body(*self.messages, **self._fields), self._to, memory=self.memory)

    def receive(self, message: dict[str, Any]) -> list[dict[str, Any]]:
        """Let the upstream answer `message`; the client's blocks of it, which become history."""
        answer = WholeAnswer(self.request().context, new_id=self._new_id, request_id="req_1", memory=self.memory)
        finish = "tool_calls" if message.get("tool_calls") else "stop"
        choice = {"index": 0, "message": {"role": "assistant", **message}, "finish_reason": finish}
        answer.feed(codec.dumps({"id": "c1", "model": "m", "choices": [choice]}))
        answer.close()
        blocks: list[dict[str, Any]] = answer.message()["content"]
        self.messages.append({"role": "assistant", "content": blocks})
        calls = [block["id"] for block in blocks if block["type"] == "tool_use"]
        self.messages.append(user(*map(tool_result, calls)) if calls else user("next"))
        return blocks

    def sent_back(self) -> dict[str, Any]:
        """The last assistant message as the upstream sees it in the next request."""
        messages = self.request().body["messages"]
        return next(message for message in reversed(messages) if message["role"] == "assistant")

    def _new_id(self) -> str:
        return f"{next(self._numbers)}AAAAAAAAAAAAAAAA"


def call(upstream_id: str, arguments: str, name: str = "Bash", **extra: Any) -> dict[str, Any]:
    return {"id": upstream_id, "type": "function", "function": {"name": name, "arguments": arguments}, **extra}


ARGUMENTS = st.dictionaries(st.text(max_size=5), st.one_of(st.integers(), st.text(max_size=9), st.none()), max_size=3)
IDS = st.sampled_from(["call_0", "functions.Bash:0", "1", "call_abcdefghijklmnopqrst"])


@settings(max_examples=150, deadline=None)
@given(
    st.text(min_size=1, max_size=20).filter(lambda words: bool(words.strip())),
    st.lists(st.tuples(IDS, st.sampled_from(["Bash", "Read"]), ARGUMENTS), max_size=3, unique_by=lambda c: c[0]),
)
def test_invariant_9_content_and_calls(words: str, calls: list[tuple[str, str, dict[str, Any]]]) -> None:
    """Content, names, ids and argument bytes, for an upstream that likes its own ids."""
    session = Session(target(tool_id_rule="own"))
    tool_calls = [call(upstream_id, codec.dumps_text(value), name) for upstream_id, name, value in calls]
    answer = {"content": words, **({"tool_calls": tool_calls} if tool_calls else {})}
    session.receive(answer)
    assert session.sent_back() == {"role": "assistant", **answer}


@pytest.mark.parametrize(
    ("dialect", "field"),
    [("reasoning_content", "reasoning_content"), ("reasoning", "reasoning"), ("reasoning_content", "reasoning")],
)
@pytest.mark.parametrize("view", ["summarized", "omitted", "absent"])
def test_invariant_9_reasoning(dialect: str, field: str, view: str) -> None:
    """In its own field, whether the client sees it, hides it or never asked for it (R-THK-5, R-THK-8)."""
    wish = {"thinking": {**THINKING, "display": view}} if view != "absent" else {}
    session = Session(target(reasoning_history=dialect), **wish)
    blocks = session.receive({"content": None, field: "deep", "tool_calls": [call("call_0", "{}")]})
    assert ("deep" in str(blocks)) is (view == "summarized")
    assert session.sent_back()[field] == "deep"


def test_p_40_repeated_upstream_ids() -> None:
    """Two turns with `call_0`: different for the client, and both map back."""
    session = Session(target(tool_id_rule="own"))
    shown = [session.receive({"content": None, "tool_calls": [call("call_0", "{}")]})[0]["id"] for _ in range(2)]
    assert shown[0] != shown[1]
    sent = session.request().body["messages"]
    assert [m["tool_calls"][0]["id"] for m in sent if m["role"] == "assistant"] == ["call_0", "call_0"]
    assert [m["tool_call_id"] for m in sent if m["role"] == "tool"] == ["call_0", "call_0"]


def test_p_45_order_of_blocks() -> None:
    """Thinking, text, calls: the order that replays."""
    session = Session(target(), thinking=THINKING)
    blocks = session.receive({"content": "a", "reasoning_content": "deep", "tool_calls": [call("call_0", "{}")]})
    assert [block["type"] for block in blocks] == ["thinking", "text", "tool_use"]


def test_p_35_gemini_signatures() -> None:
    """On the same call next turn; after a restart the bypass value."""
    session = Session(target(reasoning_history="gemini"))
    extra = {"extra_content": {"google": {"thought_signature": "SIG"}}}
    session.receive({"content": None, "tool_calls": [call("call_0", "{}", **extra), call("call_1", "{}")]})
    assert [one.get("extra_content") for one in session.sent_back()["tool_calls"]] == [extra["extra_content"], None]
    session.memory = ThinkingMemory()
    (first, second) = session.sent_back()["tool_calls"]
    assert first["extra_content"]["google"]["thought_signature"] == "skip_thought_signature_validator"
    assert "extra_content" not in second


def test_invariant_9_reasoning_details() -> None:
    """OpenRouter's opaque entries verbatim, without any memory."""
    details = [{"type": "reasoning.encrypted", "data": "blob", "id": "r1", "format": "x"}]
    session = Session(target(reasoning_history="details"), thinking=THINKING)
    session.receive({"content": "a", "reasoning": "deep", "reasoning_details": details})
    session.memory = ThinkingMemory()
    assert session.sent_back()["reasoning_details"] == details
