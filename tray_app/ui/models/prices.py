"""The prices as a table: the user's own before those that come with the program. It formats and does nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont

from tray_app.history.prices import Price
from tray_app.ui import text
from tray_app.ui.text import translate

Index = QModelIndex | QPersistentModelIndex
LINE_ROLE: Final = Qt.ItemDataRole.UserRole + 1  # the PriceLine itself


@dataclass(frozen=True, slots=True)
class PriceLine:
    """A price and its place among the user's own (None: it comes with the program), with the name of its provider."""

    price: Price
    number: int | None = None
    provider: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading (translated when asked for) and how it shows a line."""

    title: Callable[[], str]
    show: Callable[[PriceLine], str]
    numeric: bool = True


def dollars(value: float | None) -> str:
    """An amount as it is in the table: all of its digits, or that it costs what input costs."""
    return translate("Prices", "as input") if value is None else f"{value:g}"


def _source(line: PriceLine) -> str:
    return translate("Prices", "Built in") if line.number is None else translate("Prices", "Yours")


COLUMNS: Final = (
    Column(lambda: translate("Prices", "Model"), lambda line: line.price.model, numeric=False),
    Column(
        lambda: translate("Prices", "Provider"), lambda line: line.provider or translate("Prices", "Any"), numeric=False
    ),
    Column(lambda: translate("Prices", "Input"), lambda line: dollars(line.price.input)),
    Column(lambda: translate("Prices", "Output"), lambda line: dollars(line.price.output)),
    Column(lambda: translate("Prices", "Cache read"), lambda line: dollars(line.price.cache_read)),
    Column(lambda: translate("Prices", "Cache write"), lambda line: dollars(line.price.cache_write)),
    Column(
        lambda: translate("Prices", "Above"),
        lambda line: text.count(line.price.above) if line.price.above else translate("Prices", "all"),
    ),
    Column(lambda: translate("Prices", "Valid from"), lambda line: line.price.since.isoformat(), numeric=False),
    Column(lambda: translate("Prices", "Source"), _source, numeric=False),
)
MODEL_COLUMN: Final = 0


class PricesModel(QAbstractTableModel):
    """A line for each price."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[PriceLine, ...] = ()

    def show_prices(self, own: tuple[Price, ...], packaged: tuple[Price, ...], names: Mapping[str, str]) -> None:
        """Show these; `names` are those of the providers by id, and one that is gone is told by its id."""
        lines = [PriceLine(price, number) for number, price in enumerate(own)] + list(map(PriceLine, packaged))
        self.beginResetModel()
        self._lines = tuple(
            PriceLine(line.price, line.number, names.get(line.price.profile, line.price.profile)) for line in lines
        )
        self.endResetModel()

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
            case Qt.ItemDataRole.FontRole if line.number is not None:
                font = QFont()
                font.setBold(True)
                return font
            case _ if role == LINE_ROLE:
                return line
        return None


def _alignment(column: Column) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column.numeric else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
