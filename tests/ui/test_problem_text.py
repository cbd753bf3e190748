"""The words for problems, notifications and fields."""

from __future__ import annotations

import pytest

from helpers.ui_values import ONE
from tray_app.editing import FieldProblem
from tray_app.state import Notice, NoticeKind, Problem, ProblemKind
from tray_app.ui import problem_text


@pytest.mark.parametrize("kind", list(ProblemKind))
def test_every_problem_has_words(kind: ProblemKind) -> None:
    """The part only the machine knows is in them."""
    words = problem_text.problem(Problem(kind, "the detail"))
    assert "%1" not in words
    assert ("the detail" in words) is (kind is not ProblemKind.NO_TRAY)


@pytest.mark.parametrize("kind", list(NoticeKind))
def test_every_notice_has_words(kind: NoticeKind) -> None:
    """The provider in the title, its words in the body."""
    title, body = problem_text.notice(Notice(kind=kind, provider_name=ONE.name, detail="its words", count=5))
    assert "%" not in title
    assert (ONE.name in title) is (kind not in {NoticeKind.SERVER_FAILED, NoticeKind.BUDGET_REACHED})
    assert (body == "its words") is (kind not in {NoticeKind.BUDGET_REACHED, NoticeKind.CACHE_COLLAPSED})


def test_notices_about_money_say_how_much() -> None:
    """Against what it is measured."""
    _, body = problem_text.notice(Notice(kind=NoticeKind.BUDGET_REACHED, amount=5.123, reference=5.0))
    assert body.startswith("$5.12 so far, of $5.00")
    collapse = Notice(kind=NoticeKind.CACHE_COLLAPSED, model="m-1", count=12, amount=0.004, reference=0.82)
    assert problem_text.notice(collapse)[1].startswith(
        "m-1: the cached part of the last 12 prompts is <1 %, it was 82 %."
    )


def test_a_problem_says_what_was_not_counted() -> None:
    """Where it costs any requests."""
    words = problem_text.problem(Problem(ProblemKind.LEDGER, "disk full", 3))
    assert words.endswith("disk full (requests not counted: 3)")


def test_field_problems_have_words() -> None:
    """Our own codes, else the words that came with it."""
    assert problem_text.field_problem(FieldProblem("name", "empty")) == "Needed"
    assert problem_text.field_problem(FieldProblem("name", "invalid", "too long")) == "too long"
    assert problem_text.field_problem(FieldProblem("name", "odd")) == "odd"
    assert problem_text.field_problem(FieldProblem("aliases", "half", "a")) == "Both columns are needed: a"
