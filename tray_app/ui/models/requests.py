"""The live table of requests: a Qt model that shows the rows of `request_log.py` in the words of `request_words.py`.

Every batch becomes at most one removal, one insertion and a few changes, whatever it holds; output that grows changes one
column, and so does the clock of what runs. Nothing here has a timer: whoever shows the table calls `tick`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QDateTime, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QIcon

from tray_app.history.prices import Prices
from tray_app.history.record import cost_of
from tray_app.proxy.events import Event
from tray_app.ui import icons, text
from tray_app.ui.models import request_words as words
from tray_app.ui.models.request_log import CAPACITY, Change, RequestLog, RequestRow, RowState, Span
from tray_app.ui.text import translate

Index = QModelIndex | QPersistentModelIndex
ROW_ROLE: Final = Qt.ItemDataRole.UserRole + 1  # the RequestRow itself

# Chosen to be told apart on light and on dark, and by people who see no red.
STATE_COLORS: Final = {
    RowState.WAITING: "#8b93a1",
    RowState.STREAMING: "#2f8fe4",
    RowState.DONE: "#16a35c",
    RowState.FAILED: "#e0392b",
    RowState.CANCELLED: "#c98a1b",
    RowState.REFUSED: "#c98a1b",
}
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading (translated when asked for), how it shows a row at a Unix time, and what a tooltip adds.

    Numbers stand at the right and tell their source; other columns repeat themselves, for where they are cut.
    """

    title: Callable[[], str]
    show: Callable[[RequestRow, float], str]
    source: Callable[[RequestRow], str] | None = None
    numeric: bool = False


def _number(title: Callable[[], str], show: Callable[[RequestRow], str], source: Callable[[RequestRow], str]) -> Column:
    return Column(title, lambda row, _: show(row), source, numeric=True)


COLUMNS: Final = (
    Column(lambda: translate("Requests", "Time"), lambda row, _: text.clock_time(row.started.at)),
    Column(lambda: translate("Requests", "State"), lambda row, _: words.state_word(row)),
    Column(lambda: translate("Requests", "Model"), lambda row, _: words.model_pair(row)),
    Column(lambda: translate("Requests", "Provider"), lambda row, _: row.started.profile_name or text.NOTHING),
    Column(
        lambda: translate("Requests", "Client"),
        lambda row, _: words.client_name(row.started.client),
        lambda row: row.started.client,
    ),
    Column(lambda: translate("Requests", "First token"), lambda row, _: text.seconds(row.first_token_s), numeric=True),
    Column(lambda: translate("Requests", "Duration"), words.duration, numeric=True),
    _number(lambda: translate("Requests", "Tok/s"), words.speed, words.source_of_speed),
    _number(
        lambda: translate("Requests", "In"),
        lambda row: words.tokens(row, words.prompt_tokens(row)),
        words.source_of_tokens,
    ),
    _number(lambda: translate("Requests", "Out"), words.output_tokens, words.source_of_output),
    _number(
        lambda: translate("Requests", "Cached"),
        lambda row: words.tokens(row, row.usage.cache_read_input_tokens),
        words.source_of_tokens,
    ),
    _number(lambda: translate("Requests", "Cost"), words.cost, words.source_of_cost),
    Column(lambda: translate("Requests", "Stop reason"), lambda row, _: row.stop_reason or text.NOTHING),
)
STATE_COLUMN: Final = 1
MODEL_COLUMN: Final = 2
CLIENT_COLUMN: Final = 4
DURATION_COLUMN: Final = 6
OUTPUT_COLUMN: Final = 9
STOP_COLUMN: Final = 12


def wall_clock() -> float:
    """Unix time in seconds."""
    return QDateTime.currentMSecsSinceEpoch() / 1000


