"""Usage by provider and model: a Qt model that formats lines of the ledger and does nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from tray_app.history.overview import ModelLine
from tray_app.ui import text
from tray_app.ui.models import overview
from tray_app.ui.text import translate

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading (translated when asked for) and how it shows a line."""

    title: Callable[[], str]
    show: Callable[[ModelLine], str]
    numeric: bool = True


def _waited(line: ModelLine) -> str:
    return text.NOTHING if line.wait is None else text.seconds(line.wait.median_s)


COLUMNS: Final = (
    Column(lambda: translate("Overview", "Provider"), lambda line: line.sums.profile_name, numeric=False),
    Column(lambda: translate("Overview", "Model"), lambda line: line.sums.model or text.NOTHING, numeric=False),
    Column(lambda: translate("Overview", "Requests"), lambda line: text.count(line.sums.totals.requests)),
    Column(lambda: translate("Overview", "Errors"), lambda line: overview.share(line.sums.totals.error_rate)),
    Column(
        lambda: translate("Overview", "In"),
        lambda line: overview.tokens(line.sums.totals.prompt_tokens, line.sums.totals),
    ),
    Column(lambda: translate("Overview", "Cache hits"), lambda line: overview.share(line.sums.totals.cache_hit_rate)),
    Column(
        lambda: translate("Overview", "Out"),
        lambda line: overview.tokens(line.sums.totals.output_tokens, line.sums.totals),
    ),
    Column(lambda: translate("Overview", "First token"), _waited),
    Column(lambda: translate("Overview", "Cost"), lambda line: overview.cost(line.sums.totals)),
)
MODEL_COLUMN: Final = 1


class UsageTable(QAbstractTableModel):
    """A line for each provider and model, the busiest first."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: tuple[ModelLine, ...] = ()

    def show_lines(self, lines: tuple[ModelLine, ...]) -> None:
        """Show these. The same providers and models in the same order change in place, so that a selection stays."""
        same = list(map(_key, lines)) == list(map(_key, self._lines))
        if not same:
            self.beginResetModel()
        self._lines = lines
        if not same:
            self.endResetModel()
        elif lines:
            self.dataChanged.emit(self.index(0, 0), self.index(len(lines) - 1, len(COLUMNS) - 1))

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(COLUMNS):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section].title()
        return _alignment(COLUMNS[section]) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def data(self, index: Index, role: int = 0) -> Any:
        if not index.isValid() or index.row() >= len(self._lines):
            return None
        line, column = self._lines[index.row()], COLUMNS[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.show(line)
            case Qt.ItemDataRole.TextAlignmentRole:
                return _alignment(column)
            case Qt.ItemDataRole.ToolTipRole:
                return overview.source(line.sums.totals) if column.numeric else column.show(line)
        return None


def _key(line: ModelLine) -> tuple[str, str, str]:
    return line.sums.profile_id, line.sums.profile_name, line.sums.model


def _alignment(column: Column) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column.numeric else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
