"""A small table of two columns to be filled in, by keyboard alone if need be: Enter or F2 edits, Delete takes a row out."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from tray_app.editing import Pairs
from tray_app.ui.models.pairs import PairsModel


class PairsTable(QTableView):
    """The table.

    Signals:
        changed(): the user changed something.
    """

    changed = Signal()

    def __init__(self, titles: tuple[str, str], *, rows: int = 4) -> None:
        super().__init__()
        self._model = PairsModel(titles, self)
        self.setModel(self._model)
        self.setTabKeyNavigation(False)  # Tab leaves the table; arrows move within it
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.SelectedClicked
        )
        self.verticalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setHighlightSections(False)
        height = self.verticalHeader().defaultSectionSize()
        self.setMinimumHeight(self.horizontalHeader().sizeHint().height() + rows * height + 4)
        self._model.dataChanged.connect(self.changed)
        self._model.rowsRemoved.connect(self.changed)

    def show_pairs(self, pairs: Pairs) -> None:
        """Replace everything."""
        self._model.show_pairs(pairs)
        self.setCurrentIndex(self._model.index(0, 0))

    def pairs(self) -> Pairs:
        """What was filled in."""
        return self._model.pairs()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        editing = self.state() is QAbstractItemView.State.EditingState
        if event.key() == Qt.Key.Key_Delete and not editing:
            self._model.removeRow(self.currentIndex().row())
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not editing and self.currentIndex().isValid():
            self.edit(self.currentIndex())  # the dialog's default button would take it
        else:
            super().keyPressEvent(event)