class RequestsModel(QAbstractTableModel):
    """Rows newest first; at most `capacity` of them. `now` is Unix time in seconds.

    Signals:
        moved(): rows reached another point of their life, so that a filter may judge them differently.
    """

    moved = Signal()

    def __init__(
        self, capacity: int = CAPACITY, parent: QObject | None = None, now: Callable[[], float] = wall_clock
    ) -> None:
        super().__init__(parent)
        self.log = RequestLog(capacity)
        self._now = now
        self._count = 0  # rows the views know of
        self._unannounced = 0  # newer rows in the log that the views do not know of yet

    def feed(self, events: tuple[Event, ...]) -> None:
        """Take in a batch of events and tell the views once."""
        change = self.log.feed(event for event in events if _shown(event))
        self._unannounced = change.inserted
        self._resize(change)
        self._changed(change.grown, OUTPUT_COLUMN, OUTPUT_COLUMN)
        self._changed(change.moved, 0, len(COLUMNS) - 1)
        if change.moved:
            self.moved.emit()

    def tick(self) -> bool:
        """The clocks of running requests went on; False when none runs, so that nobody need call again."""
        spans = self.log.running()
        self._changed(spans, DURATION_COLUMN, DURATION_COLUMN)
        return bool(spans)

    def clear(self) -> None:
        """Forget what has ended."""
        self.beginResetModel()
        self.log.clear()
        self._count = len(self.log)
        self.endResetModel()

    def _resize(self, change: Change) -> None:
        # Removal first: the rows that fell off are at the end of what the views still show.
        if change.removed:
            self.beginRemoveRows(QModelIndex(), self._count - change.removed, self._count - 1)
            self._count -= change.removed
            self.endRemoveRows()
        if change.inserted:
            self.beginInsertRows(QModelIndex(), 0, change.inserted - 1)
            self._count += change.inserted
            self._unannounced = 0
            self.endInsertRows()

    def _changed(self, spans: tuple[Span, ...], left: int, right: int) -> None:
        for first, last in spans:
            self.dataChanged.emit(self.index(first, left), self.index(last, right))

    def use_prices(self, prices: Prices) -> None:
        """Show from now on what requests cost."""
        self.log.price = partial(cost_of, prices)

    def request(self, row: int) -> RequestRow:
        """The request the views know as that row."""
        return self.log[row + self._unannounced]

    def number(self, row: int) -> int:
        """Its number in the log; a newer request has a higher one."""
        return self.log.number(row + self._unannounced)

    def row_of(self, request_id: str) -> int | None:
        """Where a request stands, or None."""
        return self.log.position(request_id)

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else self._count

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(COLUMNS):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section].title()
        return _side(COLUMNS[section]) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def data(self, index: Index, role: int = 0) -> Any:
        read = _READERS.get(role)
        # A painter asks for seven roles of every cell, most of which are never there: the way out comes first.
        if read is None or not index.isValid():
            return None
        position = index.row() + self._unannounced
        if position >= len(self.log):
            return None
        return read(self.log[position], index.column(), self._now())


def _side(column: Column) -> Qt.AlignmentFlag:
    return _RIGHT if column.numeric else _LEFT


def _text(row: RequestRow, column: int, now: float) -> str:
    return COLUMNS[column].show(row, now)


def _tooltip(row: RequestRow, column: int, now: float) -> str | None:
    described = COLUMNS[column]
    if described.source is not None:
        return described.source(row)
    return None if described.numeric else described.show(row, now)


def _mark(row: RequestRow, column: int, _: float) -> QIcon | None:
    return icons.dot(STATE_COLORS[row.state], ring=row.state is RowState.WAITING) if column == STATE_COLUMN else None


_READERS: Final[dict[int, Callable[[RequestRow, int, float], Any]]] = {
    int(Qt.ItemDataRole.DisplayRole): _text,
    int(Qt.ItemDataRole.TextAlignmentRole): lambda _row, column, _now: _side(COLUMNS[column]),
    int(Qt.ItemDataRole.DecorationRole): _mark,
    int(Qt.ItemDataRole.ToolTipRole): _tooltip,
    int(ROW_ROLE): lambda row, _column, _now: row,
}


def _shown(event: Event) -> bool:
    # Counting tokens and probes would bury the requests people look for.
    return getattr(event, "route", "messages") == "messages"
