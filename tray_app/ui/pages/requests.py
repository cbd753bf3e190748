"""The page with the live table of requests and the detail of the current one.

Arrows move, Enter opens the detail, Esc closes it, Ctrl+F searches; the other keys are the table's (`request_table.py`). What
passes the filter and what a pause holds back is decided in `models/request_filter.py`; the bar above is `request_bar.py`.
The clocks of running requests go while something runs and the page can be seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QByteArray, QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QLineEdit, QPushButton, QSplitter, QStackedLayout, QVBoxLayout, QWidget

from tray_app.proxy.recorded import Recorded
from tray_app.state import AppState
from tray_app.ui import theme
from tray_app.ui.models.request_filter import RequestFilter, StateChoice
from tray_app.ui.models.request_log import RequestRow
from tray_app.ui.models.requests import COLUMNS, ROW_ROLE, RequestsModel
from tray_app.ui.pages.request_bar import RequestBar
from tray_app.ui.pages.request_detail import RequestDetail
from tray_app.ui.pages.request_summary import error_report
from tray_app.ui.pages.request_table import RequestTable
from tray_app.ui.text import translate
from tray_app.ui.widgets import EmptyState

TICK_MS: Final = 1_000
COLUMNS_KEY: Final = f"requests/columns-{len(COLUMNS)}"  # of other columns it would make no sense
SPLIT_KEY: Final = "requests/split"


class RequestsPage(QWidget):
    """Requests, newest first.

    Signals:
        testMessageRequested(): send a short message through the proxy.
        setupCopyRequested(str): how to point a client here, for a shell.
        curlCopyRequested(RequestRow): a command that sends a request like this one.
        looked(str): the error of this request has been seen.
        recordedWanted(str, tuple, bool): messages of the request with that id, with or without bodies.
        captureChosen(bool): record bodies from now on, or stop.
        cleared(): the list was cleared; nothing of it need be kept.
    """

    testMessageRequested = Signal()
    setupCopyRequested = Signal(str)
    curlCopyRequested = Signal(object)
    looked = Signal(str)
    recordedWanted = Signal(str, object, bool)
    captureChosen = Signal(bool)
    cleared = Signal()

    def __init__(self, model: RequestsModel) -> None:
        super().__init__()
        self._model = model
        self.filter = RequestFilter(model, self)
        self.bar = RequestBar()
        self.table = RequestTable(self.filter)
        self.detail = RequestDetail()
        self._test = QPushButton(translate("Requests", "Send a test message"))
        self._empty = self._make_empty()
        self._following = True
        self._ticks = QTimer(self, interval=TICK_MS)
        self._ticks.timeout.connect(self._tick)
        self._arrange()
        self._connect()
        self._choose_face()

    def select(self, request_id: str) -> None:
        """Show this request, if it is still here; a filter that hides it gives way."""
        if self._model.row_of(request_id) is None:
            return
        if self.filter.row_of(request_id) is None:
            self.bar.clear()
            self.bar.pause.setChecked(False)
        row = self.filter.row_of(request_id)
        if row is not None:
            self.table.selectRow(row)
            self.table.scrollTo(self.filter.index(row, 0))
            self.detail.show()

    def arrangement(self) -> dict[str, QByteArray]:
        """How the columns and the split stand, by names under which they can be kept."""
        return {COLUMNS_KEY: self.table.arrangement(), SPLIT_KEY: self._split.saveState()}

    def arrange(self, kept: Mapping[str, QByteArray]) -> None:
        """As it was; what is missing or does not fit changes nothing."""
        self.table.arrange(kept.get(COLUMNS_KEY, QByteArray()))
        self._split.restoreState(kept.get(SPLIT_KEY, QByteArray()))

    def take_place_of(self, other: RequestsPage) -> None:
        """Show what another page shows."""
        self.arrange(other.arrangement())
        self.detail.take_place_of(other.detail)
        row = other.table.currentIndex().data(ROW_ROLE)
        if row is not None:
            self.select(row.started.id)
        self.detail.setVisible(other.detail.isVisibleTo(other))

    def render_state(self, state: AppState) -> None:
        """What the empty page can offer, and whether bodies are being recorded."""
        self._test.setEnabled(state.url is not None)
        self.bar.show_capturing(state.settings.body_capture)
        self.detail.render_capturing(state.settings.body_capture)

    def show_recorded(self, recorded: Recorded) -> None:
        """The answer to `recordedWanted`."""
        self.detail.show_recorded(recorded)

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
        self._split.setSizes([300, 300])
        filled = QWidget()
        column = QVBoxLayout(filled)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP)
        column.addWidget(self.bar)
        column.addWidget(self._split, 1)
        self._faces = QStackedLayout(self)
        self._faces.addWidget(self._empty)
        self._faces.addWidget(filled)
        self._filled = filled

    def _connect(self) -> None:
        model, table = self._model, self.table
        for changed in (model.rowsInserted, model.rowsRemoved, model.modelReset):
            changed.connect(self._choose_face)
        model.rowsInserted.connect(self._tick)
        self.filter.rowsInserted.connect(self._keep_in_view)
        self.filter.dataChanged.connect(self._refresh)
        self.filter.waitingChanged.connect(self.bar.show_waiting)
        self.bar.chosen.connect(self._choose)
        self.bar.pauseChosen.connect(self.filter.pause)
        self.bar.followChosen.connect(self._follow)
        self.bar.leaveRequested.connect(table.setFocus)
        self.detail.curlCopyRequested.connect(self.curlCopyRequested)
        self.detail.errorCopyRequested.connect(self._copy_error)
        self.detail.recordedWanted.connect(self.recordedWanted)
        self.detail.captureChosen.connect(self.captureChosen)
        self.bar.captureChosen.connect(self.captureChosen)
        table.selectionModel().currentRowChanged.connect(self._select)
        table.verticalScrollBar().actionTriggered.connect(self._scrolled_by_hand)
        table.verticalScrollBar().valueChanged.connect(self._scrolled)
        table.openRequested.connect(self._open_detail)
        table.curlCopyRequested.connect(self.curlCopyRequested)
        table.errorCopyRequested.connect(self._copy_error)
        table.providerChosen.connect(self.bar.choose_provider)
        table.pauseToggled.connect(self.bar.pause.toggle)
        table.clearRequested.connect(self.clear)
        self._shortcut("Ctrl+F", self._search)
        self._shortcut("Esc", self._leave)

    def _shortcut(self, keys: str, act: object) -> None:
        shortcut = QShortcut(QKeySequence(keys), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(act)

    def clear(self) -> None:
        """Forget the requests that have ended; what a pause held back runs on in sight."""
        self.bar.pause.setChecked(False)
        self._model.clear()
        self.cleared.emit()

    def _search(self) -> None:
        """In the messages while somebody reads them, else in the list."""
        focused: QWidget | None = self.focusWidget()
        if focused is None or not self.detail.isAncestorOf(focused) or not self.detail.search():
            self.bar.search.setFocus()

    def _copy_error(self, request: RequestRow) -> None:
        QGuiApplication.clipboard().setText(error_report(request))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._tick()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._ticks.stop()

    def _tick(self) -> None:
        """Move the clocks, and come again while any goes and can be seen."""
        if not self.isVisible() or not self._model.tick():
            self._ticks.stop()
        elif not self._ticks.isActive():
            self._ticks.start()

    def _choose_face(self) -> None:
        filled = self._model.rowCount() > 0
        self._faces.setCurrentWidget(self._filled if filled else self._empty)
        self.bar.offer_providers(self._model.log.providers())
        if filled and not self.table.currentIndex().isValid():
            self.table.selectRow(0)

    def _choose(self, state: StateChoice, provider: str, search: str) -> None:
        self.filter.choose(state, provider, search)
        current = self.table.currentIndex()
        if current.isValid():
            self.table.scrollTo(current)
        else:
            self.table.selectRow(0)

    def _keep_in_view(self, parent: QModelIndex, first: int, last: int) -> None:
        # Rows come in at the top: whoever reads further down must not have them push the text away.
        bar = self.table.verticalScrollBar()
        if self._following:
            self.table.scrollToTop()
        elif first <= bar.value():
            bar.setValue(bar.value() + last - first + 1)

    def _follow(self, wanted: bool) -> None:
        self._following = wanted
        if wanted:
            self.table.scrollToTop()

    def _scrolled_by_hand(self) -> None:
        """By mouse or wheel, whatever has the focus; the bar has not moved yet but knows where it will be."""
        self._leave_top(self.table.verticalScrollBar().sliderPosition())

    def _scrolled(self) -> None:
        if self.table.hasFocus():
            self._leave_top(self.table.verticalScrollBar().value())

    def _leave_top(self, position: int) -> None:
        self._following = position == 0
        self.bar.follow.setChecked(self._following)

    def _open_detail(self) -> None:
        self.detail.show()
        self.detail.setFocus()

    def _leave(self) -> None:
        """Esc: out of a search and clear it, else close the detail."""
        focused: QWidget | None = self.focusWidget()
        if isinstance(focused, QLineEdit):
            focused.clear()
        else:
            self.detail.hide()
        self.table.setFocus()

    def _select(self, current: QModelIndex, previous: QModelIndex) -> None:
        row = current.data(ROW_ROLE) if current.isValid() else None
        if row is None:
            return
        same = self._model.log.same_errors(row) if row.error is not None else []
        self.detail.show_row(row, same)
        if row.error is not None and self.detail.isVisible():
            self.looked.emit(row.started.id)

    def _refresh(self, first: QModelIndex, last: QModelIndex) -> None:
        current = self.table.currentIndex()
        if current.isValid() and first.row() <= current.row() <= last.row():
            self._select(current, current)
