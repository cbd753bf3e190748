"""The window: a header that always tells the state, a sidebar, and the pages.

It shows an `AppState` and passes on what the pages ask for; `wiring.py` connects it to the controller. Closing it only
hides it, unless there is no tray to bring it back from.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
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


class MainWindow(QMainWindow):
    """The one window.

    Signals:
        visibilityChanged(bool): shown or hidden.
        quitRequested(): by the keyboard.
    """

    visibilityChanged = Signal(bool)
    quitRequested = Signal()

    def __init__(self, requests: RequestsModel) -> None:
        super().__init__()
        self.setWindowTitle(text.APP_NAME)
        self.setWindowIcon(icons.application())
        self.resize(theme.WINDOW_SIZE.boundedTo(self.screen().availableSize() - theme.FRAME))
        self._has_tray = True
        self.header = Header()
        self.banner = Banner()
        self.overview = OverviewPage()
        self.requests = RequestsPage(requests)
        self.providers = ProvidersPage()
        self.settings = SettingsPage()
        self.sidebar = QListWidget()
        self._stack = QStackedWidget()
        self._arrange()
        # Not the standard keys: Windows and bare X11 sessions have none for these.
        QShortcut(QKeySequence("Ctrl+Q"), self).activated.connect(self.quitRequested)
        QShortcut(QKeySequence("Ctrl+W"), self).activated.connect(self.close)
        self._dress()

    def render_state(self, state: AppState) -> None:
        """Show this state on the frame and on every page."""
        self._has_tray = all(problem.kind is not NO_TRAY for problem in state.problems)
        self.header.render_state(state)
        self.banner.show_words("\n".join(map(problem_text.problem, state.problems)))
        self.overview.render_state(state)
        self.requests.render_state(state)
        self.providers.render_state(state)
        self.settings.render_state(state)

    def show_page(self, page: QWidget) -> None:
        """Go to a page."""
        self.sidebar.setCurrentRow(self._stack.indexOf(page))

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
        self.overview.take_place_of(other.overview)
        self.requests.take_place_of(other.requests)
        self.providers.take_place_of(other.providers)
        self.settings.take_place_of(other.settings)
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
        if self._has_tray:
            event.accept()
            return
        event.ignore()  # a hidden window without a tray icon could not be found again
        self.showMinimized()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.visibilityChanged.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.visibilityChanged.emit(False)
        QTimer.singleShot(0, self, self._let_go_of_the_picture)

    def _let_go_of_the_picture(self) -> None:
        """What is on screen takes four bytes a pixel: 3 MB here, 13 on a dense screen. The widgets keep their state."""
        if not self.isVisible():
            self.destroy()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()
        super().changeEvent(event)

    def _dress(self) -> None:
        sheet = theme.style_sheet(self.palette())
        if sheet != self.styleSheet():
            self.setStyleSheet(sheet)

    def _arrange(self) -> None:
        self._add_page(self.overview, translate("Window", "Overview"))
        self._add_page(self.requests, translate("Window", "Requests"))
        self._add_page(self.providers, translate("Window", "Providers"))
        self._add_page(self.settings, translate("Window", "Settings"))
        self.sidebar.setObjectName("sidebar")
        self.sidebar.setAccessibleName(translate("Window", "Pages"))
        self.sidebar.setFixedWidth(theme.SIDEBAR_WIDTH)
        self.sidebar.setIconSize(QSize(18, 18))
        self.sidebar.currentRowChanged.connect(self._stack.setCurrentIndex)
        self.sidebar.setCurrentRow(0)
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

    def _add_page(self, page: QWidget, title: str) -> None:
        number = self._stack.addWidget(page) + 1
        self.sidebar.addItem(QListWidgetItem(title))
        QShortcut(QKeySequence(f"Ctrl+{number}"), self).activated.connect(lambda: self.show_page(page))
