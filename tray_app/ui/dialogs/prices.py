"""The table of prices: looked through, and overridden by prices of one's own. Opened with `open()`.

What comes with the program is never changed, only overridden. What is asked for leaves by signals; the form for one price is
`price_form.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHeaderView, QLineEdit, QPushButton, QTableView, QVBoxLayout, QWidget

from tray_app.history.prices import Price
from tray_app.ui import theme
from tray_app.ui.models.prices import LINE_ROLE, MODEL_COLUMN, PriceLine, PricesModel
from tray_app.ui.text import translate
from tray_app.ui.widgets import dress_table, row

SIZE: Final = (900, 560)


class PricesDialog(QDialog):
    """All prices.

    Signals:
        addRequested(): a new price.
        editRequested(Price, object): this one; with its number among the user's own, or None to override it.
        deleteRequested(int): the user's own price of that number.
    """

    addRequested = Signal()
    editRequested = Signal(object, object)
    deleteRequested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(translate("Prices", "Prices"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*SIZE)
        self.model = PricesModel(self)
        self.found = QSortFilterProxyModel(self)
        self.search = QLineEdit()
        self.table = QTableView()
        self.add = QPushButton(translate("Prices", "&Add…"))
        self.edit = QPushButton()
        self.delete = QPushButton(translate("Prices", "&Delete"))
        self.close_button = QPushButton(translate("Prices", "Close"))
        self.problem = theme.muted()
        self._dress_table()
        self._arrange()
        self._connect()
        self._follow_selection()

    def show_prices(self, own: tuple[Price, ...], packaged: tuple[Price, ...], names: Mapping[str, str]) -> None:
        """Show these, the same line selected as before."""
        selected = self.table.currentIndex().row()
        self.model.show_prices(own, packaged, names)
        self.table.selectRow(min(max(0, selected), self.found.rowCount() - 1))
        self._follow_selection()

    def show_problem(self, words: str) -> None:
        """Say what went wrong, or nothing."""
        self.problem.setText(words)
        self.problem.setVisible(bool(words))

    def selected(self) -> PriceLine | None:
        """The line the buttons are about."""
        index = self.table.currentIndex()
        return index.data(LINE_ROLE) if index.isValid() else None

    def _dress_table(self) -> None:
        self.found.setSourceModel(self.model)
        self.found.setFilterKeyColumn(MODEL_COLUMN)
        self.found.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        table = self.table
        table.setAccessibleName(translate("Prices", "Prices"))
        table.setModel(self.found)
        dress_table(table)
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(MODEL_COLUMN, QHeaderView.ResizeMode.Stretch)

    def _arrange(self) -> None:
        self.search.setPlaceholderText(translate("Prices", "Search models"))
        self.search.setAccessibleName(translate("Prices", "Search models"))
        self.search.setClearButtonEnabled(True)
        self.problem.setObjectName("problem")
        self.problem.hide()
        for button in (self.add, self.edit, self.delete, self.close_button):
            button.setAutoDefault(False)  # Enter in the table edits
        words = translate(
            "Prices",
            "Dollars per million tokens. Your own prices come before ours; a change holds for requests that finish from "
            "then on.",
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.PAD, theme.PAD, theme.PAD, theme.PAD)
        column.setSpacing(theme.GAP)
        column.addWidget(theme.muted(words))
        column.addWidget(self.search)
        column.addWidget(self.table, 1)
        column.addWidget(self.problem)
        column.addLayout(row(self.add, self.edit, self.delete, 1, self.close_button))

    def _connect(self) -> None:
        self.search.textChanged.connect(self._search)
        self.table.selectionModel().currentRowChanged.connect(self._follow_selection)
        self.found.modelReset.connect(self._follow_selection)
        self.table.activated.connect(self._ask_edit)
        self.add.clicked.connect(self.addRequested)
        self.edit.clicked.connect(self._ask_edit)
        self.delete.clicked.connect(self._ask_delete)
        self.close_button.clicked.connect(self.accept)
        QShortcut(QKeySequence("Ctrl+F"), self).activated.connect(self.search.setFocus)
        delete = QShortcut(QKeySequence("Del"), self.table, context=Qt.ShortcutContext.WidgetShortcut)
        delete.activated.connect(self._ask_delete)

    def _search(self, words: str) -> None:
        self.found.setFilterFixedString(words.strip())
        self.table.selectRow(0)
        self._follow_selection()

    def _follow_selection(self) -> None:
        line = self.selected()
        own = line is not None and line.number is not None
        self.edit.setText(translate("Prices", "&Edit…") if own else translate("Prices", "&Override…"))
        self.edit.setEnabled(line is not None)
        self.delete.setEnabled(own)

    def _ask_edit(self) -> None:
        line = self.selected()
        if line is not None:
            self.editRequested.emit(line.price, line.number)

    def _ask_delete(self) -> None:
        line = self.selected()
        if line is not None and line.number is not None:
            self.deleteRequested.emit(line.number)
