"""A table of lines shows what its columns say, and no more than it has."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from tray_app.ui.models.lines import Column, LinesModel


class Words(LinesModel):
    """A word and its length."""

    columns = (
        Column(lambda: "Word", str, numeric=False),
        Column(lambda: "Length", lambda line: str(len(line))),
    )


def test_cells_and_headings_are_those_of_the_columns() -> None:
    """Numbers at the right, words at the left, other roles empty, nothing below a cell or beyond the columns."""
    model = Words()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.beginResetModel()
    model.lines = ("one", "three")
    model.endResetModel()
    assert [[model.index(row, column).data() for column in range(2)] for row in range(2)] == [
        ["one", "3"],
        ["three", "5"],
    ]
    across, right = Qt.Orientation.Horizontal, Qt.AlignmentFlag.AlignRight
    assert [model.headerData(n, across) for n in range(3)] == ["Word", "Length", None]
    assert model.headerData(1, across, Qt.ItemDataRole.TextAlignmentRole) & right
    assert not model.index(0, 0).data(Qt.ItemDataRole.TextAlignmentRole) & right
    assert model.headerData(0, Qt.Orientation.Vertical) is None
    assert model.headerData(0, across, Qt.ItemDataRole.ToolTipRole) is None
    assert model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole) is None
    assert model.data(QModelIndex()) is None
    assert (model.rowCount(model.index(0, 0)), model.columnCount(model.index(0, 0))) == (0, 0)
    assert tester.model() is model
