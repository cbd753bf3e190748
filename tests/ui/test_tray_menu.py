"""The tray menu as data."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from helpers.ui_values import DEMO, ONE, TWO, WORDS, app_state, last_error
from tray_app.proxy.events import ServerState
from tray_app.state import AppState, ClientLink, Totals
from tray_app.ui.tray_menu import INLINE, TrayMenu


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
    return ("*" if action.isChecked() else "") + ("" if action.isEnabled() else "-") + words(action)


def words(action: QAction) -> str:
    """The text without the mark of its key."""
    return re.sub("&(.)", r"\1", action.text())


def entry(menu: QMenu, label: str) -> QAction:
    """The entry that reads so."""
    return next(action for action in menu.actions() if words(action) == label)


def test_the_whole_menu(menu: TrayMenu) -> None:
    """One menu that does the whole job, in this order."""
    menu.render_state(app_state(last_error=last_error(), autostart=True, claude=ClientLink.CONNECTED))
    assert labels(menu) == [
        "-Running on 127.0.0.1:8417 · One & Only",
        "Demo",
        "*One & Only",
        "Two",
        "Stop proxy",
        "Copy endpoint",
        "Copy setup",
        "*Connect Claude Code",
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
        "-Connect Claude Code",
        "Open Dragoman",
        "-Start on login",
        "Quit",
    ]


def marks(menu: TrayMenu) -> list[bool]:
    """Which providers are marked."""
    return [action.isChecked() for action in menu._providers]


def test_choosing_a_provider_says_its_id(menu: TrayMenu, qtbot: QtBot) -> None:
    """The mark follows the state, not the click: until the switch is done it stays where new requests go."""
    with qtbot.waitSignal(menu.providerChosen) as caught:
        entry(menu, "Two").trigger()
    assert caught.args == ["two"]
    assert marks(menu) == [False, True, False]
    menu.render_state(app_state(active_id="two"))
    assert marks(menu) == [False, False, True]
    assert [action.font().bold() for action in menu._providers] == marks(menu)


def test_never_are_two_providers_marked(menu: TrayMenu, qtbot: QtBot) -> None:
    """Whatever is chosen and whatever comes between: a host that looks then would show two."""
    seen: list[int] = []
    for action in menu._providers:
        action.toggled.connect(lambda _: seen.append(sum(marks(menu))))
    for label, active in (("Two", "two"), ("Demo", "demo"), ("One & Only", None), ("Two", "one"), ("Demo", "two")):
        entry(menu, label).trigger()
        menu.render_state(app_state(running=len(seen), active_id=menu._state.active_id))
        menu.render_state(app_state(active_id=active))
        assert marks(menu) == [active == provider.id for provider in (DEMO, ONE, TWO)]
    assert seen
    assert max(seen) == 1


def test_many_providers_leave_the_rest_of_the_menu_in_reach(menu: TrayMenu) -> None:
    """From the thirteenth on they are in a submenu, whose title tells if the active one is in there."""
    many = tuple(replace(ONE, id=f"p{number}", name=f"Provider {number}") for number in range(40))
    menu.render_state(app_state(providers=many, active_id="p3"))
    shown = labels(menu)
    assert shown[1 : INLINE + 2] == [
        *(f"{'*' if number == 3 else ''}Provider {number}" for number in range(INLINE)),
        "More providers",
    ]
    menu.render_state(app_state(providers=many, active_id="p39"))
    more = entry(menu, "More providers · Provider 39").menu()
    assert isinstance(more, QMenu)
    assert labels(more) == [*(f"Provider {number}" for number in range(INLINE, 39)), "*Provider 39"]
    assert sum(marks(menu)) == 1
    menu.render_state(app_state())
    assert labels(menu)[1:4] == ["Demo", "*One & Only", "Two"]
    assert "More" not in " ".join(labels(menu))


def test_only_what_differs_is_touched(menu: TrayMenu) -> None:
    """A host fetches an entry again whenever it changes, icon included."""
    changed: list[str] = []
    for action in menu.actions():
        action.changed.connect(lambda action=action: changed.append(words(action)))
    menu.render_state(app_state())
    assert changed == []
    menu.render_state(app_state(providers=(DEMO, replace(ONE, color="#000000"), TWO)))
    assert set(changed) == {"One & Only"}


@pytest.mark.parametrize("label", ["Connect Claude Code", "Start on login"])
def test_a_mark_tells_what_is_and_not_what_was_clicked(menu: TrayMenu, label: str, qtbot: QtBot) -> None:
    """It says which way it shall be, and waits for the state."""
    signal = menu.claudeChosen if label.startswith("Connect") else menu.autostartChosen
    with qtbot.waitSignal(signal) as caught:
        entry(menu, label).trigger()
    assert caught.args == [True]
    assert not entry(menu, label).isChecked()
    menu.render_state(app_state(autostart=True, claude=ClientLink.CONNECTED))
    assert entry(menu, label).isChecked()
    with qtbot.waitSignal(signal) as caught:
        entry(menu, label).trigger()
    assert caught.args == [False]
    assert entry(menu, label).isChecked()


def test_every_entry_has_a_key_of_its_own(menu: TrayMenu) -> None:
    """Letters that open an entry, as platforms that show them expect; names of providers have none."""
    many = tuple(replace(ONE, id=str(number)) for number in range(20))
    menu.render_state(app_state(providers=many, last_error=last_error()))
    ours = [action for action in menu.actions() if action.isEnabled() and action not in menu._providers]
    keys = [match[1].lower() for action in ours if (match := re.search("(?<!&)&([^&])", action.text()))]
    assert len(keys) == len([action for action in ours if not action.isSeparator()])
    assert len(set(keys)) == len(keys)


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
