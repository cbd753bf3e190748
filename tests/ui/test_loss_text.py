"""What was lost, told to a person."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tray_app.ui import language
from tray_app.ui.loss_text import REASONS, loss

TRANSLATION = Path(__file__).resolve().parents[2] / "tray_app" / "translation"
# Where a reason is handed on by name: the values it may have.
BY_NAME = {
    "problem": [
        "a server tool, not available at this upstream",
        "no name",
        "unknown type %1",
        "a second tool of this name",
    ],
    "reason": [
        "the model does not accept images",
        "this upstream cannot be given this source",
        "cleared as the client asked",
        "this upstream is sent no earlier reasoning",
    ],
}


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


def _given() -> Iterator[str]:
    """The reasons in the calls of `Losses.add` and `Conversion.note`, a %1 for every value."""
    for path in TRANSLATION.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and len(node.args) == 2 and ast.unparse(node.func).endswith(_NOTERS):
                yield from _texts(node.args[1])


_NOTERS = ("losses.add", "conversion.note")


def _texts(reason: ast.expr) -> Iterator[str]:
    if isinstance(reason, ast.IfExp):
        yield from _texts(reason.body)
        yield from _texts(reason.orelse)
    elif isinstance(reason, ast.JoinedStr):
        number, text = 0, ""
        for value in reason.values:
            number += not isinstance(value, ast.Constant)
            text += str(value.value) if isinstance(value, ast.Constant) else f"%{number}"
        yield text
    elif isinstance(reason, ast.Name):
        yield from BY_NAME[reason.id]
    else:
        assert isinstance(reason, ast.Constant), ast.unparse(reason)
        yield str(reason.value)


def test_every_reason_can_be_said_in_another_language() -> None:
    """The table has what the sources give, and nothing else."""
    assert sorted(set(_given())) == sorted(map(str, REASONS))


@pytest.mark.usefixtures("qapp")
def test_reasons_are_said_in_the_language_of_the_screen() -> None:
    """With the values in them; what nobody knows stays as it is."""
    language.use("zh_CN")
    try:
        assert loss("max_tokens: 99999 sent as 8192") == "应答最大长度: 99999 已改为 8192 发送"
        assert loss("top_k: not carried") == "top_k: 未转发"
        assert loss("top_k: never heard of") == "top_k: never heard of"
    finally:
        language.use("en")
