"""The page of the providers."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from helpers.ui_values import DEMO, TWO, app_state
from tray_app.proxy.events import TrialOutcome, TrialReport, TrialStep
from tray_app.ui.pages.providers import ProvidersPage

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
REPORT = TrialReport(steps=(TrialStep(name="key", outcome=TrialOutcome.FAILED, words="401: bad"),))


@pytest.fixture
def page(qtbot: QtBot) -> ProvidersPage:
    """The page with three providers, the active one selected."""
    made = ProvidersPage()
    qtbot.addWidget(made)
    made.render_state(app_state())
    made.show()
    return made


def choose(page: ProvidersPage, row: int) -> None:
    """Select a row."""
    page.list.setCurrentIndex(page._model.index(row))


def click(qtbot: QtBot, button: QPushButton) -> None:
    """With the mouse."""
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def shown(page: ProvidersPage) -> str:
    """Every word of the test's outcome."""
    labels = page.trial.findChildren(QLabel)
    return "\n".join(label.text().replace("\u200b", "") for label in labels if label.isVisibleTo(page.trial))


def test_the_active_provider_is_selected_first(page: ProvidersPage) -> None:
    """And cannot be chosen again."""
    assert page.selected is not None
    assert page.selected.id == "one"
    assert (page.use.isEnabled(), page.use.text()) == (False, "In use")


def test_buttons_speak_for_the_selected_provider(page: ProvidersPage, qtbot: QtBot) -> None:
    """Its id, whatever is active."""
    choose(page, 2)
    for button, signal in (
        (page.use, page.chosen),
        (page.edit, page.editRequested),
        (page.test, page.testRequested),
    ):
        with qtbot.waitSignal(signal) as caught:
            click(qtbot, button)
        assert caught.args == ["two"]
    with qtbot.waitSignal(page.addRequested):
        click(qtbot, page.add)


def test_return_uses_the_provider_under_the_cursor(page: ProvidersPage, qtbot: QtBot) -> None:
    """By keyboard alone."""
    choose(page, 2)
    with qtbot.waitSignal(page.chosen) as caught:
        qtbot.keyClick(page.list, Qt.Key.Key_Return)
    assert caught.args == ["two"]


def test_the_demo_can_be_used_and_tested_only(page: ProvidersPage) -> None:
    """It is built in."""
    choose(page, 0)
    assert [b.isEnabled() for b in (page.use, page.test, page.edit, page.delete)] == [True, True, False, False]


def test_deleting_asks_first(page: ProvidersPage, qtbot: QtBot) -> None:
    """Cancel deletes nothing; the button that says so does."""
    deleted: list[str] = []
    page.deleteRequested.connect(deleted.append)
    click(qtbot, page.delete)
    box = page.findChild(QMessageBox)
    assert box is not None
    assert "One & Only" in box.text()
    click(qtbot, box.button(QMessageBox.StandardButton.Cancel))  # type: ignore[arg-type]
    assert deleted == []
    qtbot.waitUntil(lambda: page.findChild(QMessageBox) is None)
    click(qtbot, page.delete)
    box = page.findChild(QMessageBox)
    assert box is not None
    click(qtbot, next(b for b in box.buttons() if b.text() == "Delete"))  # type: ignore[arg-type]
    assert deleted == ["one"]


def test_a_report_stays_with_the_provider_that_was_tested(page: ProvidersPage, qtbot: QtBot) -> None:
    """Whoever looks at another one meanwhile is not told wrong things."""
    click(qtbot, page.test)
    qtbot.waitUntil(lambda: "Asking the provider" in shown(page))
    page.show_report(REPORT)
    qtbot.waitUntil(lambda: "401: bad" in shown(page))
    choose(page, 2)
    qtbot.waitUntil(lambda: shown(page) == "")
    page.show_report(REPORT)
    assert shown(page) == ""


def test_the_selection_survives_a_switch_and_a_deletion(page: ProvidersPage) -> None:
    """What is gone gives way to the active one."""
    choose(page, 2)
    page.render_state(app_state(active_id="demo"))
    assert page.selected == TWO
    page.render_state(app_state(providers=(DEMO,), active_id="demo"))
    assert page.selected == DEMO


def test_no_providers_no_buttons(page: ProvidersPage) -> None:
    """Before the first state."""
    page.render_state(app_state(providers=(), active_id=None))
    assert page.selected is None
    assert not any(button.isEnabled() for button in (page.use, page.test, page.edit, page.delete))
