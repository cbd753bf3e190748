"""The window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from helpers.ui_values import app_state, failed, started
from tray_app.state import Problem, ProblemKind
from tray_app.ui.main_window import MainWindow
from tray_app.ui.models.requests import RequestsModel
from tray_app.ui.pages.overview import OverviewPage

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", r"raise\(\)")  # what the offscreen platform cannot do


@pytest.fixture
def window(qtbot: QtBot) -> MainWindow:
    """The window, shown."""
    made = MainWindow(RequestsModel())
    qtbot.addWidget(made)
    made.render_state(app_state())
    made.show()
    return made


def test_pages_are_reached_by_list_and_keyboard(window: MainWindow, qtbot: QtBot) -> None:
    """Ctrl and the page's number."""
    assert window.overview.isVisible()
    window.sidebar.setCurrentRow(2)
    assert window.providers.isVisible()
    window.show_page(window.requests)
    assert window.requests.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(window.providers.isVisible)


def test_a_page_is_made_at_its_first_visit(window: MainWindow) -> None:
    """Told of before it is shown, with the state as it is now, and only once."""
    assert list(window.made) == [OverviewPage]
    told: list[tuple[object, bool]] = []
    window.pageMade.connect(lambda page: told.append((page, page.isVisible())))
    window.sidebar.setCurrentRow(2)
    assert window.providers.selected is not None
    assert window.providers.selected.id == app_state().active_id
    window.sidebar.setCurrentRow(0)
    window.sidebar.setCurrentRow(2)
    assert told == [(window.providers, False)]


def test_the_window_does_not_grow_with_a_visit(window: MainWindow) -> None:
    """It is made as large at once as its largest page needs."""
    least = window.minimumSizeHint()
    for row in range(4):
        window.sidebar.setCurrentRow(row)
    assert window.minimumSizeHint() == least


def test_it_fits_on_a_small_screen(window: MainWindow) -> None:
    """What is larger than the screen would have its foot, and the buttons there, out of reach."""
    for row in range(4):
        window.sidebar.setCurrentRow(row)
    assert window.height() < window.screen().availableSize().height()
    assert window.minimumSizeHint().width() <= 960 - 16  # half of a common screen, at 200 %
    assert window.minimumSizeHint().height() <= 540 - 48


def test_a_request_is_opened_by_its_id(window: MainWindow) -> None:
    """From whatever page."""
    window.requests._model.feed((started("a"), failed("a"), started("b")))
    window.show_page(window.providers)
    window.show_request("a")
    assert window.requests.isVisible()
    assert window.requests.table.currentIndex().row() == 1


def test_problems_are_a_banner_while_they_last(window: MainWindow) -> None:
    """All of them, and nothing when there are none."""
    problems = (Problem(ProblemKind.PORT_TAKEN, "8417 by node"), Problem(ProblemKind.SAVE_FAILED, "disk full"))
    window.render_state(app_state(problems=problems))
    assert window.banner.isVisible()
    assert "8417 by node" in window.banner._words.text()
    assert "disk full" in window.banner._words.text()
    window.render_state(app_state())
    assert not window.banner.isVisible()


def test_a_closed_window_keeps_its_state_and_not_its_picture(window: MainWindow, qtbot: QtBot) -> None:
    """It comes back as it was; minimized it is only put aside."""
    window.show_page(window.providers)
    window.resize(900, 640)
    window.close()
    qtbot.waitUntil(lambda: window.windowHandle() is None)
    window.come_forward()
    assert window.windowHandle() is not None
    assert window.providers.isVisible()
    assert (window.width(), window.height()) == (900, 640)
    window.hide()
    window.show()
    later = QTimer(singleShot=True)
    with qtbot.waitSignal(later.timeout):
        later.start(0)
    assert window.windowHandle() is not None


def test_a_closed_window_comes_back_as_large_as_it_was(window: MainWindow, qtbot: QtBot) -> None:
    """Also when that is the whole screen, and then it still knows its size of before."""
    window.resize(900, 640)
    window.showMaximized()
    window.close()
    qtbot.waitUntil(lambda: not window.testAttribute(Qt.WidgetAttribute.WA_WState_Created))
    window.come_forward()
    assert window.windowHandle().windowStates() == Qt.WindowState.WindowMaximized
    window.showNormal()
    assert (window.width(), window.height()) == (900, 640)


def test_closing_hides_it_where_there_is_a_tray(window: MainWindow, qtbot: QtBot) -> None:
    """The proxy goes on; whoever paces the updates hears of it."""
    with qtbot.waitSignal(window.visibilityChanged) as caught:
        window.close()
    assert caught.args == [False]
    with qtbot.waitSignal(window.visibilityChanged) as caught:
        window.come_forward()
    assert caught.args == [True]


def test_without_a_tray_it_is_only_minimized(window: MainWindow) -> None:
    """Or nobody would find it again."""
    window.render_state(app_state(problems=(Problem(ProblemKind.NO_TRAY),)))
    window.close()
    assert window.isVisible()
    assert window.isMinimized()
    window.come_forward()
    assert not window.isMinimized()


def test_quitting_by_keyboard(window: MainWindow, qtbot: QtBot) -> None:
    """Ctrl+Q is a wish like the others."""
    with qtbot.waitSignal(window.quitRequested):
        qtbot.keyClick(window, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)


def test_a_new_palette_makes_a_new_style(window: MainWindow, qtbot: QtBot, qapp: QApplication) -> None:
    """From light to dark and back without a restart."""
    light = window.styleSheet()
    before = qapp.palette()
    qapp.setPalette(QPalette(QColor("#333333"), QColor("#222222")))
    qtbot.waitUntil(lambda: window.styleSheet() != light)
    qapp.setPalette(before)
    qtbot.waitUntil(lambda: window.styleSheet() == light)
