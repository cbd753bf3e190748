"""The second try after a refusal for thinking."""

from __future__ import annotations

from typing import Any

import pytest

from helpers.builders import assistant, request_body, text, thinking, tool_result, tool_use, user
from tray_app.translation.passthrough.rectifier import rectify

HISTORY = (user("a"), assistant(thinking("hm", "theirs"), text("x")), user("b"))


@pytest.mark.parametrize(
    "words",
    [
        "messages.1.content.0: Invalid `signature` in `thinking` block",
        "messages.1.content.0.type: Expected `thinking` or `redacted_thinking`, but found `tool_use`.",
        "a final `assistant` message must start with a thinking block",
        "`thinking` or `redacted_thinking` blocks in the latest assistant message cannot be modified.",
        "messages.1.content.0.thinking.signature: Field required",
        "messages.1.content.0.signature: Extra inputs are not permitted",
    ],
)
def test_r_pas_6_a_refused_signature_costs_the_thinking(words: str) -> None:
    """All thinking of the history is removed; the rest is as it was."""
    body = request_body(*HISTORY, temperature=1)
    found = rectify(400, f'{{"error":{{"message":"{words}"}}}}', body)
    assert found is not None
    assert found["messages"][1]["content"] == [text("x")]
    assert found["temperature"] == 1
    assert body["messages"][1]["content"][0]["type"] == "thinking"


def test_r_pas_6_thinking_goes_off_after_a_bare_tool_call() -> None:
    """The history cannot be mended otherwise; P-115: the edit goes along."""
    body = request_body(
        user("a"),
        assistant(thinking("hm", "theirs"), tool_use("t")),
        user(tool_result("t")),
        thinking={"type": "enabled", "budget_tokens": 2000},
        context_management={"edits": [{"type": "clear_thinking_20251015"}]},
    )
    found = rectify(400, "Invalid signature in thinking block", body)
    assert found is not None
    assert found["thinking"] == {"type": "disabled"}
    assert "context_management" not in found


@pytest.mark.parametrize(
    ("words", "budget", "most", "expected"),
    [
        ("thinking.enabled.budget_tokens: Input should be greater than or equal to 1024", 500, 32000, (1024, 32000)),
        ("thinking.budget_tokens >= 1024", 500, 1024, (1024, 2048)),
        ("`max_tokens` must be greater than `thinking.budget_tokens`.", 32000, 8000, (6400, 8000)),
        ("`max_tokens` must be greater than `thinking.budget_tokens`.", 2000, 1000, (1024, 2024)),
        ("max_tokens must be greater than thinking.budget_tokens", 2000, 1200, (1024, 1200)),
    ],
)
def test_r_pas_6_budgets_are_mended(words: str, budget: int, most: int, expected: tuple[int, int]) -> None:
    """At least 1024, below max_tokens, with room for the answer."""
    body = request_body(user("a"), thinking={"type": "enabled", "budget_tokens": budget}, max_tokens=most)
    found = rectify(400, words, body)
    assert found is not None
    assert (found["thinking"]["budget_tokens"], found["max_tokens"]) == expected


@pytest.mark.parametrize(
    ("status", "words", "fields"),
    [
        (500, "Invalid signature", {}),
        (400, "temperature: Input should be at most 1", {}),
        (400, "max_tokens must be greater than thinking.budget_tokens", {}),
        (400, "max_tokens must be greater than thinking.budget_tokens", {"thinking": {"type": "adaptive"}}),
        (400, "budget_tokens >= 1024", {"thinking": {"type": "enabled", "budget_tokens": 1}, "max_tokens": None}),
    ],
)
def test_r_pas_6_everything_else_is_the_clients(status: int, words: str, fields: dict[str, Any]) -> None:
    """No second try where it could not help."""
    assert rectify(status, words, request_body(*HISTORY, **fields)) is None


def test_r_pas_6_without_thinking_there_is_nothing_to_remove() -> None:
    """The same request again would be refused again."""
    assert rectify(400, "Invalid signature", request_body(user("a"), assistant("x"))) is None
