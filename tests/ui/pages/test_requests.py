"""The page of the requests."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractSlider
from pytestqt.qtbot import QtBot

from helpers.ui_values import app_state, failed, finished, started
from tray_app.ui.models.requests import RequestsModel
from tray_app.ui.pages.requests import RequestsPage

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the offscreen platform says so of every window


@pytest.fixture
def page(qtbot: QtBot) -> RequestsPage:
    """The page over an empty model."""
    made = RequestsPage(RequestsModel())
    qtbot.addWidget(made)
    made.render_state(app_state())
    made.show()
    return made


def test_an_empty_page_offers_the_first_step(page: RequestsPage, qtbot: QtBot) -> None:
    """A test message while the proxy runs, and the setup."""
    assert page._empty.isVisible()
    with qtbot.waitSignal(page.testMessageRequested):
        qtbot.mouseClick(page._test, Qt.MouseButton.LeftButton)
    page.render_state(app_state(url=None))
    assert not page._test.isEnabled()


def test_the_first_request_is_selected_and_stays_so(page: RequestsPage) -> None:
    """Newer rows come above it without taking the selection away."""
    page._model.feed((started("a"),))
    assert page._filled.isVisible()
    assert page.table.currentIndex().row() == 0
    page._model.feed((started("b"), started("c")))
    assert page.table.currentIndex().row() == 2


def test_the_detail_follows_its_request(page: RequestsPage, qtbot: QtBot) -> None:
    """When it fails while it is shown, it counts as seen."""
    page._model.feed((started("a"), started("b")))
    page.select("a")
    with qtbot.waitSignal(page.looked) as caught:
        page._model.feed((failed("a"),))
    assert caught.args == ["a"]
    assert page.detail.summary.failure.isVisibleTo(page.detail)


def test_an_error_behind_a_hidden_window_is_not_seen(page: RequestsPage) -> None:
    """Only what is on the screen was looked at."""
    page._model.feed((started("a"),))
    page.hide()
    seen: list[str] = []
    page.looked.connect(seen.append)
    page._model.feed((failed("a"),))
    assert seen == []


def test_a_request_that_is_gone_cannot_be_selected(page: RequestsPage) -> None:
    """Nothing happens."""
    page._model.feed((started("a"), finished("a")))
    page.select("z")
    assert page.table.currentIndex().row() == 0


def test_the_table_is_left_with_the_tab_key(page: RequestsPage, qtbot: QtBot) -> None:
    """Arrows move in it; a keyboard user is not caught."""
    page._model.feed((started("a"), started("b")))
    page.table.selectRow(0)
    qtbot.keyClick(page.table, Qt.Key.Key_Down)
    assert page.table.currentIndex().row() == 1
    assert page.table.tabKeyNavigation() is False
    assert page.table.accessibleName()


def test_the_keyboard_searches_opens_closes_and_copies(page: RequestsPage, qtbot: QtBot) -> None:
    """Esc clears the search, then closes the detail, which Enter opens again; Ctrl+C copies the row."""
    page._model.feed((started("a", asked_model="alpha"), started("b", asked_model="beta")))
    page.bar.search.setText("alpha")
    assert page.filter.rowCount() == 1
    page.bar.search.setFocus()
    page._leave()
    assert page.filter.rowCount() == 2
    page.table.setFocus()
    page._leave()
    assert not page.detail.isVisible()
    page.table.selectRow(0)
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert page.detail.isVisible()
    page.select("a")
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert "alpha → up-x" in QGuiApplication.clipboard().text().split("\t")


def test_an_error_is_copied_and_a_provider_singled_out(page: RequestsPage, qtbot: QtBot) -> None:
    """From the keyboard and the menu of the row."""
    page._model.feed((started("a", profile_name="Two"), failed("a"), started("b")))
    page.select("a")
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    assert "No auth credentials found" in QGuiApplication.clipboard().text()
    page.table.providerChosen.emit("Two")
    assert (page.bar.provider.currentData(), page.filter.rowCount()) == ("Two", 1)


def test_the_list_is_paused_and_cleared_from_the_keyboard(page: RequestsPage, qtbot: QtBot) -> None:
    """Space and P pause; Ctrl+L forgets what has ended, and what a pause held back is seen again."""
    page._model.feed((started("a"), finished("a"), started("b")))
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_Space)
    assert page.filter.is_paused
    qtbot.keyClick(page.table, Qt.Key.Key_P)
    assert not page.filter.is_paused
    qtbot.keyClick(page.table, Qt.Key.Key_P)
    page._model.feed((started("c"), finished("c")))
    qtbot.keyClick(page.table, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert (page.filter.rowCount(), page.filter.is_paused) == (1, False)
    page._model.feed((finished("b"),))
    page.clear()
    assert page._empty.isVisible()


def test_clocks_go_while_something_runs_and_the_page_is_seen(page: RequestsPage) -> None:
    """An idle or hidden page wakes nobody."""
    assert not page._ticks.isActive()
    page._model.feed((started("a"),))
    assert page._ticks.isActive()
    page.hide()
    assert not page._ticks.isActive()
    page.show()
    assert page._ticks.isActive()
    page._model.feed((finished("a"),))
    page._tick()
    assert not page._ticks.isActive()


def test_a_pause_counts_what_waits(page: RequestsPage) -> None:
    """The button says how many; opening one of them ends the pause."""
    page._model.feed((started("a"),))
    page.bar.pause.setChecked(True)
    page._model.feed((started("b"), started("c")))
    assert (page.filter.rowCount(), page.bar.pause.text()) == (1, "&Resume (2 new)")
    page.select("c")
    assert (page.filter.rowCount(), page.bar.pause.text()) == (3, "&Pause")


def test_new_rows_do_not_push_away_what_is_read(page: RequestsPage) -> None:
    """Following shows the newest; not following keeps the same row at the top."""
    page._model.feed(tuple(started(f"r{n}") for n in range(200)))
    bar = page.table.verticalScrollBar()
    page._follow(wanted=False)
    bar.setValue(50)
    page._model.feed((started("x"), started("y")))
    assert bar.value() == 52
    page.bar.follow.setChecked(True)
    page._follow(wanted=True)
    assert bar.value() == 0


def test_scrolling_by_hand_ends_following(page: RequestsPage) -> None:
    """Without the focus too, as the mouse wheel does; back at the top the newest row is followed again."""
    page._model.feed(tuple(started(f"r{n}") for n in range(200)))
    bar = page.table.verticalScrollBar()
    page._follow(wanted=True)
    bar.triggerAction(QAbstractSlider.SliderAction.SliderPageStepAdd)
    assert not page.bar.follow.isChecked()
    kept = bar.value()
    page._model.feed((started("x"),))
    assert bar.value() == kept + 1
    bar.triggerAction(QAbstractSlider.SliderAction.SliderToMinimum)
    assert page.bar.follow.isChecked()
