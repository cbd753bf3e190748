"""The table of usage, watched by Qt's own tester."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from helpers.readings import reading
from tray_app.ui.models.usage_table import COLUMNS, UsageTable

FATAL = QAbstractItemModelTester.FailureReportingMode.Fatal


def cells(model: UsageTable, row: int) -> list[str]:
    """A row as it is shown."""
    return [model.index(row, column).data() for column in range(len(COLUMNS))]


def test_a_line_for_each_provider_and_model(qtbot: QtBot) -> None:
    """The busiest first, every number with its mark."""
    model = UsageTable()
    QAbstractItemModelTester(model, FATAL, model)
    model.show_lines(reading().models)
    assert cells(model, 0) == ["P", "m", "3", "33 %", "900", "67 %", "40", "500 ms", "$0.94"]
    assert cells(model, 1) == ["Q", "own", "1", "0 %", "~1.0k", "0 %", "~100", "500 ms", "–"]
    assert "Estimated" in model.index(1, 4).data(Qt.ItemDataRole.ToolTipRole)
    assert model.index(1, 1).data(Qt.ItemDataRole.ToolTipRole) == "own"


def test_the_same_lines_change_in_place(qtbot: QtBot) -> None:
    """So that a selection stays; others begin anew."""
    model = UsageTable()
    QAbstractItemModelTester(model, FATAL, model)
    model.show_lines(reading().models)
    with qtbot.waitSignal(model.dataChanged), qtbot.assertNotEmitted(model.modelReset):
        model.show_lines(reading().models)
    with qtbot.waitSignal(model.modelReset):
        model.show_lines(())
    assert model.rowCount() == 0


def test_headings_and_what_is_not_there(qtbot: QtBot) -> None:
    """Numbers stand at the right, headings too."""
    model = UsageTable()
    model.show_lines(reading().models)
    across = Qt.Orientation.Horizontal
    assert model.headerData(0, across, Qt.ItemDataRole.DisplayRole) == "Provider"
    assert model.headerData(2, across, Qt.ItemDataRole.TextAlignmentRole) & Qt.AlignmentFlag.AlignRight
    assert model.index(0, 0).data(Qt.ItemDataRole.TextAlignmentRole) & Qt.AlignmentFlag.AlignLeft
    assert model.headerData(0, Qt.Orientation.Vertical, Qt.ItemDataRole.DisplayRole) is None
    assert model.data(QModelIndex(), Qt.ItemDataRole.DisplayRole) is None
    assert model.index(0, 0).data(Qt.ItemDataRole.DecorationRole) is None
