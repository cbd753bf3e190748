"""The dialog with the table of prices."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tray_app.history.prices import Price
from tray_app.ui.dialogs.prices import PricesDialog

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

OWN = Price(model="glm-*", since=date(2026, 1, 2), input=0.5, output=2.0)
PACKAGED = tuple(Price(model=name, since=date(2026, 1, 1), input=1.0, output=1.0) for name in ("gpt-a", "Claude-b"))


@pytest.fixture
def dialog(qtbot: QtBot) -> PricesDialog:
    """One own price, two packaged ones."""
    made = PricesDialog()
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)  # the test still looks at it
    qtbot.addWidget(made)
    made.show_prices((OWN,), PACKAGED, {})
    made.open()
    return made


def test_own_prices_are_edited_and_deleted(dialog: PricesDialog, qtbot: QtBot) -> None:
    """By their number, with buttons or keys."""
    dialog.table.selectRow(0)
    assert (dialog.edit.text(), dialog.delete.isEnabled()) == ("&Edit…", True)
    with qtbot.waitSignal(dialog.editRequested) as caught:
        dialog.edit.click()
    assert caught.args == [OWN, 0]
    dialog.table.setFocus()
    for act in (dialog.delete.click, lambda: qtbot.keyClick(dialog.table, Qt.Key.Key_Delete)):
        with qtbot.waitSignal(dialog.deleteRequested) as caught:
            act()
        assert caught.args == [0]


def test_packaged_prices_are_only_overridden(dialog: PricesDialog, qtbot: QtBot) -> None:
    """They can neither be changed nor deleted."""
    dialog.table.selectRow(1)
    assert (dialog.edit.text(), dialog.delete.isEnabled()) == ("&Override…", False)
    with qtbot.waitSignal(dialog.editRequested) as caught:
        dialog.table.activated.emit(dialog.table.currentIndex())
    assert caught.args == [PACKAGED[0], None]
    with qtbot.assertNotEmitted(dialog.deleteRequested):
        qtbot.keyClick(dialog.table, Qt.Key.Key_Delete)


def test_models_are_searched(dialog: PricesDialog, qtbot: QtBot) -> None:
    """Whatever the case; nothing found leaves nothing to do but add."""
    dialog.search.setText("CLAUDE")
    assert dialog.found.rowCount() == 1
    line = dialog.selected()
    assert line is not None
    assert line.price == PACKAGED[1]
    dialog.search.setText("nothing like it")
    assert dialog.selected() is None
    assert not dialog.edit.isEnabled()
    with qtbot.waitSignal(dialog.addRequested):
        dialog.add.click()
    dialog._ask_edit()
    dialog._ask_delete()


def test_the_selection_stays_when_prices_change(dialog: PricesDialog) -> None:
    """On the same line, or the last one."""
    dialog.table.selectRow(2)
    dialog.show_prices((OWN,), PACKAGED, {})
    assert dialog.table.currentIndex().row() == 2
    dialog.show_prices((), PACKAGED[:1], {})
    assert dialog.table.currentIndex().row() == 0


def test_a_problem_is_said_and_taken_back(dialog: PricesDialog) -> None:
    """Below the table."""
    dialog.show_problem("prices.toml cannot be written")
    assert dialog.problem.isVisible()
    dialog.show_problem("")
    assert not dialog.problem.isVisible()
