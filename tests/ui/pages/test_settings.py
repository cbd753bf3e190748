"""The page of the settings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from helpers.ui_values import app_state
from tray_app.profiles.settings import Settings
from tray_app.state import SettingResult, TokenStatus
from tray_app.ui import language
from tray_app.ui.pages.settings import SettingsPage
from tray_app.ui.setting_sections import HIDDEN_TOKEN

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def make_page(qtbot: QtBot) -> SettingsPage:
    """The page, shown."""
    made = SettingsPage()
    qtbot.addWidget(made)
    made.resize(800, 500)
    made.render_state(app_state(token=TokenStatus.STORED))
    made.show()
    return made


@pytest.fixture
def page(qtbot: QtBot) -> SettingsPage:
    """The page, in English."""
    return make_page(qtbot)


@pytest.fixture
def _chinese(qapp: QApplication) -> Iterator[None]:
    language.use("zh_CN")
    yield
    language.use("en")


def controls(page: SettingsPage) -> list[QWidget]:
    """Everything that Tab reaches."""
    return [
        widget
        for widget in page.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None and widget.isVisibleTo(page)
    ]


def mnemonics(page: SettingsPage) -> Counter[str]:
    """How many controls each Alt+letter goes to."""
    labels = [label.text() for label in page.findChildren(QLabel) if label.buddy() is not None]
    buttons = [button.text() for button in page.findChildren(QAbstractButton)]
    return Counter(words[words.index("&") + 1].lower() for words in (*labels, *buttons) if "&" in words)


def test_everything_has_a_name_and_a_key_of_its_own(page: SettingsPage) -> None:
    """For those who hear the page and those who have no mouse."""
    silent = [w for w in controls(page) if not QAccessible.queryAccessibleInterface(w).text(QAccessible.Text.Name)]
    assert [(type(widget).__name__, type(widget.parent()).__name__) for widget in silent] == []
    assert len(controls(page)) > 20
    assert [letter for letter, number in mnemonics(page).items() if number > 1] == []


@pytest.mark.usefixtures("_chinese")
def test_keys_are_the_same_in_chinese(qtbot: QtBot) -> None:
    """Nobody has to learn them anew, and none is there twice."""
    chinese = mnemonics(make_page(qtbot))
    language.use("en")
    assert chinese == mnemonics(make_page(qtbot))


def test_a_change_goes_out_and_its_answer_comes_back(page: SettingsPage, qtbot: QtBot) -> None:
    """What was refused goes back to what is set, with the reason beside it."""
    box = page.sections[1].fields["require_token"]
    with qtbot.waitSignal(page.changed) as caught:
        box.widget.click()  # type: ignore[attr-defined]
    assert caught.args == ["require_token", False]
    page.show_result(SettingResult("require_token", "open"))
    assert box.widget.isChecked()  # type: ignore[attr-defined]
    assert box._problem.isVisible()
    page.show_result(SettingResult("require_token"))
    assert not box._problem.isVisible()


def test_a_new_token_is_made_after_a_question(page: SettingsPage, qtbot: QtBot) -> None:
    """That says what it means; Cancel makes none."""
    made: list[bool] = []
    page.tokenRenewRequested.connect(lambda: made.append(True))
    page.token.renew.click()
    box = page.findChild(QMessageBox)
    assert "Clients are refused" in box.informativeText()
    box.button(QMessageBox.StandardButton.Cancel).click()
    assert made == []
    qtbot.waitUntil(lambda: page.findChild(QMessageBox) is None)
    page.token.reveal.click()
    page.token.renew.click()
    box = page.findChild(QMessageBox)
    next(button for button in box.buttons() if button.text() == "Make a new token").click()
    assert made == [True]
    assert page.token.line.text() == HIDDEN_TOKEN


def test_the_token_is_covered_when_the_page_is_left(page: SettingsPage) -> None:
    """Whoever comes back asks again."""
    page.tokenRevealRequested.connect(lambda: page.show_token("secret"))
    page.token.reveal.click()
    assert page.token.line.text() == "secret"
    page.hide()
    assert page.token.line.text() == HIDDEN_TOKEN


def test_what_a_page_asks_for_goes_out(page: SettingsPage, qtbot: QtBot) -> None:
    """Each button its own signal."""
    for button, signal in (
        (page.token.copy, page.tokenCopyRequested),
        (page.usage.prices, page.pricesRequested),
        (page.diagnostics.bundle, page.diagnosticsRequested),
        (page.diagnostics.log, page.logFolderRequested),
    ):
        with qtbot.waitSignal(signal):
            button.click()


def test_the_keyboard_moves_the_page_along(page: SettingsPage, qtbot: QtBot) -> None:
    """What has the focus is in view, down to the last button."""
    last = page.diagnostics.log
    page.sections[0].fields["port"].setFocus()
    visited = []
    while not last.hasFocus() and len(visited) < 60:
        visited.append(page.focusWidget())
        qtbot.keyClick(visited[-1], Qt.Key.Key_Tab)
    assert [widget for widget in controls(page) if widget not in {*visited, last}] == []
    assert page._area.viewport().rect().contains(last.mapTo(page._area.viewport(), last.rect().center()))


def test_the_key_of_a_label_moves_the_page_along(page: SettingsPage, qtbot: QtBot) -> None:
    """Nobody types into a field that is out of sight."""
    field = page.sections[5].fields["language"].widget
    page.activateWindow()
    qtbot.waitActive(page)
    qtbot.keyClick(page, Qt.Key.Key_G, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(field.hasFocus)
    assert page._area.viewport().rect().contains(field.mapTo(page._area.viewport(), field.rect().center()))


def test_another_page_takes_over_the_place(page: SettingsPage, qtbot: QtBot) -> None:
    """As far down as the first was scrolled."""
    page._area.verticalScrollBar().setValue(200)
    new = SettingsPage()
    qtbot.addWidget(new)
    new.resize(page.size())
    new.take_place_of(page)
    new.show()
    qtbot.waitUntil(lambda: new._area.verticalScrollBar().value() == 200)


def test_what_is_set_is_shown(page: SettingsPage) -> None:
    """On every card."""
    page.render_state(app_state(settings=msgspec.structs.replace(Settings(), port=9_000, retention_days=7)))
    assert page.sections[0].fields["port"].line.text() == "9000"  # type: ignore[attr-defined]
    assert page.usage.fields["retention_days"].spin.value() == 7  # type: ignore[attr-defined]
