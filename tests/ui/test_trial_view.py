"""The outcome of a trial."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tray_app.proxy.events import TrialOutcome, TrialReport, TrialStep
from tray_app.ui.trial_view import TrialView, step_words, summary

NAMES = ("reachable", "key", "model", "stream", "tools")


def test_each_question_has_a_mark_words_and_a_voice(qtbot: QtBot) -> None:
    """The provider's words stand under the question they answer."""
    outcomes = (TrialOutcome.OK, TrialOutcome.FAILED, TrialOutcome.UNKNOWN)
    steps = tuple(
        TrialStep(name=name, outcome=outcome, words="401: <b>no</b>" if outcome is TrialOutcome.FAILED else "")
        for name, outcome in zip(NAMES, outcomes, strict=False)
    )
    view = TrialView()
    qtbot.addWidget(view)
    view.show_running()
    view.show_report(TrialReport(steps=steps, upstream_model="m", total_s=1.2))
    labels = [label for label in view.findChildren(QLabel) if label.isVisibleTo(view)]
    shown = [label.text().replace("\u200b", "") for label in labels]
    assert "Something is wrong · m · 1.2 s" in shown
    assert "401: <b>no</b>" in shown
    assert {"Reachable: yes", "Key accepted: no", "Model exists: not known"} <= {
        label.accessibleName() for label in labels
    }


def test_every_question_has_words() -> None:
    """Also one of a newer version."""
    for name in (*NAMES, "new"):
        assert step_words(TrialStep(name=name)).endswith(": not known")


def test_when_everything_works_it_says_so() -> None:
    """A model is named if it is known."""
    steps = tuple(TrialStep(name=name, outcome=TrialOutcome.OK) for name in NAMES)
    assert summary(TrialReport(steps=steps, total_s=0.5)) == "Everything works · 500 ms"
