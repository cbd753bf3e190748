"""The table of prices, watched by Qt's own tester."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from tray_app.history.prices import Price, packaged_prices
from tray_app.ui.models.prices import COLUMNS, LINE_ROLE, PricesModel

FATAL = QAbstractItemModelTester.FailureReportingMode.Fatal
OWN = Price(model="glm-*", since=date(2026, 1, 2), input=0.5, output=2.25, cache_read=0.05, profile="zai", above=32_000)
PLAIN = Price(model="m", since=date(2026, 1, 1), input=1.0, output=0.0125)


def cells(model: PricesModel, row: int) -> list[str]:
    """A row as it is shown."""
    return [model.index(row, column).data() for column in range(len(COLUMNS))]


def test_the_users_own_come_first(qtbot: QtBot) -> None:
    """Bold; amounts with all of their digits, and what costs what input costs says so."""
    model = PricesModel()
    QAbstractItemModelTester(model, FATAL, model)
    model.show_prices((OWN,), (PLAIN,), {"zai": "Z.ai"})
    assert cells(model, 0) == ["glm-*", "Z.ai", "0.5", "2.25", "0.05", "as input", "32k", "2026-01-02", "Yours"]
    assert cells(model, 1) == ["m", "Any", "1", "0.0125", "as input", "as input", "all", "2026-01-01", "Built in"]
    assert model.index(0, 0).data(Qt.ItemDataRole.FontRole).bold()
    assert model.index(1, 0).data(Qt.ItemDataRole.FontRole) is None
    assert (model.index(0, 0).data(LINE_ROLE).number, model.index(1, 0).data(LINE_ROLE).number) == (0, None)


def test_a_provider_that_is_gone_is_told_by_its_id(qtbot: QtBot) -> None:
    """The price is still there."""
    model = PricesModel()
    model.show_prices((OWN,), (), {})
    assert cells(model, 0)[1] == "zai"


def test_all_packaged_prices_are_shown(qtbot: QtBot) -> None:
    """And others in their place when they change."""
    model = PricesModel()
    QAbstractItemModelTester(model, FATAL, model)
    model.show_prices((), packaged_prices(), {})
    assert model.rowCount() == len(packaged_prices())
    model.show_prices((OWN,), (), {})
    assert model.rowCount() == 1


def test_headings_and_what_is_not_there(qtbot: QtBot) -> None:
    """Numbers stand at the right, headings too."""
    model = PricesModel()
    model.show_prices((OWN,), (), {})
    across = Qt.Orientation.Horizontal
    assert model.headerData(0, across, Qt.ItemDataRole.DisplayRole) == "Model"
    assert model.headerData(2, across, Qt.ItemDataRole.TextAlignmentRole) & Qt.AlignmentFlag.AlignRight
    assert model.index(0, 0).data(Qt.ItemDataRole.TextAlignmentRole) & Qt.AlignmentFlag.AlignLeft
    assert model.headerData(99, across, Qt.ItemDataRole.DisplayRole) is None
    assert model.data(QModelIndex(), Qt.ItemDataRole.DisplayRole) is None
    assert model.index(0, 0).data(Qt.ItemDataRole.DecorationRole) is None
