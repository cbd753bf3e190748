"""Ticked entries in order."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tray_app.ui.dialogs.order_list import OrderList

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
ENTRIES = (("a", "Alpha"), ("b", "Beta"), ("c", "Gamma"))


@pytest.fixture
def entries(qtbot: QtBot) -> OrderList:
    """Three, of which two are ticked the other way round, and one that is gone."""
    made = OrderList()
    qtbot.addWidget(made)
    made.show_entries(ENTRIES, ("c", "gone", "a"))
    made.show()
    return made


def test_the_ticked_come_first_in_their_order(entries: OrderList) -> None:
    """What is not known any more keeps its place under its id."""
    assert [entries.item(row).text() for row in range(entries.count())] == ["Gamma", "gone", "Alpha", "Beta"]
    assert entries.ticked() == ("c", "gone", "a")


def test_a_tick_is_told(entries: OrderList, qtbot: QtBot) -> None:
    """By space bar or mouse."""
    entries.setCurrentRow(3)
    with qtbot.waitSignal(entries.changed):
        qtbot.keyClick(entries, Qt.Key.Key_Space)
    assert entries.ticked() == ("c", "gone", "a", "b")


def test_alt_and_arrows_move_an_entry(entries: OrderList, qtbot: QtBot) -> None:
    """Not beyond the ends; arrows alone move the cursor."""
    alt = Qt.KeyboardModifier.AltModifier
    entries.setCurrentRow(0)
    qtbot.keyClick(entries, Qt.Key.Key_Up, alt)
    assert entries.ticked() == ("c", "gone", "a")
    with qtbot.waitSignal(entries.changed):
        qtbot.keyClick(entries, Qt.Key.Key_Down, alt)
    assert (entries.ticked(), entries.currentRow()) == (("gone", "c", "a"), 1)
    qtbot.keyClick(entries, Qt.Key.Key_Down)
    assert entries.currentRow() == 2
