"""A table of values whose columns say how they show one: what the smaller tables of the window have in common.

A subclass gives the columns and fills `lines`; it may answer further roles. The requests have a model of their own: they
change all the time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading (translated when asked for) and how it shows a line. Numbers stand at the right."""

    title: Callable[[], str]
    show: Callable[[Any], str]
    numeric: bool = True

    @property
    def alignment(self) -> Qt.AlignmentFlag:
        """Where its heading and its cells stand."""
        side = Qt.AlignmentFlag.AlignRight if self.numeric else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter


class LinesModel(QAbstractTableModel):
    """A row for each of `lines`."""

    columns: ClassVar[tuple[Column, ...]] = ()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.lines: tuple[Any, ...] = ()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title()
        return self.columns[section].alignment if role == Qt.ItemDataRole.TextAlignmentRole else None

    def data(self, index: Index, role: int = 0) -> Any:
        if not index.isValid() or index.row() >= len(self.lines):
            return None
        line, column = self.lines[index.row()], self.columns[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.show(line)
            case Qt.ItemDataRole.TextAlignmentRole:
                return column.alignment
        return self.more(line, column, role)

    def more(self, line: Any, column: Column, role: int) -> Any:
        """What a line says in another role, or None."""
        return None
