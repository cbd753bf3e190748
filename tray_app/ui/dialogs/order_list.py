"""A list whose entries are ticked and put in order: by dragging, or with Alt and the arrow keys. Holds no meaning."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem

from tray_app.editing import Pairs

_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class OrderList(QListWidget):
    """The list.

    Signals:
        changed(): a tick or the order.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.itemChanged.connect(lambda _: self.changed.emit())
        self.model().rowsMoved.connect(lambda *_: self.changed.emit())

    def show_entries(self, entries: Pairs, ticked: Iterable[str]) -> None:
        """Entries are ids and names; the ticked ones come first, in their order, known or not."""
        names = dict(entries)
        chosen = tuple(ticked)
        self.clear()
        for entry_id in (*chosen, *(known for known in names if known not in chosen)):
            item = QListWidgetItem(names.get(entry_id, entry_id))
            item.setData(Qt.ItemDataRole.UserRole, entry_id)
            item.setCheckState(Qt.CheckState.Checked if entry_id in chosen else Qt.CheckState.Unchecked)
            self.addItem(item)

    def ticked(self) -> tuple[str, ...]:
        """The ids that are ticked, in order."""
        items = (self.item(row) for row in range(self.count()))
        return tuple(
            str(item.data(Qt.ItemDataRole.UserRole)) for item in items if item.checkState() is Qt.CheckState.Checked
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key())) if event.modifiers() == Qt.KeyboardModifier.AltModifier else None
        if step is None:
            super().keyPressEvent(event)
            return
        row = self.currentRow()
        if row >= 0 and 0 <= row + step < self.count():
            self.insertItem(row + step, self.takeItem(row))
            self.setCurrentRow(row + step)
            self.changed.emit()
