"""The live table of requests: a Qt model that formats the rows of `request_log.py` and does nothing else.

Every batch becomes at most one removal, one insertion and one change, whatever it holds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from tray_app.history.prices import Cost, Prices, Tokens
from tray_app.proxy.events import Event, RequestStarted
from tray_app.translation.usage import Usage
from tray_app.ui import icons, text
from tray_app.ui.models.request_log import CAPACITY, Change, RequestLog, RequestRow, RowState
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


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading (translated when asked for), how it shows a row, and whether it holds numbers."""

    title: Callable[[], str]
    show: Callable[[RequestRow], str]
    numeric: bool = False


def model_pair(row: RequestRow) -> str:
    """The asked model and, where it differs, the one the provider got."""
    asked, upstream = row.started.asked_model, row.started.upstream_model
    return (asked or text.NOTHING) if asked == upstream or not upstream else f"{asked} → {upstream}"


def state_word(row: RequestRow) -> str:
    """The state in a word or two; a failed request says its status."""
    words = {
        RowState.WAITING: translate("Requests", "Waiting"),
        RowState.STREAMING: translate("Requests", "Answering"),
        RowState.DONE: translate("Requests", "Done"),
        RowState.FAILED: translate("Requests", "Failed"),
        RowState.CANCELLED: translate("Requests", "Cancelled"),
        RowState.REFUSED: translate("Requests", "Refused"),
    }
    word = words[row.state]
    return f"{word} {row.status}" if row.state in {RowState.FAILED, RowState.REFUSED} and row.status else word


def client_name(user_agent: str) -> str:
    """The first word of a user agent, which is the product and its version."""
    return user_agent.split(" ", 1)[0] or text.NOTHING


def _prompt(row: RequestRow) -> int:
    usage = row.usage
    return usage.input_tokens + usage.cache_creation_input_tokens + usage.cache_read_input_tokens


def tokens(row: RequestRow, number: int) -> str:
    """A token count with a tilde where the provider did not report it; a dash where nobody knows."""
    source = row.usage.source.value
    if source == "unknown":
        return text.NOTHING
    return text.count(number) if source == "reported" else "~" + text.count(number)


def speed(row: RequestRow) -> str:
    """Output tokens per second."""
    rate = row.tokens_per_s
    return text.NOTHING if rate is None else f"{rate:.0f}"


def cost(row: RequestRow) -> str:
    """Dollars, with a tilde where the tokens are estimates; a dash where the price or the tokens are not known."""
    if row.cost.usd is None:
        return text.NOTHING
    return text.money(row.cost.usd) if row.cost.source == "reported" else "~" + text.money(row.cost.usd)


COLUMNS: Final = (
    Column(lambda: translate("Requests", "Time"), lambda row: text.clock_time(row.started.at)),
    Column(lambda: translate("Requests", "State"), state_word),
    Column(lambda: translate("Requests", "Model"), model_pair),
    Column(lambda: translate("Requests", "Provider"), lambda row: row.started.profile_name or text.NOTHING),
    Column(lambda: translate("Requests", "Client"), lambda row: client_name(row.started.client)),
    Column(lambda: translate("Requests", "First token"), lambda row: text.seconds(row.first_token_s), numeric=True),
    Column(lambda: translate("Requests", "Duration"), lambda row: text.seconds(row.total_s), numeric=True),
    Column(lambda: translate("Requests", "Tok/s"), speed, numeric=True),
    Column(lambda: translate("Requests", "In"), lambda row: tokens(row, _prompt(row)), numeric=True),
    Column(lambda: translate("Requests", "Out"), lambda row: tokens(row, row.usage.output_tokens), numeric=True),
    Column(
        lambda: translate("Requests", "Cached"),
        lambda row: tokens(row, row.usage.cache_read_input_tokens),
        numeric=True,
    ),
    Column(lambda: translate("Requests", "Cost"), cost, numeric=True),
    Column(lambda: translate("Requests", "Stop reason"), lambda row: row.stop_reason or text.NOTHING),
)
STATE_COLUMN: Final = 1
MODEL_COLUMN: Final = 2
CLIENT_COLUMN: Final = 4
STOP_COLUMN: Final = 12


class RequestsModel(QAbstractTableModel):
    """Rows newest first; at most `capacity` of them."""

    def __init__(self, capacity: int = CAPACITY, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.log = RequestLog(capacity)
        self._count = 0  # rows the views know of
        self._unannounced = 0  # newer rows in the log that the views do not know of yet

    def feed(self, events: tuple[Event, ...]) -> None:
        """Take in a batch of events and tell the views once."""
        change = self.log.feed(event for event in events if _shown(event))
        self._unannounced = change.inserted
        self._resize(change)
        if change.first is not None and change.last is not None:
            self.dataChanged.emit(self.index(change.first, 0), self.index(change.last, len(COLUMNS) - 1))

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

    def use_prices(self, prices: Prices) -> None:
        """Show from now on what requests cost."""

        def price(asked: RequestStarted, usage: Usage) -> Cost:
            counts = (usage.input_tokens, usage.cache_read_input_tokens, usage.cache_creation_input_tokens)
            tokens = Tokens(*counts, usage.output_tokens, usage.source.value)
            return prices.cost(asked.upstream_model, date.fromtimestamp(asked.at), tokens, asked.profile_id)  # noqa: DTZ012

        self.log.price = price

    def request(self, row: int) -> RequestRow:
        """The request the views know as that row."""
        return self.log[row + self._unannounced]

    def number(self, row: int) -> int:
        """Its number in the log, which never changes; a newer request has a higher one."""
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
        return _alignment(COLUMNS[section]) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def data(self, index: Index, role: int = 0) -> Any:
        position = index.row() + self._unannounced
        if not index.isValid() or position >= len(self.log):
            return None
        row, column = self.log[position], COLUMNS[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.show(row)
            case Qt.ItemDataRole.TextAlignmentRole:
                return _alignment(column)
            case Qt.ItemDataRole.DecorationRole if index.column() == STATE_COLUMN:
                return icons.dot(STATE_COLORS[row.state], ring=row.state is RowState.WAITING)
            case Qt.ItemDataRole.ToolTipRole if index.column() == MODEL_COLUMN:
                return column.show(row)
            case _ if role == ROW_ROLE:
                return row
        return None


def _alignment(column: Column) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column.numeric else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


def _shown(event: Event) -> bool:
    # Counting tokens and probes would bury the requests people look for.
    return getattr(event, "route", "messages") == "messages"
