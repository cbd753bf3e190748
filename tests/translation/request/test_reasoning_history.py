"""Reasoning of earlier turns in every upstream's dialect (spec 11.2, 11.3)."""

from __future__ import annotations

from typing import Any

import pytest

from helpers.builders import (
    assistant,
    chat,
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
from tray_app.translation import codec
from tray_app.translation.context import Target
from tray_app.translation.request.reasoning_history import GEMINI_BYPASS
from tray_app.translation.thinking import ThinkingMemory, Thought, call_key, seal, text_key

DETAILS = [{"type": "reasoning.text", "text": "T", "signature": "s"}]


def to_dialect(dialect: str, **fields: Any) -> Target:
    return target(reasoning_history=dialect, **fields)


def thought(**fields: Any) -> Thought:
    """A thought of the default target."""
    return Thought(**{"provider": "test", "model": "model-1", "field": "", "text": "T", **fields})


def block(words: str = "T", **fields: Any) -> dict[str, Any]:
    """A thinking block that came from the default target."""
    return thinking(words, seal(thought(text=words, **fields)))


def redacted(**fields: Any) -> dict[str, Any]:
    return {"type": "redacted_thinking", "data": seal(thought(**fields), hidden=True)}


def turn(to: Target, *blocks: Any, **fields: Any) -> dict[str, Any]:
    """The chat message of an assistant turn made of `blocks`."""
    calls = [b["id"] for b in blocks if isinstance(b, dict) and b["type"] == "tool_use"]
    answers = [tool_result(call) for call in calls] or ["on"]
    return chat(user("go"), assistant(*blocks), user(*answers), to=to, **fields)[1]


@pytest.mark.parametrize(
    ("dialect", "opaque", "expected"),
    [
        ("drop", None, {}),
        ("reasoning_content", None, {"reasoning_content": "T"}),
        ("reasoning_content_tools", None, {}),
        ("reasoning", None, {"reasoning": "T"}),
        ("details", DETAILS, {"reasoning_details": DETAILS}),
        ("details", None, {"reasoning": "T"}),
        ("copilot", ["blob"], {"reasoning_text": "T", "reasoning_opaque": "blob"}),
        ("copilot", None, {"reasoning_text": "T"}),
        ("gemini", None, {}),
    ],
)
def test_p_29_dialects_of_a_text_turn(dialect: str, opaque: Any, expected: dict[str, Any]) -> None:
    """Each field where its upstream reads it."""
    message = turn(to_dialect(dialect), block(opaque=opaque), "a")
    assert message == {"role": "assistant", "content": "a", **expected}


def test_dialect_mistral() -> None:
    """A thinking part in front of the text part."""
    message = turn(to_dialect("mistral"), block(), "a")
    part = {"type": "thinking", "thinking": [text("T")], "closed": True}
    assert message["content"] == [part, text("a")]
    assert turn(to_dialect("mistral"), block(), tool_use("t1"))["content"] == [part]
    assert turn(to_dialect("mistral"), redacted(text="", opaque="x"), "a")["content"] == "a"


def test_dialect_think_tag() -> None:
    """Inside the content, in front."""
    assert turn(to_dialect("think_tag"), block(), "a")["content"] == "<think>T</think>a"
    assert turn(to_dialect("think_tag"), block(), tool_use("t1"))["content"] == "<think>T</think>"
    assert turn(to_dialect("think_tag"), redacted(text="", opaque="x"), "a")["content"] == "a"


def test_dialect_copilot_opaque_alone() -> None:
    """State without text goes back as well."""
    message = turn(to_dialect("copilot"), redacted(text="", opaque=["blob"]), "a")
    assert message == {"role": "assistant", "content": "a", "reasoning_opaque": "blob"}
    plain = turn(to_dialect("reasoning"), redacted(text="", opaque=["blob"]), "a")
    assert plain == {"role": "assistant", "content": "a"}


def test_p_29_tool_turns_of_deepseek() -> None:
    """The text is on the turn with calls; unknown reasoning is back-filled empty."""
    to = to_dialect("reasoning_content_tools")
    assert turn(to, block(), "a", tool_use("t1"))["reasoning_content"] == "T"
    assert turn(to, "a", tool_use("t1"))["reasoning_content"] == ""


def test_p_30_field_of_groq() -> None:
    """No `reasoning_content` where it is refused."""
    message = turn(to_dialect("reasoning"), block(), tool_use("t1"))
    assert "reasoning_content" not in message
    assert message["reasoning"] == "T"


def test_r_thk_2_foreign_signatures_never_leave() -> None:
    """Anthropic's own signatures mean nothing elsewhere."""
    body = translate_body(user("a"), assistant(thinking("deep", "EqQBCk"), "b"), user("c"), to=to_dialect("reasoning"))
    assert "EqQBCk" not in codec.dumps_text(body)
    assert "deep" not in codec.dumps_text(body)


def test_r_thk_4_redacted_thinking() -> None:
    """Ours gives its state back, a foreign one is dropped with a note."""
    assert turn(to_dialect("details"), redacted(text="", opaque=DETAILS), "a")["reasoning_details"] == DETAILS
    foreign = {"type": "redacted_thinking", "data": "EmwKAhgB"}
    result = translated(user("a"), assistant(foreign, "b"), user("c"), to=to_dialect("details"))
    assert result.body["messages"][1] == {"role": "assistant", "content": "b"}
    assert "thinking: reasoning of another model is not sent" in result.context.losses


def test_hidden_thinking_is_in_the_envelope() -> None:
    """A block with empty text gives back the text that travelled inside (R-THD-2)."""
    hidden = thinking("", seal(thought(text="secret"), hidden=True))
    assert turn(to_dialect("reasoning"), hidden, "a")["reasoning"] == "secret"


@pytest.mark.parametrize("dialect", ["reasoning", "reasoning_content", "reasoning_content_tools"])
def test_r_thk_5_the_upstreams_own_field(dialect: str) -> None:
    """The field it used itself wins over the record's."""
    message = turn(to_dialect(dialect), block(field="reasoning_text"), "a", tool_use("t1"))
    assert message["reasoning_text"] == "T"
    assert not {"reasoning", "reasoning_content"} & set(message)


@pytest.mark.parametrize("origin", [{"provider": "other"}, {"model": "other"}])
def test_r_thk_6_another_model(origin: dict[str, str]) -> None:
    """Its opaque state never; its text only where the record says so."""
    blocks = [block(opaque=DETAILS, **origin), "a"]
    assert turn(to_dialect("details"), *blocks) == {"role": "assistant", "content": "a"}
    kept = turn(to_dialect("details", foreign_thinking="text"), *blocks)
    assert kept == {"role": "assistant", "content": "a", "reasoning": "T"}
    assert turn(to_dialect("reasoning", foreign_thinking="text"), thinking("deep"), "a")["reasoning"] == "deep"


def test_r_thk_7_several_blocks() -> None:
    """Texts by lines, opaque state in order."""
    blocks = [block("T1", opaque=[1]), "a", block("T2", opaque=[2])]
    assert turn(to_dialect("details"), *blocks)["reasoning_details"] == [1, 2]
    assert turn(to_dialect("reasoning"), *blocks)["reasoning"] == "T1\nT2"


def test_r_thk_8_memory_by_call_and_by_text() -> None:
    """What the client dropped is remembered."""
    memory = ThinkingMemory()
    memory.remember([call_key("t1"), text_key("Hello")], thought())
    to = to_dialect("reasoning_content")
    assert turn(to, tool_use("t1"), memory=memory)["reasoning_content"] == "T"
    assert turn(to, "Hel", "lo", memory=memory)["reasoning_content"] == "T"
    assert "reasoning_content" not in turn(to, "Other", memory=memory)


def test_r_thk_8_memory_of_another_model_is_not_used() -> None:
    """After a switch of models."""
    memory = ThinkingMemory()
    memory.remember([call_key("t1")], thought(model="other"))
    assert "reasoning_content" not in turn(to_dialect("reasoning_content"), tool_use("t1"), memory=memory)


def test_r_thk_8_the_clients_own_block_wins() -> None:
    """The memory only fills gaps."""
    memory = ThinkingMemory()
    memory.remember([call_key("t1")], thought(text="old"))
    assert turn(to_dialect("reasoning"), block("new"), tool_use("t1"), memory=memory)["reasoning"] == "new"


@pytest.mark.parametrize(
    ("dialect", "filler", "expected"),
    [
        ("reasoning_content", None, {}),
        ("reasoning_content", " ", {"reasoning_content": " "}),
        ("reasoning_content_tools", " ", {"reasoning_content": " "}),
        ("reasoning", "", {"reasoning": ""}),
        ("details", "", {}),
    ],
)
def test_r_thk_9_back_fill(dialect: str, filler: str | None, expected: dict[str, str]) -> None:
    """The record names it; it is for tool turns only and never prose."""
    to = to_dialect(dialect, reasoning_backfill=filler)
    message = turn(to, tool_use("t1"))
    assert {key: message[key] for key in message if key.startswith("reasoning")} == expected
    assert turn(to, "a") == {"role": "assistant", "content": "a"}


def thinking_of(*messages: dict[str, Any], disable: bool = True) -> str:
    to = to_dialect(
        "reasoning_content", reasoning_request="deepseek", thinking_disable_if_missing=disable, effort_values=("high",)
    )
    body = translate_body(*messages, to=to, thinking={"type": "enabled", "budget_tokens": 2000})
    return str(body["thinking"]["type"])


def test_r_thk_9_thinking_off_when_the_tool_turn_is_unrecoverable() -> None:
    """Only while the turn goes on: the user's next words end it."""
    lost = [user("go"), assistant(tool_use("t1")), user(tool_result("t1"))]
    assert thinking_of(*lost) == "disabled"
    assert thinking_of(*lost, disable=False) == "enabled"
    assert thinking_of(*lost, system("reminder")) == "disabled"
    assert thinking_of(*lost, assistant("done"), user("next")) == "enabled"
    assert thinking_of(user("go"), assistant(block(), tool_use("t1")), user(tool_result("t1"))) == "enabled"


def signatures(*messages: dict[str, Any], memory: ThinkingMemory | None = None) -> list[str | None]:
    sent = chat(*messages, to=to_dialect("gemini"), memory=memory)
    calls = [call for message in sent for call in message.get("tool_calls", ())]
    return [call.get("extra_content", {}).get("google", {}).get("thought_signature") for call in calls]


def test_r_gem_2_signature_from_the_memory() -> None:
    """It goes back on its own call and on no other."""
    memory = ThinkingMemory()
    memory.remember([call_key("t1")], thought(field="gemini", text="", opaque=["SIG"]))
    batch = assistant(tool_use("t1"), tool_use("t2"))
    assert signatures(user("go"), batch, user(tool_result("t1"), tool_result("t2")), memory=memory) == ["SIG", None]


def test_r_gem_2_signature_from_the_block_before() -> None:
    """An envelope belongs to the call that follows it."""
    batch = assistant(redacted(text="", opaque="S1"), tool_use("t1"), redacted(text="", opaque=["S2"]), tool_use("t2"))
    assert signatures(user("go"), batch) == ["S1", "S2"]


def test_r_gem_2_state_that_is_no_signature() -> None:
    """Something else in the envelope is not sent as one."""
    assert signatures(user("go"), assistant(redacted(text="", opaque=DETAILS), tool_use("t1"))) == [GEMINI_BYPASS]


def test_r_gem_3_bypass_for_a_missing_signature() -> None:
    """On the first call of a batch, in old turns too: the bytes of the history never change."""
    loop = [user("go"), assistant(tool_use("t1"), tool_use("t2")), user(tool_result("t1"), tool_result("t2"))]
    assert signatures(*loop) == [GEMINI_BYPASS, None]
    assert signatures(*loop, assistant("ok"), user("next")) == [GEMINI_BYPASS, None]


def test_p_32_envelopes_never_reach_an_upstream() -> None:
    """Not as a signature, not inside anything else."""
    messages = [user("a"), assistant(block(opaque=DETAILS), redacted(opaque="x"), "b"), user("c")]
    for dialect in ("drop", "reasoning", "details", "mistral", "gemini", "think_tag"):
        assert "dgm1." not in codec.dumps_text(translate_body(*messages, to=to_dialect(dialect)))
