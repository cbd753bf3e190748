"""Two columns of text that a person fills in, with an empty row at the end that becomes a row by being typed into."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from tray_app.editing import Pairs

Index = QModelIndex | QPersistentModelIndex
_TEXT_ROLES: Final = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole)
_NOWHERE: Final = QModelIndex()


class PairsModel(QAbstractTableModel):
    """The rows; `titles` head the two columns."""

    def __init__(self, titles: tuple[str, str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._titles = titles
        self._rows: list[list[str]] = [["", ""]]

    def show_pairs(self, pairs: Pairs) -> None:
        """Replace everything."""
        self.beginResetModel()
        self._rows = [*map(list, pairs), ["", ""]]
        self.endResetModel()

    def pairs(self) -> Pairs:
        """What was filled in; half a row too."""
        return tuple((left, right) for left, right in self._rows if left.strip() or right.strip())

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else 2

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) | (Qt.ItemFlag.ItemIsEditable if index.isValid() else Qt.ItemFlag.NoItemFlags)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole and section < 2:
            return self._titles[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or role not in _TEXT_ROLES:
            return None
        return self._rows[index.row()][index.column()]

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if not index.isValid() or role != Qt.ItemDataRole.EditRole:
            return False
        self._rows[index.row()][index.column()] = str(value)
        self.dataChanged.emit(index, index)
        if index.row() == len(self._rows) - 1 and str(value).strip():
            self.beginInsertRows(QModelIndex(), len(self._rows), len(self._rows))
            self._rows.append(["", ""])
            self.endInsertRows()
        return True

    def removeRows(self, row: int, count: int, parent: Index = _NOWHERE) -> bool:
        """The empty row at the end stays."""
        if parent.isValid() or row < 0 or count < 1 or row + count > len(self._rows) - 1:
            return False
        self.beginRemoveRows(QModelIndex(), row, row + count - 1)
        del self._rows[row : row + count]
        self.endRemoveRows()
        return True
