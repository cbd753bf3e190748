"""The one `AppState` there is: who changes something publishes it here, and who shows something listens.

It decides nothing. Each area of the controller reads its own part of the state from the services it works with; the board
puts the parts together and tells of a change only when there is one. Counterpart: `area.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from tray_app.state import AppState, Problem, ProblemKind


class Board(QObject):
    """Holds the newest state.

    Signals:
        stateChanged(AppState): something that is shown has changed.
    """

    stateChanged = Signal(object)

    def __init__(self, state: AppState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._readings: list[Callable[[], dict[str, Any]]] = []

    @property
    def state(self) -> AppState:
        """The newest state."""
        return self._state

    def read_from(self, reading: Callable[[], dict[str, Any]]) -> None:
        """Ask this for fields of the state (by name) whenever something is published."""
        self._readings.append(reading)

    def publish(self, **changes: Any) -> None:
        """Read every part anew; `changes` are fields nobody else knows."""
        for reading in self._readings:
            changes |= reading()
        state = replace(self._state, **changes)
        if state != self._state:
            self._state = state
            self.stateChanged.emit(state)

    def report(self, problem: Problem) -> None:
        """Show a problem; one of the same kind gives way."""
        self.publish(problems=(*self._without(problem.kind), problem))

    def settle(self, *kinds: ProblemKind) -> None:
        """Problems of these kinds are over."""
        self.publish(problems=self._without(*kinds))

    def _without(self, *kinds: ProblemKind) -> tuple[Problem, ...]:
        return tuple(problem for problem in self._state.problems if problem.kind not in kinds)
