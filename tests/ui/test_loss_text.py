"""What was lost, told to a person."""

from __future__ import annotations

import pytest

from tray_app.ui.loss_text import loss


@pytest.mark.parametrize(
    ("note", "words"),
    [
        ("thinking.budget_tokens: 32000 sent as 8192", "Thinking (budget_tokens): 32000 sent as 8192"),
        ("output_config.format: unknown type", "Form of the answer: unknown type"),
        ("tools.web_search.v1: not carried", "Tools (web_search.v1): not carried"),
        (
            "tool_choice: forced choice sent as auto: the model thinks",
            "Which tool to use: forced choice sent as auto: the model thinks",
        ),
        ("top_k: not carried", "top_k: not carried"),
    ],
)
def test_a_note_says_what_it_concerns(note: str, words: str) -> None:
    """The longest known beginning of its path; an unknown field keeps its own name."""
    assert loss(note) == words
