"""The table of requests."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from helpers.ui_values import failed, finished, started
from tray_app.ui.models.request_filter import RequestFilter
from tray_app.ui.models.requests import CLIENT_COLUMN, COLUMNS, MODEL_COLUMN, RequestsModel
from tray_app.ui.pages.request_table import MODEL_NARROWEST, RequestTable

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the offscreen platform says so of every window


@pytest.fixture
def model() -> RequestsModel:
    """Three requests, one of which failed."""
    made = RequestsModel()
    made.feed((started("a"), failed("a"), started("b"), finished("b"), started("c")))
    return made


@pytest.fixture
def table(qtbot: QtBot, model: RequestsModel) -> RequestTable:
    """The table, shown."""
    made = RequestTable(RequestFilter(model, model))
    qtbot.addWidget(made)
    made.resize(1_000, 300)
    made.show()
    return made


def width(table: RequestTable) -> int:
    """What the columns take together."""
    return table.horizontalHeader().length()


def test_the_model_takes_what_the_other_columns_leave(table: RequestTable) -> None:
    """Down to a width that can still be read; then the table scrolls."""
    assert width(table) == table.viewport().width()
    table.setColumnWidth(0, table.columnWidth(0) + 30)
    assert width(table) == table.viewport().width()
    table.resize(400, 300)
    assert table.columnWidth(MODEL_COLUMN) == MODEL_NARROWEST
    assert width(table) > table.viewport().width()


def test_numbers_are_never_cut(table: RequestTable) -> None:
    """Their columns keep room for the widest; others may become as narrow as one likes."""
    for number, column in enumerate(COLUMNS):
        if not table.isColumnHidden(number) and number != MODEL_COLUMN:
            usual = table.columnWidth(number)
            table.setColumnWidth(number, 10)
            assert (table.columnWidth(number) >= usual) is column.numeric


def test_columns_are_chosen_by_a_menu(table: RequestTable) -> None:
    """The model's cannot be hidden."""
    actions = {action.text(): action for action in table.columns_menu().actions()}
    assert not actions["Model"].isEnabled()
    actions["Client"].setChecked(True)
    assert not table.isColumnHidden(CLIENT_COLUMN)
    assert table.columnWidth(CLIENT_COLUMN) > 0
    actions["Client"].setChecked(False)
    assert table.isColumnHidden(CLIENT_COLUMN)


def test_columns_come_back_as_they_were(table: RequestTable, model: RequestsModel, qtbot: QtBot) -> None:
    """Order, width and choice; what cannot be read changes nothing."""
    table.horizontalHeader().moveSection(0, 3)
    table.setColumnWidth(3, 200)
    table.setColumnHidden(CLIENT_COLUMN, False)
    kept = table.arrangement()
    other = RequestTable(RequestFilter(model, model))
    qtbot.addWidget(other)
    other.show()
    before = other.arrangement()
    other.arrange(QByteArray(b"nothing of ours"))
    assert other.arrangement() == before
    other.arrange(kept)
    assert other.horizontalHeader().visualIndex(0) == 3
    assert other.columnWidth(3) == 200
    assert not other.isColumnHidden(CLIENT_COLUMN)


def test_selected_rows_are_copied_as_they_stand(table: RequestTable) -> None:
    """One row is a line; several have the headings above them."""
    table.selectRow(1)
    table.copy_rows()
    assert QGuiApplication.clipboard().text().split("\t")[1:4] == ["Done", "claude-x → up-x", "One"]
    table.selectAll()
    table.copy_rows()
    lines = QGuiApplication.clipboard().text().split("\n")
    assert len(lines) == 4
    assert lines[0].startswith("Time\tState\tModel")
    assert {line.count("\t") for line in lines} == {10}
    QGuiApplication.clipboard().clear()
    table.clearSelection()
    table.copy_rows()
    assert QGuiApplication.clipboard().text() == ""


def test_the_menu_offers_what_fits_the_row_and_shows_the_keys(table: RequestTable, qtbot: QtBot) -> None:
    """An error can be copied where there is one."""
    for row, has_error in ((2, True), (1, False)):
        table.selectRow(row)
        actions = {action.text().replace("&", ""): action for action in table.menu().actions()}
        assert actions["Copy error"].isEnabled() is has_error
        assert actions["Copy as curl"].isEnabled()
        assert actions["Copy row"].shortcut().toString() == "Ctrl+C"
    with qtbot.waitSignal(table.providerChosen) as chosen:
        actions["Show only One"].trigger()
    assert chosen.args == ["One"]


def test_keys_do_what_the_menu_says(table: RequestTable, qtbot: QtBot) -> None:
    """Enter, Ctrl+I, Ctrl+U, Ctrl+E; a key without a row does nothing."""
    table.selectRow(2)
    table.setFocus()
    control = Qt.KeyboardModifier.ControlModifier
    with qtbot.waitSignal(table.openRequested):
        qtbot.keyClick(table, Qt.Key.Key_Return)
    with qtbot.waitSignal(table.curlCopyRequested) as asked:
        qtbot.keyClick(table, Qt.Key.Key_U, control)
    assert asked.args[0].started.id == "a"
    with qtbot.waitSignal(table.errorCopyRequested):
        qtbot.keyClick(table, Qt.Key.Key_E, control)
    qtbot.keyClick(table, Qt.Key.Key_I, control)
    assert QGuiApplication.clipboard().text() == "a"
    table.setCurrentIndex(table.model().index(-1, -1))
    assert table.current_request() is None
    qtbot.keyClick(table, Qt.Key.Key_U, control)
    table.copy_id()
    assert QGuiApplication.clipboard().text() == "a"
