"""The table of requests: its columns, what can be done with a row, and the keys for it.

Columns can be chosen, moved and sized; `arrangement` says how they stand, for whoever remembers it. Numbers are never cut:
their columns do not become narrower than their widest number. What a deed means is decided by the page.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QByteArray, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView

from tray_app.ui.models.request_filter import RequestFilter
from tray_app.ui.models.request_log import RequestRow
from tray_app.ui.models.requests import CLIENT_COLUMN, COLUMNS, MODEL_COLUMN, ROW_ROLE, STATE_COLUMN, STOP_COLUMN
from tray_app.ui.text import translate

# The widest usual content of each column; the model's column takes what is left.
SAMPLES: Final = (
    "00:00:00",
    "Refused 000",
    "",
    "OpenRouter  ",
    "claude-cli/2.1.330",
    "00.0 s",
    "00 min 00 s",
    "~9.9k",
)
SAMPLES_OF_NUMBERS: Final = ("~999k", "~999k", "~999k", "~$0.0000")
SAMPLE_OF_STOP: Final = "max_tokens"
HIDDEN_COLUMNS: Final = (CLIENT_COLUMN, STOP_COLUMN)  # told in the detail; the model's two names need the room
COLUMN_PADDING: Final = 18
MARK_WIDTH: Final = 22  # the dot beside the state
NARROWEST: Final = 48
MODEL_NARROWEST: Final = 150
HERE: Final = Qt.ShortcutContext.WidgetWithChildrenShortcut


class RequestTable(QTableView):
    """The table over what passes the filter. Several rows can be selected; the current one is the one in the detail.

    Signals:
        openRequested(): show the detail of the current row.
        curlCopyRequested(RequestRow), errorCopyRequested(RequestRow): into the clipboard.
        providerChosen(str): show only requests to this provider.
        pauseToggled(), clearRequested(): of the whole list.
    """

    openRequested = Signal()
    curlCopyRequested = Signal(object)
    errorCopyRequested = Signal(object)
    providerChosen = Signal(str)
    pauseToggled = Signal()
    clearRequested = Signal()

    def __init__(self, model: RequestFilter) -> None:
        super().__init__()
        self.setObjectName("table")
        self.setAccessibleName(translate("Requests", "Requests"))
        self.setModel(model)
        self._narrowest: list[int] = []
        self._dress()
        self._make_columns()
        self._actions = self._make_actions()
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._open_menu)
        self.doubleClicked.connect(self.openRequested)

    # -- rows

    def current_request(self) -> RequestRow | None:
        """The row in the detail."""
        current = self.currentIndex()
        return current.data(ROW_ROLE) if current.isValid() else None

    def copy_rows(self) -> None:
        """The selected rows in the clipboard, columns as they stand, separated by tabs; several have a line of headings."""
        header, model = self.horizontalHeader(), self.model()
        shown = [header.logicalIndex(place) for place in range(header.count())]
        shown = [column for column in shown if not header.isSectionHidden(column)]
        rows = sorted({index.row() for index in self.selectionModel().selectedRows()})
        lines = ["\t".join(model.index(row, column).data() for column in shown) for row in rows]
        if len(lines) > 1:
            lines.insert(0, "\t".join(COLUMNS[column].title() for column in shown))
        if lines:
            QGuiApplication.clipboard().setText("\n".join(lines))

    def copy_id(self) -> None:
        """The request's id, which is also in the client's error and in the log."""
        if (request := self.current_request()) is not None:
            QGuiApplication.clipboard().setText(request.started.id)

    # -- columns

    def arrangement(self) -> QByteArray:
        """How the columns stand: which, in what order, how wide."""
        return self.horizontalHeader().saveState()

    def arrange(self, arrangement: QByteArray) -> None:
        """As it was; what does not fit these columns changes nothing."""
        if not self.horizontalHeader().restoreState(arrangement):
            return
        for column, least in enumerate(self._narrowest):
            if not self.isColumnHidden(column) and self.columnWidth(column) < least:
                self.setColumnWidth(column, least)
        self._fit()

    def columns_menu(self) -> QMenu:
        """A check box for each column; the model's stays."""
        menu = QMenu(translate("Requests", "Co&lumns"), self)
        for number, column in enumerate(COLUMNS):
            action = menu.addAction(column.title())
            action.setCheckable(True)
            action.setChecked(not self.isColumnHidden(number))
            action.setEnabled(number != MODEL_COLUMN)
            action.toggled.connect(lambda shown, number=number: self._show_column(number, shown=shown))
        return menu

    def _show_column(self, number: int, *, shown: bool) -> None:
        self.setColumnHidden(number, not shown)
        if shown:
            self.setColumnWidth(number, max(self._usual(number), self.columnWidth(number)))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Give the model what the others leave."""
        header = self.horizontalHeader()
        others = header.length() - header.sectionSize(MODEL_COLUMN)
        header.resizeSection(MODEL_COLUMN, max(MODEL_NARROWEST, self.viewport().width() - others))

    def _resized(self, column: int, before: int, width: int) -> None:
        if column != MODEL_COLUMN and not self.isColumnHidden(column):
            if width < self._narrowest[column]:
                self.setColumnWidth(column, self._narrowest[column])
            self._fit()

    def _usual(self, column: int) -> int:
        sample = (*SAMPLES, *SAMPLES_OF_NUMBERS, SAMPLE_OF_STOP)[column]
        width = max(map(self.fontMetrics().horizontalAdvance, (sample, COLUMNS[column].title())))
        return width + COLUMN_PADDING + (MARK_WIDTH if column == STATE_COLUMN else 0)

    def _make_columns(self) -> None:
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsMovable(True)
        header.setMinimumSectionSize(NARROWEST)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._open_columns)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(MODEL_COLUMN, QHeaderView.ResizeMode.Fixed)  # but for `_fit`
        for number, column in enumerate(COLUMNS):
            self.setColumnWidth(number, self._usual(number))
            self._narrowest.append(self._usual(number) if column.numeric else NARROWEST)
        for number in HIDDEN_COLUMNS:
            self.setColumnHidden(number, True)
        header.sectionResized.connect(self._resized)

    def _dress(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)  # Tab leaves the table, arrows move in it
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 12)
        self.setVerticalScrollMode(
            QAbstractItemView.ScrollMode.ScrollPerItem
        )  # its unit is a row: the page counts on it
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)

    # -- deeds

    def menu(self) -> QMenu:
        """What can be done with the current row and with the list, with the keys that do it."""
        request = self.current_request()
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name, action in self._actions.items():
            if name == "pause":
                self._offer_provider(menu, request)
            menu.addAction(action)
        self._actions["curl"].setEnabled(request is not None and bool(request.started.asked_model))
        self._actions["error"].setEnabled(request is not None and request.error is not None)
        menu.addMenu(self.columns_menu())
        return menu

    def _offer_provider(self, menu: QMenu, request: RequestRow | None) -> None:
        name = request.started.profile_name if request is not None else ""
        if name:
            words = translate("Requests", "Show only %1").replace("%1", name.replace("&", "&&"))
            menu.addAction(words, lambda: self.providerChosen.emit(name))
        menu.addSeparator()

    def _make_actions(self) -> dict[str, QAction]:
        """By name, in the order of the menu. A key works while the table has the focus."""
        described = (
            ("open", translate("Requests", "Show &details"), ("Return", "Enter"), self.openRequested.emit),
            ("copy", translate("Requests", "&Copy row"), ("Ctrl+C",), self.copy_rows),
            ("id", translate("Requests", "Copy request &ID"), ("Ctrl+I",), self.copy_id),
            ("curl", translate("Requests", "Copy as c&url"), ("Ctrl+U",), lambda: self._tell(self.curlCopyRequested)),
            ("error", translate("Requests", "Copy &error"), ("Ctrl+E",), lambda: self._tell(self.errorCopyRequested)),
            ("pause", translate("Requests", "&Pause or resume"), ("Space", "P"), self.pauseToggled.emit),
            ("clear", translate("Requests", "Clear the &list"), ("Ctrl+L",), self.clearRequested.emit),
        )
        made: dict[str, QAction] = {}
        for name, words, keys, act in described:
            action = made[name] = QAction(words, self)
            action.setShortcuts([QKeySequence(key) for key in keys])
            action.setShortcutContext(HERE)
            action.setShortcutVisibleInContextMenu(True)
            action.triggered.connect(act)
            self.addAction(action)
        return made

    def _tell(self, signal: object) -> None:
        if (request := self.current_request()) is not None:
            signal.emit(request)  # type: ignore[attr-defined]  # a bound signal has no type of its own

    def _open_menu(self, place: QPoint) -> None:
        self.menu().popup(self.viewport().mapToGlobal(place))

    def _open_columns(self, place: QPoint) -> None:
        menu = self.columns_menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.horizontalHeader().mapToGlobal(place))
