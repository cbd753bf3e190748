"""The two-column table by keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from tray_app.ui.dialogs.pairs_table import PairsTable

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def table(qtbot: QtBot) -> PairsTable:
    """On the screen, with two rows."""
    made = PairsTable(("Asked for", "Sent"))
    qtbot.addWidget(made)
    made.show_pairs((("a", "1"), ("b", "2")))
    made.show()
    made.setFocus()
    return made


def test_return_edits_and_is_taken(table: PairsTable, qtbot: QtBot) -> None:
    """The dialog round it does not save meanwhile."""
    with qtbot.waitSignal(table.changed):
        qtbot.keyClick(table, Qt.Key.Key_Return)
        editor = table.findChild(QLineEdit)
        assert editor is not None
        editor.setText("x")
        qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert table.pairs() == (("x", "1"), ("b", "2"))


def test_delete_takes_a_row_out(table: PairsTable, qtbot: QtBot) -> None:
    """The one with the cursor."""
    table.setCurrentIndex(table.model().index(1, 0))
    with qtbot.waitSignal(table.changed):
        qtbot.keyClick(table, Qt.Key.Key_Delete)
    assert table.pairs() == (("a", "1"),)


def test_arrows_still_move(table: PairsTable, qtbot: QtBot) -> None:
    """Every other key is the view's."""
    qtbot.keyClick(table, Qt.Key.Key_Down)
    assert table.currentIndex().row() == 1
