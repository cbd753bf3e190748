"""The pane under the table: one request, at a glance and as it was on the wire. It arranges three views and their common head."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from tray_app.proxy.recorded import Recorded
from tray_app.ui import text, theme
from tray_app.ui.models.request_log import RequestRow, RowState
from tray_app.ui.models.request_words import state_word
from tray_app.ui.models.requests import STATE_COLORS
from tray_app.ui.pages.message_view import MessageView
from tray_app.ui.pages.request_summary import RequestSummary
from tray_app.ui.text import translate
from tray_app.ui.widgets import Dot, row


class RequestDetail(QWidget):
    """The pane.

    Signals:
        curlCopyRequested(RequestRow): a command that sends a request like this one.
        errorCopyRequested(RequestRow): its error, for somebody who can help.
        recordedWanted(str, tuple, bool): messages of the request with that id, with or without bodies.
        captureChosen(bool): record bodies from now on, or stop.
    """

    curlCopyRequested = Signal(object)
    errorCopyRequested = Signal(object)
    recordedWanted = Signal(str, object, bool)
    captureChosen = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(translate("Requests", "Details of the request"))
        self._request: RequestRow | None = None
        self._dot = Dot()
        self._title = theme.heading("", 1.15)
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._state = theme.muted()
        self._state.setWordWrap(False)
        self.copy_curl = QPushButton(translate("Requests", "Copy as c&url"))
        self.copy_error = QPushButton(translate("Requests", "Copy &error"))
        self.summary = RequestSummary()
        self.headers = MessageView(bodies=False)
        self.bodies = MessageView(bodies=True)
        self.tabs = QTabBar()
        self._stack = QStackedWidget()
        self._arrange()
        self._connect()

    def show_row(self, request: RequestRow, same: list[RequestRow]) -> None:
        """Show this request; `same` are those that failed alike, itself included."""
        before, self._request = self._request, request
        self._dot.set_color(STATE_COLORS[request.state], ring=request.state is RowState.WAITING)
        self._title.setText(request.started.asked_model or text.short_error_title(request.error))
        self._state.setText(f"{state_word(request)}{text.SEPARATOR}{text.clock_time(request.started.at)}")
        self.copy_curl.setEnabled(bool(request.started.asked_model))
        self.copy_error.setVisible(request.error is not None)
        self.summary.show_row(request, same)
        if before is None or (before.started.id, before.state) != (request.started.id, request.state):
            self.headers.show_row(request)
            self.bodies.show_row(request)

    def show_recorded(self, recorded: Recorded) -> None:
        """The answer to `recordedWanted`."""
        for view in (self.headers, self.bodies):
            if view.isVisible():
                view.show_recorded(recorded)

    def render_capturing(self, capturing: bool) -> None:
        """Whether bodies are being recorded."""
        self.bodies.render_capturing(capturing)

    def search(self) -> bool:
        """Go to the search of what is shown; False where there is nothing to search in."""
        view = self._stack.currentWidget()
        if not isinstance(view, MessageView) or not view.isVisible():
            return False
        view.search()
        return True

    def take_place_of(self, other: RequestDetail) -> None:
        """Show the same view."""
        self.tabs.setCurrentIndex(other.tabs.currentIndex())

    def _arrange(self) -> None:
        for view, title in (
            (self.summary, translate("Requests", "&Summary")),
            (self.headers, translate("Requests", "&Headers")),
            (self.bodies, translate("Requests", "&Bodies")),
        ):
            self._stack.addWidget(view)
            self.tabs.addTab(title)
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setAccessibleName(translate("Requests", "Views of the request"))
        self.tabs.currentChanged.connect(self._stack.setCurrentIndex)
        self.setFocusProxy(self.tabs)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.GAP, 0, 0)
        column.setSpacing(theme.GAP)
        head = row(self.tabs, self._dot, self._title, self._state, 1, self.copy_error, self.copy_curl)
        head.insertSpacing(1, theme.GAP)
        column.addLayout(head)
        column.addWidget(self._stack, 1)

    def _connect(self) -> None:
        hint = translate("Requests", "A request like this one, without the key and without its conversation.")
        self.copy_curl.setToolTip(hint)
        self.copy_curl.clicked.connect(lambda: self.curlCopyRequested.emit(self._request))
        self.copy_error.clicked.connect(lambda: self.errorCopyRequested.emit(self._request))
        for view in (self.headers, self.bodies):
            view.wanted.connect(self.recordedWanted)
            view.captureChosen.connect(self.captureChosen)
