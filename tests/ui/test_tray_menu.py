"""The tray menu as data."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from helpers.ui_values import DEMO, ONE, TWO, WORDS, app_state, last_error
from tray_app.proxy.events import ServerState
from tray_app.state import AppState, Totals
from tray_app.ui.tray_menu import TrayMenu


@pytest.fixture
def menu(qtbot: QtBot) -> TrayMenu:
    """A menu that shows a running proxy."""
    made = TrayMenu()
    qtbot.addWidget(made)
    made.render_state(app_state())
    return made


def labels(menu: QMenu) -> list[str]:
    """What is to be read, marks included: * checked, - disabled."""
    return [_label(action) for action in menu.actions() if action.isVisible() and not action.isSeparator()]


def _label(action: QAction) -> str:
    return ("*" if action.isChecked() else "") + ("" if action.isEnabled() else "-") + action.text()


def entry(menu: QMenu, label: str) -> QAction:
    """The entry that reads so."""
    return next(action for action in menu.actions() if action.text() == label)


def test_the_whole_menu(menu: TrayMenu) -> None:
    """One menu that does the whole job, in this order."""
    menu.render_state(app_state(last_error=last_error(), autostart=True))
    assert labels(menu) == [
        "-Running on 127.0.0.1:8417 · One && Only",
        "Demo",
        "*One && Only",
        "Two",
        "Stop proxy",
        "Copy endpoint",
        "Copy setup",
        "-Today: no requests yet",
        "Last error: Key rejected (401) · One",
        "Open Dragoman",
        "*Start on login",
        "Quit",
    ]


def test_before_it_is_ready_only_leaving_and_looking_work(menu: TrayMenu) -> None:
    """The icon is there before the services are."""
    menu.render_state(AppState())
    assert labels(menu) == [
        "-Starting…",
        "-Start proxy",
        "-Copy endpoint",
        "-Copy setup",
        "Open Dragoman",
        "-Start on login",
        "Quit",
    ]


def test_choosing_a_provider_says_its_id(menu: TrayMenu, qtbot: QtBot) -> None:
    """The mark follows the state, not the click."""
    with qtbot.waitSignal(menu.providerChosen) as caught:
        entry(menu, "Two").trigger()
    assert caught.args == ["two"]
    menu.render_state(app_state(active_id="two"))
    assert [action.isChecked() for action in menu._providers] == [False, False, True]


def test_a_choice_that_came_to_nothing_is_taken_back(menu: TrayMenu) -> None:
    """Qt marks what was clicked; the next state marks what is true."""
    entry(menu, "Two").trigger()
    menu.render_state(app_state(running=1))
    assert entry(menu, "One && Only").isChecked()


def test_nothing_active_marks_nothing(menu: TrayMenu) -> None:
    """Also when something was marked before."""
    menu.render_state(app_state(active_id=None))
    assert [action.isChecked() for action in menu._providers] == [False, False, False]


def test_the_switch_does_what_it_says(menu: TrayMenu, qtbot: QtBot) -> None:
    """Stop while running, start while stopped, nothing in between."""
    with qtbot.waitSignal(menu.stopRequested):
        entry(menu, "Stop proxy").trigger()
    menu.render_state(app_state(server=ServerState.STOPPED, url=None))
    with qtbot.waitSignal(menu.startRequested):
        entry(menu, "Start proxy").trigger()
    for state in (ServerState.STARTING, ServerState.DRAINING):
        menu.render_state(app_state(server=state, url=None))
        assert not entry(menu, "Start proxy").isEnabled()


def test_setup_is_offered_for_four_shells(menu: TrayMenu, qtbot: QtBot) -> None:
    """Each says its name to whoever makes the text."""
    shells = entry(menu, "Copy setup").menu()
    assert isinstance(shells, QMenu)
    assert labels(shells) == ["bash / zsh", "fish", "PowerShell", "cmd.exe"]
    with qtbot.waitSignal(menu.setupCopyRequested) as caught:
        entry(shells, "PowerShell").trigger()
    assert caught.args == ["powershell"]


def test_the_last_error_opens_its_request(menu: TrayMenu, qtbot: QtBot) -> None:
    """And its tooltip holds the provider's own words."""
    menu.render_state(app_state(last_error=last_error()))
    error = entry(menu, "Last error: Key rejected (401) · One")
    assert error.toolTip() == WORDS
    with qtbot.waitSignal(menu.errorOpened) as caught:
        error.trigger()
    assert caught.args == ["r1"]


@pytest.mark.parametrize(
    ("label", "signal"),
    [
        ("Copy endpoint", "endpointCopyRequested"),
        ("Open Dragoman", "windowRequested"),
        ("Quit", "quitRequested"),
        ("Start on login", "autostartChosen"),
    ],
)
def test_simple_entries_speak(menu: TrayMenu, qtbot: QtBot, label: str, signal: str) -> None:
    """One signal each."""
    with qtbot.waitSignal(getattr(menu, signal)):
        entry(menu, label).trigger()


def test_the_menu_is_updated_in_place(menu: TrayMenu) -> None:
    """Some hosts close a menu that is rebuilt under the mouse: entries stay the same objects."""
    before = menu.actions()
    menu.render_state(app_state(providers=(DEMO, TWO, ONE), active_id="two", today=Totals(requests=3)))
    assert menu.actions() == before
    menu.render_state(app_state(providers=(DEMO,), active_id="demo"))
    assert [action for action in menu.actions() if action in before] == menu.actions()
