"""The page with the live table of requests and the detail of the selected one."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QPushButton,
    QSplitter,
    QStackedLayout,
    QTableView,
    QWidget,
)

from tray_app.state import AppState
from tray_app.ui import theme
from tray_app.ui.models.requests import CLIENT_COLUMN, MODEL_COLUMN, ROW_ROLE, RequestsModel
from tray_app.ui.pages.request_detail import RequestDetail
from tray_app.ui.text import translate
from tray_app.ui.widgets import EmptyState

# The widest usual content of each column; the model's column takes what is left.
SAMPLES: Final = ("00:00:00", "Cancelled 000", "", "OpenRouter  ", "claude-cli/2.1.330", "00.0 s", "0 min 00 s", "000")
SAMPLES_OF_NUMBERS: Final = ("~999k", "~999k", "~999k")
COLUMN_PADDING: Final = 22


class RequestsPage(QWidget):
    """Requests, newest first.

    Signals:
        testMessageRequested(): send a short message through the proxy.
        setupCopyRequested(str): how to point a client here, for a shell.
        looked(str): the error of this request has been seen.
    """

    testMessageRequested = Signal()
    setupCopyRequested = Signal(str)
    looked = Signal(str)

    def __init__(self, model: RequestsModel) -> None:
        super().__init__()
        self._model = model
        self.table = _table(model)
        self.detail = RequestDetail()
        self._test = QPushButton(translate("Requests", "Send a test message"))
        self._empty = self._make_empty()
        self._arrange()
        model.rowsInserted.connect(self._choose_face)
        model.rowsRemoved.connect(self._choose_face)
        model.dataChanged.connect(self._refresh)
        self.table.selectionModel().currentRowChanged.connect(self._select)
        self._choose_face()

    def select(self, request_id: str) -> None:
        """Show this request, if it is still here."""
        row = self._model.row_of(request_id)
        if row is not None:
            self.table.selectRow(row)
            self.table.scrollTo(self._model.index(row, 0))

    def render_state(self, state: AppState) -> None:
        """Only what the empty page can offer depends on the state."""
        self._test.setEnabled(state.url is not None)

    def _make_empty(self) -> EmptyState:
        sentence = translate(
            "Requests",
            "Requests appear here as they happen. Copy the setup into the shell where your client runs, "
            "or send a test message to the active provider.",
        )
        empty = EmptyState(translate("Requests", "No requests yet"), sentence)
        copy = QPushButton(translate("Requests", "Copy setup for bash / zsh"))
        copy.clicked.connect(lambda: self.setupCopyRequested.emit("bash"))
        self._test.clicked.connect(self.testMessageRequested)
        empty.add_action(self._test)
        empty.add_action(copy)
        return empty

    def _arrange(self) -> None:
        self._split = QSplitter(Qt.Orientation.Vertical)
        self._split.setObjectName("plain")
        self._split.setChildrenCollapsible(False)
        self._split.setHandleWidth(theme.GAP)
        self._split.addWidget(self.table)
        self._split.addWidget(self.detail)
        self._split.setStretchFactor(0, 1)
        self._split.setSizes([340, 240])
        self._faces = QStackedLayout(self)
        self._faces.addWidget(self._empty)
        self._faces.addWidget(self._split)

    def _choose_face(self) -> None:
        filled = self._model.rowCount() > 0
        self._faces.setCurrentWidget(self._split if filled else self._empty)
        if filled and not self.table.currentIndex().isValid():
            self.table.selectRow(0)

    def _select(self, current: QModelIndex, previous: QModelIndex) -> None:
        row = current.data(ROW_ROLE) if current.isValid() else None
        if row is None:
            return
        same = self._model.log.same_errors(row) if row.error is not None else []
        self.detail.show_row(row, same)
        if row.error is not None and self.isVisible():
            self.looked.emit(row.started.id)

    def _refresh(self, first: QModelIndex, last: QModelIndex) -> None:
        current = self.table.currentIndex()
        if current.isValid() and first.row() <= current.row() <= last.row():
            self._select(current, current)


def _table(model: RequestsModel) -> QTableView:
    table = QTableView()
    table.setObjectName("table")
    table.setAccessibleName(translate("Requests", "Requests"))
    table.setModel(model)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setShowGrid(False)
    table.setAlternatingRowColors(True)
    table.setWordWrap(False)
    table.setTabKeyNavigation(False)  # Tab leaves the table, arrows move in it
    table.setTextElideMode(Qt.TextElideMode.ElideRight)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(table.fontMetrics().height() + 14)
    header = table.horizontalHeader()
    header.setHighlightSections(False)
    header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
    for column, sample in enumerate((*SAMPLES, *SAMPLES_OF_NUMBERS)):
        title = header.model().headerData(column, Qt.Orientation.Horizontal, Qt.ItemDataRole.DisplayRole)
        width = max(map(table.fontMetrics().horizontalAdvance, (sample, title)))
        table.setColumnWidth(column, width + COLUMN_PADDING)
    header.setSectionResizeMode(MODEL_COLUMN, QHeaderView.ResizeMode.Stretch)
    table.setColumnHidden(CLIENT_COLUMN, True)  # told in the detail; the model's two names need the room
    header.setMinimumSectionSize(48)
    return table
