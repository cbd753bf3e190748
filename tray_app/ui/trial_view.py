"""Shows a trial of a provider: five questions, each with its answer and the provider's own words when it is no."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from tray_app.proxy.events import TrialOutcome, TrialReport, TrialStep
from tray_app.ui import text, theme
from tray_app.ui.text import translate
from tray_app.ui.widgets import Quote, clear

STEPS: Final = ("reachable", "key", "model", "stream", "tools")
MARKS: Final = {
    TrialOutcome.OK: ("✓", theme.OK),
    TrialOutcome.FAILED: ("✗", theme.BAD),
    TrialOutcome.UNKNOWN: ("–", theme.OFF),
}
WAITING: Final = ("…", theme.BUSY)


def step_name(step: TrialStep) -> str:
    """What is asked, as a statement."""
    names = {
        "reachable": translate("Trial", "Reachable"),
        "key": translate("Trial", "Key accepted"),
        "model": translate("Trial", "Model exists"),
        "stream": translate("Trial", "Streaming works"),
        "tools": translate("Trial", "Tools work"),
    }
    return names.get(step.name, step.name)


def step_words(step: TrialStep) -> str:
    """The statement and whether it is true, for those who hear it."""
    outcomes = {
        TrialOutcome.OK: translate("Trial", "yes"),
        TrialOutcome.FAILED: translate("Trial", "no"),
        TrialOutcome.UNKNOWN: translate("Trial", "not known"),
    }
    return f"{step_name(step)}: {outcomes[step.outcome]}"


def summary(report: TrialReport) -> str:
    """The model that answered, and how long it took."""
    parts = [translate("Trial", "Everything works") if report.passed else translate("Trial", "Something is wrong")]
    if report.upstream_model:
        parts.append(report.upstream_model)
    return text.SEPARATOR.join([*parts, text.seconds(report.total_s)])


class TrialView(QWidget):
    """Empty until a trial runs."""

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)

    def show_nothing(self) -> None:
        """Forget the last trial: what it tested has changed."""
        clear(self._column)

    def show_running(self) -> None:
        """A trial is under way, and nothing is known yet."""
        self.show_progress(tuple(TrialStep(name=name) for name in STEPS))

    def show_progress(self, steps: tuple[TrialStep, ...]) -> None:
        """What is known so far; the first question without an answer is the one being asked."""
        clear(self._column)
        self._column.addWidget(theme.muted(translate("Trial", "Asking the provider…")))
        for step in steps:
            self._column.addWidget(_Step(step, running=step.outcome is TrialOutcome.UNKNOWN))

    def show_report(self, report: TrialReport) -> None:
        """The outcome."""
        clear(self._column)
        self._column.addWidget(theme.muted(summary(report)))
        for step in report.steps:
            self._column.addWidget(_Step(step))


class _Step(QWidget):
    """A mark, the question, and the provider's words under it."""

    def __init__(self, step: TrialStep, *, running: bool = False) -> None:
        super().__init__()
        sign, color = WAITING if running else MARKS[step.outcome]
        mark = QLabel(f'<b style="color: {color}">{sign}</b>')
        mark.setFixedWidth(14)
        words = QLabel(step_name(step))
        words.setAccessibleName(step_words(step))
        grid = QGridLayout(self)
        grid.setContentsMargins(2, 0, 0, 0)
        grid.setColumnStretch(1, 1)
        grid.addWidget(mark, 0, 0)
        grid.addWidget(words, 0, 1)
        if step.words:
            quote = Quote()
            quote.show_words(step.words)
            grid.addWidget(quote, 1, 1)
