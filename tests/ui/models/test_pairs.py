"""The model of the two-column tables in the editor."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from tray_app.ui.models.pairs import PairsModel

FATAL = QAbstractItemModelTester.FailureReportingMode.Fatal


def model() -> PairsModel:
    """Under a strict eye."""
    made = PairsModel(("Asked for", "Sent"))
    QAbstractItemModelTester(made, FATAL, made)
    return made


def test_pairs_are_shown_and_given_back(qtbot: QtBot) -> None:
    """With an empty row at the end that is not one of them."""
    made = model()
    made.show_pairs((("a", "1"), ("b", "")))
    assert (made.rowCount(), made.columnCount()) == (3, 2)
    assert made.pairs() == (("a", "1"), ("b", ""))
    assert made.index(0, 1).data() == "1"
    assert made.index(0, 1).data(Qt.ItemDataRole.DecorationRole) is None
    assert [made.headerData(n, Qt.Orientation.Horizontal) for n in range(3)] == ["Asked for", "Sent", None]
    assert made.headerData(0, Qt.Orientation.Vertical) is None
    assert made.rowCount(made.index(0, 0)) == made.columnCount(made.index(0, 0)) == 0


def test_typing_into_the_last_row_makes_a_row_of_it(qtbot: QtBot) -> None:
    """Blanks do not, and neither does what is no edit."""
    made = model()
    last = made.index(0, 0)
    assert made.flags(last) & Qt.ItemFlag.ItemIsEditable
    assert made.setData(last, " ") is True
    assert made.rowCount() == 1
    assert made.setData(last, "a") is True
    assert made.setData(made.index(0, 1), "1") is True
    assert (made.rowCount(), made.pairs()) == (2, (("a", "1"),))
    assert made.setData(last, "x", Qt.ItemDataRole.ToolTipRole) is False
    assert made.setData(QModelIndex(), "x") is False


def test_rows_are_removed_but_the_last_stays(qtbot: QtBot) -> None:
    """There is always somewhere to type."""
    made = model()
    made.show_pairs((("a", "1"), ("b", "2")))
    assert made.removeRows(2, 1) is False
    assert made.removeRows(-1, 1) is False
    assert made.removeRows(0, 0) is False
    assert made.removeRows(0, 1, made.index(0, 0)) is False
    assert made.removeRows(0, 1) is True
    assert made.pairs() == (("b", "2"),)
