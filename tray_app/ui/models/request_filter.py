"""Which of the requests are shown: by state, provider and free text, and none that came after a pause began.

A proxy over `requests.py`: it hides rows and never reorders or formats them. What a pause holds back is counted, not lost;
rows that were already shown go on changing.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QSortFilterProxyModel, Signal

from tray_app.ui.models.request_log import RUNNING, RequestRow, RowState
from tray_app.ui.models.requests import RequestsModel


class StateChoice(StrEnum):
    """The states a person tells apart when looking for something."""

    ALL = "all"
    RUNNING = "running"
    DONE = "done"
    TROUBLE = "trouble"


_STATES: Final = {
    StateChoice.ALL: frozenset(RowState),
    StateChoice.RUNNING: RUNNING,
    StateChoice.DONE: frozenset({RowState.DONE}),
    StateChoice.TROUBLE: frozenset({RowState.FAILED, RowState.CANCELLED, RowState.REFUSED}),
}


class RequestFilter(QSortFilterProxyModel):
    """The rows that pass.

    Signals:
        waitingChanged(int): so many requests that would pass are held back by the pause.
    """

    waitingChanged = Signal(int)

    def __init__(self, source: RequestsModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.requests = source
        self._state = StateChoice.ALL
        self._provider = ""
        self._words: tuple[str, ...] = ()
        self._last_number: int | None = None  # of the newest row that is shown while paused
        self._waiting = 0
        # Qt would judge every row anew that changed, ten times a second while answers come; `_moved` knows when to.
        self.setDynamicSortFilter(False)
        self.setSourceModel(source)
        source.rowsInserted.connect(self._count_waiting)
        source.moved.connect(self._moved)

    @property
    def is_filtering(self) -> bool:
        """Whether anything but the pause hides rows."""
        return self._state is not StateChoice.ALL or bool(self._provider or self._words)

    @property
    def is_paused(self) -> bool:
        """Whether new rows wait."""
        return self._last_number is not None

    def choose(self, state: StateChoice, provider: str, search: str) -> None:
        """Show what is in that state, went to that provider (empty: any) and contains every word of the search."""
        self._state, self._provider, self._words = state, provider, tuple(search.casefold().split())
        self._filter_again()
        self._count_waiting()

    def pause(self, paused: bool) -> None:
        """Hold new rows back, or let them in."""
        if paused == self.is_paused:
            return
        self._last_number = self.requests.number(0) if paused else None
        self._filter_again()
        self._count_waiting()

    def row_of(self, request_id: str) -> int | None:
        """Where a request stands among those shown, or None."""
        row = self.requests.row_of(request_id)
        shown = self.mapFromSource(self.requests.index(row, 0)) if row is not None else QModelIndex()
        return shown.row() if shown.isValid() else None

    def filterAcceptsRow(self, row: int, parent: QModelIndex | QPersistentModelIndex) -> bool:
        if self._last_number is not None and self.requests.number(row) > self._last_number:
            return False
        return not self.is_filtering or self._passes(self.requests.request(row))

    def _moved(self) -> None:
        if self.is_filtering:
            self._filter_again()

    def _filter_again(self) -> None:
        # The ways meant for this are deprecated since Qt 6.11 or do not exist before 6.10; this one tells views of each row.
        self.setFilterFixedString("")

    def _passes(self, request: RequestRow) -> bool:
        if request.state not in _STATES[self._state]:
            return False
        if self._provider and request.started.profile_name != self._provider:
            return False
        return not self._words or _contains(request, self._words)

    def _count_waiting(self) -> None:
        waiting = 0
        if self._last_number is not None:
            count = min(self.requests.number(0) - self._last_number, self.requests.rowCount())
            waiting = sum(self._passes(self.requests.request(row)) for row in range(count))
        if waiting != self._waiting:
            self._waiting = waiting
            self.waitingChanged.emit(waiting)


def _contains(request: RequestRow, words: tuple[str, ...]) -> bool:
    started, error = request.started, request.error
    parts = (started.asked_model, started.upstream_model, started.profile_name, started.client, started.id)
    ends = (request.stop_reason or "", str(request.status or ""), *request.losses)
    errors = (error.message, error.upstream_text or "", error.type) if error is not None else ()
    hay = "\n".join((*parts, *ends, *errors)).casefold()
    return all(word in hay for word in words)
