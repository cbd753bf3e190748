"""Thinking in requests that are passed through."""

from __future__ import annotations

from typing import Any

import pytest

from helpers.builders import assistant, request_body, text, thinking, tool_result, tool_use, user
from tray_app.translation.losses import Losses
from tray_app.translation.passthrough.thinking import clean_thinking, remove_thinking, thinking_off
from tray_app.translation.thinking import Thought, seal

OURS = seal(Thought(provider="p", model="m", field="reasoning_content", text="thought"))
HIDDEN = seal(Thought(provider="p", model="m", field="reasoning_content", text="thought"), hidden=True)
ENABLED = {"type": "enabled", "budget_tokens": 2000}
REDACTED = {"type": "redacted_thinking", "data": "theirs"}
OUR_REDACTED = {"type": "redacted_thinking", "data": OURS}


def cleaned(*blocks: Any, unsigned: bool = False, **fields: Any) -> list[Any]:
    """The blocks left of an assistant turn between two user turns; an empty list if the turn is gone."""
    body = request_body(user("a"), assistant(*blocks), user("b"), **fields)
    messages = clean_thinking(body, unsigned=unsigned, losses=Losses())["messages"]
    return list(messages[1]["content"]) if len(messages) == 3 else []


@pytest.mark.parametrize("signature", [OURS, "", None])
def test_p_32_thinking_anthropic_never_signed_is_removed(signature: str | None) -> None:
    """Our envelope, an empty or a missing signature: "Invalid signature in thinking block" otherwise."""
    block = thinking("hm", signature) if signature is not None else {"type": "thinking", "thinking": "hm"}
    assert cleaned(block, text("x")) == [text("x")]


def test_r_thk_3_our_redacted_thinking_is_removed() -> None:
    """Its data is an envelope only we can read; theirs stays."""
    assert cleaned(OUR_REDACTED, REDACTED, text("x")) == [REDACTED, text("x")]


@pytest.mark.parametrize("words", ["hm", ""])
def test_p_34_signed_thinking_stays_as_it_is(words: str) -> None:
    """Also with empty text: the very same request object comes back."""
    body = request_body(user("a"), assistant(thinking(words, "theirs"), text("x")), user("b"), thinking=ENABLED)
    assert clean_thinking(body, unsigned=False, losses=Losses()) is body


def test_a_turn_of_thinking_alone_disappears() -> None:
    """An empty content list would be refused."""
    assert cleaned(thinking("hm", OURS)) == []


def test_user_turns_and_strings_are_not_touched() -> None:
    """Only the assistant's block lists hold thinking."""
    body = request_body(user(thinking("hm", OURS)), assistant("x"))
    assert clean_thinking(body, unsigned=False, losses=Losses()) is body


def test_r_thk_3_unsigned_endpoints_keep_the_text() -> None:
    """DeepSeek, Kimi, GLM: our signature goes, the thinking stays; hidden text comes out of the envelope."""
    assert cleaned(thinking("hm", OURS), text("x"), unsigned=True) == [
        {"type": "thinking", "thinking": "hm"},
        text("x"),
    ]
    assert cleaned(thinking("", HIDDEN), text("x"), unsigned=True) == [
        {"type": "thinking", "thinking": "thought"},
        text("x"),
    ]
    assert cleaned(thinking("", "dgm1.broken"), text("x"), unsigned=True) == [text("x")]


def test_r_pas_5_unsigned_endpoints_get_no_redacted_thinking() -> None:
    """Whoever's it is; a signature of their own stays."""
    theirs = thinking("hm", "theirs")
    assert cleaned(theirs, REDACTED, OUR_REDACTED, text("x"), unsigned=True) == [theirs, text("x")]


def test_the_loss_is_noted() -> None:
    """Dropped knowingly (section 38)."""
    losses = Losses()
    clean_thinking(request_body(assistant(thinking("hm", OURS), text("x"))), unsigned=False, losses=losses)
    assert any(note.startswith("thinking:") for note in losses)


TOOL_TURN = (user("a"), assistant(thinking("hm", OURS), tool_use("t1")), user(tool_result("t1")))
EDITS = [{"type": "clear_thinking_20251015", "keep": "all"}]


def test_p_115_thinking_off_takes_its_edit_along() -> None:
    """A last turn that calls a tool without thinking forbids thinking; clear_thinking without thinking is a 400."""
    body = request_body(*TOOL_TURN, thinking=ENABLED, context_management={"edits": EDITS})
    found = clean_thinking(body, unsigned=False, losses=Losses())
    assert found["thinking"] == {"type": "disabled"}
    assert "context_management" not in found


def test_p_115_other_edits_stay() -> None:
    """Only the edit that needs thinking goes."""
    other = {"type": "clear_tool_uses_20250919"}
    body = request_body(user("a"), thinking=ENABLED, context_management={"edits": [*EDITS, other], "x": 1})
    assert thinking_off(body)["context_management"] == {"edits": [other], "x": 1}
    strange = request_body(user("a"), context_management={"edits": "all"})
    assert thinking_off(strange)["context_management"] == {"edits": "all"}
    assert "context_management" not in thinking_off(request_body(user("a")))


@pytest.mark.parametrize(
    ("messages", "mode"),
    [
        (TOOL_TURN, {"type": "adaptive"}),
        (TOOL_TURN, None),
        ((user("a"), assistant(thinking("hm", OURS), text("x")), user("b")), ENABLED),
        ((user("a"), assistant(thinking("hm", OURS), text("x")), user("b"), assistant("y")), ENABLED),
        ((user("a"), assistant(thinking("hm", OURS))), ENABLED),
        (
            (
                user("a"),
                assistant(thinking("hm", OURS), text("x")),
                user("b"),
                assistant(thinking("so", "theirs"), tool_use("t")),
            ),
            ENABLED,
        ),
    ],
)
def test_thinking_stays_on_where_the_history_allows_it(messages: tuple[Any, ...], mode: Any) -> None:
    """Adaptive thinking, plain text, strings and turns that did think are no reason to switch it off."""
    fields = {"thinking": mode} if mode else {}
    assert clean_thinking(request_body(*messages, **fields), unsigned=False, losses=Losses()).get("thinking") == mode


def test_r_pas_6_remove_thinking_takes_everything() -> None:
    """Signed blocks too: the second try after a refusal."""
    body = request_body(user("a"), assistant(thinking("hm", "theirs"), REDACTED, tool_use("t")), user(tool_result("t")))
    assert remove_thinking(body)["messages"][1]["content"] == [tool_use("t")]
    assert remove_thinking({**body, "thinking": ENABLED})["thinking"] == {"type": "disabled"}
    plain = request_body(user("a"))
    assert remove_thinking(plain) is plain
