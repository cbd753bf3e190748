"""The page of the providers."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from helpers.ui_values import DEMO, TWO, app_state
from tray_app.proxy.events import TrialOutcome, TrialReport, TrialStep
from tray_app.state import Deleted
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
    labels = page.card.trial.findChildren(QLabel)
    return "\n".join(label.text().replace("\u200b", "") for label in labels if label.isVisibleTo(page.card.trial))


def test_the_active_provider_is_selected_first(page: ProvidersPage) -> None:
    """And cannot be chosen again."""
    assert page.selected is not None
    assert page.selected.id == "one"
    assert (page.card.use.isEnabled(), page.card.use.text()) == (False, "In use")


def test_buttons_speak_for_the_selected_provider(page: ProvidersPage, qtbot: QtBot) -> None:
    """Its id, whatever is active."""
    choose(page, 2)
    for button, signal in (
        (page.card.use, page.chosen),
        (page.card.edit, page.editRequested),
        (page.card.duplicate, page.duplicateRequested),
        (page.card.test, page.testRequested),
        (page.card.delete, page.deleteRequested),
    ):
        with qtbot.waitSignal(signal) as caught:
            click(qtbot, button)
        assert caught.args == ["two"]
    with qtbot.waitSignal(page.commandCopyRequested) as caught:
        page.card.commandCopyRequested.emit("fish")
    assert caught.args == ["two", "fish"]
    with qtbot.waitSignal(page.addRequested):
        click(qtbot, page.add)


def test_import_and_export_are_in_the_menu(page: ProvidersPage, qtbot: QtBot) -> None:
    """They belong to the whole list; the label says that keys stay here."""
    menu = page.more.menu()
    assert menu is not None
    importing, exporting = menu.actions()
    assert "without keys" in exporting.text()
    for action, signal in ((importing, page.importRequested), (exporting, page.exportRequested)):
        with qtbot.waitSignal(signal):
            action.trigger()


def test_return_uses_the_provider_under_the_cursor(page: ProvidersPage, qtbot: QtBot) -> None:
    """By keyboard alone."""
    choose(page, 2)
    with qtbot.waitSignal(page.chosen) as caught:
        qtbot.keyClick(page.list, Qt.Key.Key_Return)
    assert caught.args == ["two"]


KEYS = (
    (Qt.Key.Key_F2, "editRequested"),
    (Qt.Key.Key_F5, "testRequested"),
    (Qt.Key.Key_Delete, "deleteRequested"),
)


@pytest.mark.parametrize(("key", "signal"), KEYS)
def test_everything_has_a_key(page: ProvidersPage, qtbot: QtBot, key: Qt.Key, signal: str) -> None:
    """In the list, for the selected one."""
    qtbot.waitUntil(page.isActiveWindow)
    choose(page, 1)
    page.list.setFocus()
    with qtbot.waitSignal(getattr(page, signal)) as caught:
        qtbot.keyClick(page.list, key)
    assert caught.args == ["one"]


def test_the_demo_is_neither_edited_nor_deleted(page: ProvidersPage, qtbot: QtBot) -> None:
    """By no key either."""
    choose(page, 0)
    told: list[str] = []
    for signal in (page.editRequested, page.duplicateRequested, page.deleteRequested):
        signal.connect(told.append)
    for act in (page._edit, page._duplicate, page._delete):
        act()
    assert told == []


def test_alt_and_arrows_sort(page: ProvidersPage, qtbot: QtBot) -> None:
    """The selection goes along; beyond the ends nothing happens."""
    qtbot.waitUntil(page.isActiveWindow)
    choose(page, 1)
    page.list.setFocus()
    alt = Qt.KeyboardModifier.AltModifier
    with qtbot.waitSignal(page.moved) as caught:
        qtbot.keyClick(page.list, Qt.Key.Key_Down, alt)
    assert caught.args == ["one", 1]
    assert (page.list.currentIndex().row(), page.selected and page.selected.id) == (2, "one")
    told: list[object] = []
    page.moved.connect(lambda *moved: told.append(moved))
    qtbot.keyClick(page.list, Qt.Key.Key_Down, alt)
    choose(page, 0)
    qtbot.keyClick(page.list, Qt.Key.Key_Up, alt)
    assert told == []


def test_a_deletion_is_offered_to_be_undone(page: ProvidersPage, qtbot: QtBot) -> None:
    """By the bar and by Ctrl+Z, as long as it can be."""
    told: list[int] = []
    page.undoRequested.connect(lambda: told.append(1))
    qtbot.waitUntil(page.isActiveWindow)
    page.list.setFocus()
    qtbot.keyClick(page.list, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert told == []
    page.render_state(app_state(deleted=Deleted(id="x", name="Groq")))
    qtbot.keyClick(page.list, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    click(qtbot, page.undo.button)
    assert told == [1, 1]
    page.render_state(app_state())
    assert not page.undo.isVisible()


def test_a_report_stays_with_the_provider_that_was_tested(page: ProvidersPage, qtbot: QtBot) -> None:
    """Whoever looks at another one meanwhile is not told wrong things."""
    click(qtbot, page.card.test)
    qtbot.waitUntil(lambda: "Asking the provider" in shown(page))
    page.show_progress(REPORT.steps)
    page.show_report(REPORT)
    qtbot.waitUntil(lambda: "401: bad" in shown(page))
    choose(page, 2)
    qtbot.waitUntil(lambda: shown(page) == "")
    click(qtbot, page.card.test)
    choose(page, 1)
    page.show_progress(REPORT.steps)
    page.show_report(REPORT)
    qtbot.waitUntil(lambda: shown(page) == "")


def test_a_test_can_be_given_up(page: ProvidersPage, qtbot: QtBot) -> None:
    """What comes late is not shown."""
    click(qtbot, page.card.test)
    with qtbot.waitSignal(page.cancelRequested):
        click(qtbot, page.card.cancel)
    page.show_progress(REPORT.steps)
    page.show_report(REPORT)
    qtbot.waitUntil(lambda: shown(page) == "")


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
    assert not any(button.isEnabled() for button in page.card.buttons)
