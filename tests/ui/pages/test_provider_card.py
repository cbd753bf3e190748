"""What is said of the selected provider."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from helpers.ui_values import DEMO, NOON, ONE
from tray_app.proxy.events import TrialOutcome, TrialReport, TrialStep
from tray_app.state import UNTESTED, Health, HealthKind
from tray_app.ui.pages.provider_card import ProviderCard

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
STEPS = (TrialStep(name="key", outcome=TrialOutcome.FAILED, words="401: bad"),)


@pytest.fixture
def card(qtbot: QtBot) -> ProviderCard:
    """With a provider that fails."""
    made = ProviderCard()
    qtbot.addWidget(made)
    made.show_provider(
        ONE, Health(kind=HealthKind.FAILING, since=NOON, failures=1, words="429: slow down"), active=False
    )
    made.show()
    return made


def shown(card: ProviderCard) -> str:
    """Every word of the test's outcome."""
    labels = card.trial.findChildren(QLabel)
    return "\n".join(label.text().replace("\u200b", "") for label in labels if label.isVisibleTo(card.trial))


def test_name_and_health_are_told(card: ProviderCard) -> None:
    """In the provider's words when it fails."""
    assert card._name.text() == "One & Only"
    assert "429: slow down" in card._health.text()


def test_the_demo_can_be_used_tested_and_pinned_only(card: ProviderCard) -> None:
    """It is built in; the one in use cannot be chosen again; without one nothing can be done."""
    card.show_provider(DEMO, UNTESTED, active=True)
    wanted = [card.test, card.copy]
    assert [button for button in card.buttons if button.isEnabled()] == wanted
    assert card.use.text() == "In use"
    card.show_provider(None, UNTESTED, active=False)
    assert not any(button.isEnabled() for button in card.buttons)


def test_a_command_is_copied_for_a_shell(card: ProviderCard, qtbot: QtBot) -> None:
    """Each shell has its own."""
    menu = card.copy.menu()
    assert menu is not None
    with qtbot.waitSignal(card.commandCopyRequested) as caught:
        next(action for action in menu.actions() if action.text() == "PowerShell").trigger()
    assert caught.args == ["powershell"]


def test_a_test_is_seen_and_can_be_given_up(card: ProviderCard, qtbot: QtBot) -> None:
    """The button for that is there while it runs."""
    assert not card.cancel.isVisible()
    card.show_running()
    qtbot.waitUntil(lambda: "Streaming works" in shown(card))
    with qtbot.waitSignal(card.cancelRequested):
        qtbot.mouseClick(card.cancel, Qt.MouseButton.LeftButton)
    card.show_progress(STEPS)
    qtbot.waitUntil(lambda: "401: bad" in shown(card))
    card.show_report(TrialReport(steps=STEPS))
    assert not card.cancel.isVisible()
    qtbot.waitUntil(lambda: "Something is wrong" in shown(card))
    card.show_no_trial()
    qtbot.waitUntil(lambda: shown(card) == "")
