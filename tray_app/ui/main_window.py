"""The window: a header that always tells the state, a sidebar, and the pages.

It shows an `AppState` and passes on what the pages ask for; `wiring.py` connects it to the controller. A page is made when
it is first needed: all four take twice the time and the memory of the first. Closing the window only hides it, unless there
is no tray to bring it back from.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

from PySide6.QtCore import QEvent, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QMainWindow,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from tray_app.state import AppState, ProblemKind
from tray_app.ui import icons, problem_text, text, theme
from tray_app.ui.header import Header
from tray_app.ui.models.requests import RequestsModel
from tray_app.ui.pages.overview import OverviewPage
from tray_app.ui.pages.providers import ProvidersPage
from tray_app.ui.pages.requests import RequestsPage
from tray_app.ui.pages.settings import SettingsPage
from tray_app.ui.text import translate
from tray_app.ui.widgets import Banner

NO_TRAY: Final = ProblemKind.NO_TRAY

Page = OverviewPage | RequestsPage | ProvidersPage | SettingsPage
P = TypeVar("P", bound=Page)


class MainWindow(QMainWindow):
    """The one window. `made` holds the pages that there are so far.

    Signals:
        pageMade(Page): a page that nobody is connected with yet.
        visibilityChanged(bool): shown or hidden.
        quitRequested(): by the keyboard.
    """

    pageMade = Signal(object)
    visibilityChanged = Signal(bool)
    quitRequested = Signal()

    def __init__(self, requests: RequestsModel) -> None:
        super().__init__()
        self.setWindowTitle(text.APP_NAME)
        self.setWindowIcon(icons.application())
        self.resize(theme.WINDOW_SIZE.boundedTo(self.screen().availableSize() - theme.FRAME))
        self._state = AppState()
        self._makers: dict[type, Callable[[], Any]] = {  # as they stand in the sidebar
            OverviewPage: OverviewPage,
            RequestsPage: lambda: RequestsPage(requests),
            ProvidersPage: ProvidersPage,
            SettingsPage: SettingsPage,
        }
        self.made: dict[type, Any] = {}
        self.header = Header()
        self.banner = Banner()
        self.sidebar = QListWidget()
        self._stack = QStackedWidget()
        self._arrange()
        # Not the standard keys: Windows and bare X11 sessions have none for these.
        QShortcut(QKeySequence("Ctrl+Q"), self).activated.connect(self.quitRequested)
        QShortcut(QKeySequence("Ctrl+W"), self).activated.connect(self.close)
        self._dress()

    @property
    def overview(self) -> OverviewPage:
        """What happens now, and the sums."""
        return self._page(OverviewPage)

    @property
    def requests(self) -> RequestsPage:
        """The table of requests."""
        return self._page(RequestsPage)

    @property
    def providers(self) -> ProvidersPage:
        """The providers."""
        return self._page(ProvidersPage)

    @property
    def settings(self) -> SettingsPage:
        """The settings."""
        return self._page(SettingsPage)

    def render_state(self, state: AppState) -> None:
        """Show this state on the frame and on every page."""
        self._state = state
        self.header.render_state(state)
        self.banner.show_words("\n".join(map(problem_text.problem, state.problems)))
        for page in self.made.values():
            page.render_state(state)

    def show_page(self, page: Page) -> None:
        """Go to a page."""
        self.sidebar.setCurrentRow(list(self._makers).index(type(page)))

    def show_request(self, request_id: str) -> None:
        """Go to one request."""
        self.show_page(self.requests)
        self.requests.select(request_id)

    def show_provider(self, profile_id: str) -> None:
        """Go to one provider."""
        self.show_page(self.providers)
        self.providers.show_provider(profile_id)

    def come_forward(self) -> None:
        """Show the window above the others, wherever it was."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def take_place_of(self, other: MainWindow) -> None:
        """Stand where another window stands, on the same page, with the same things selected and the same focus."""
        self.setGeometry(other.normalGeometry() if other.isMaximized() else other.geometry())
        self.sidebar.setCurrentRow(other.sidebar.currentRow())
        for kind, page in other.made.items():
            self._page(kind).take_place_of(page)
        if not other.isVisible():
            return
        self.setWindowState(other.windowState())
        self.show()
        focused: QWidget | None = other.focusWidget()
        name = focused.objectName() if focused else ""
        if name:
            twin: QWidget | None = self.findChild(QWidget, name)
            if twin is not None:
                twin.setFocus()

    def closeEvent(self, event: QCloseEvent) -> None:
        if all(problem.kind is not NO_TRAY for problem in self._state.problems):
            event.accept()
            return
        event.ignore()  # a hidden window without a tray icon could not be found again
        self.showMinimized()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._visit(self.sidebar.currentRow())
        self.visibilityChanged.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.visibilityChanged.emit(False)
        # As it is now: the window manager is about to forget that it was maximized.
        state, place = self.windowState(), self.normalGeometry()
        QTimer.singleShot(0, self, lambda: self._let_go_of_the_picture(state, place))

    def _let_go_of_the_picture(self, state: Qt.WindowState, place: QRect) -> None:
        """What is on screen takes four bytes a pixel: 3 MB here, 13 on a dense screen. The widgets keep their state."""
        if not self.isVisible():
            self.setWindowState(Qt.WindowState.WindowNoState)  # what a widget is already, a new window is not told
            self.destroy()
            self.setGeometry(place)  # a new window without a place is put somewhere by the window manager
            self.setWindowState(state)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()
        super().changeEvent(event)

    def _dress(self) -> None:
        sheet = theme.style_sheet(self.palette())
        if sheet != self.styleSheet():
            self.setStyleSheet(sheet)

    def _arrange(self) -> None:
        titles = (
            translate("Window", "Overview"),
            translate("Window", "Requests"),
            translate("Window", "Providers"),
            translate("Window", "Settings"),
        )
        for row, title in enumerate(titles):
            self._add_title(row, title)
        self.sidebar.setObjectName("sidebar")
        self.sidebar.setAccessibleName(translate("Window", "Pages"))
        self.sidebar.setFixedWidth(theme.SIDEBAR_WIDTH)
        self.sidebar.setIconSize(QSize(18, 18))
        self.sidebar.setCurrentRow(0)
        self.sidebar.currentRowChanged.connect(self._visit)
        self._stack.setMinimumSize(theme.LARGEST_PAGE)
        content = QVBoxLayout()
        content.setContentsMargins(theme.PAD, theme.PAD, theme.PAD, theme.PAD)
        content.setSpacing(theme.PAD)
        content.addWidget(self.banner)
        content.addWidget(self._stack, 1)
        body = QHBoxLayout()
        body.setSpacing(0)
        body.addWidget(self.sidebar)
        body.addLayout(content, 1)
        frame = QWidget()
        column = QVBoxLayout(frame)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addLayout(body, 1)
        self.setCentralWidget(frame)

    def _add_title(self, row: int, title: str) -> None:
        self.sidebar.addItem(QListWidgetItem(title))
        shortcut = QShortcut(QKeySequence(f"Ctrl+{row + 1}"), self)
        shortcut.activated.connect(lambda: self.sidebar.setCurrentRow(row))

    def _page(self, kind: type[P]) -> P:
        if kind not in self.made:
            made = self.made[kind] = self._makers[kind]()
            self.pageMade.emit(made)
            made.render_state(self._state)
            self._stack.addWidget(made)  # last: it may be visible from now on, and tells so
        page: P = self.made[kind]
        return page

    def _visit(self, row: int) -> None:
        self._stack.setCurrentWidget(self._page(list(self._makers)[row]))
