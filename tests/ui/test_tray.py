"""The tray icon, on a platform without a tray: what it would show and say."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QSystemTrayIcon
from pytestqt.qtbot import QtBot

from helpers.ui_values import app_state, last_error
from tray_app.proxy.events import ServerState
from tray_app.ui.tray import Tray

Reason = QSystemTrayIcon.ActivationReason


@pytest.fixture
def tray(qtbot: QtBot) -> Tray:
    """A tray whose availability is given."""
    return Tray(is_available=lambda: True)


def test_look_and_tooltip_follow_the_state(tray: Tray) -> None:
    """State, provider, requests running, and the error while it lasts."""
    tray.render_state(app_state(running=2, last_error=last_error()))
    assert tray._icon.toolTip().splitlines() == [
        "Dragoman",
        "Running on 127.0.0.1:8417 · One & Only",
        "2 requests running",
        "Key rejected (401)",
    ]
    trouble = tray._icon.icon().cacheKey()
    tray.render_state(app_state(server=ServerState.STOPPED, url=None))
    assert tray._icon.toolTip().splitlines() == ["Dragoman", "Stopped · One & Only"]
    assert tray._icon.icon().cacheKey() != trouble


def test_a_state_that_looks_the_same_changes_nothing(tray: Tray) -> None:
    """A tray host redraws for every change, so none is sent."""
    tray.render_state(app_state())
    before = tray._icon.icon().cacheKey()
    tray.render_state(app_state(autostart=True))
    assert tray._icon.icon().cacheKey() == before


@pytest.mark.qt_log_ignore("systemTrayWindowChanged")  # the offscreen platform has no tray
def test_a_new_icon_is_like_the_old_one(tray: Tray) -> None:
    """A late host gets the present look, tooltip and menu, not those of the start."""
    tray.render_state(app_state(running=1))
    old = tray._icon
    tray.remake()
    assert tray._icon is not old
    assert tray._icon.toolTip() == old.toolTip()
    assert tray._icon.icon().cacheKey() == old.icon().cacheKey()
    assert tray._icon.contextMenu() is tray.menu
    assert tray._icon.isVisible()


@pytest.mark.parametrize("reason", [Reason.Trigger, Reason.DoubleClick])
@pytest.mark.parametrize("platform", ["linux", "win32", "darwin"])
def test_a_click_opens_the_window_except_on_macos(
    tray: Tray, reason: Reason, platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There a click opens the menu, and Qt does that itself."""
    monkeypatch.setattr("sys.platform", platform)
    seen: list[bool] = []
    tray.opened.connect(lambda: seen.append(True))
    tray._icon.activated.emit(reason)
    assert bool(seen) is (platform != "darwin")


def test_the_middle_button_copies_the_endpoint(tray: Tray, qtbot: QtBot) -> None:
    """So does the menu's entry, which needs no other sign that it was done."""
    with qtbot.waitSignal(tray.middleClicked):
        tray._icon.activated.emit(Reason.MiddleClick)
    with qtbot.waitSignal(tray.endpointCopyRequested):
        tray.menu.endpointCopyRequested.emit()


@pytest.mark.qt_log_ignore("systemTrayWindowChanged")
def test_a_click_on_a_balloon_is_told(tray: Tray, qtbot: QtBot) -> None:
    """Also with an icon made anew."""
    tray.remake()
    tray.show_message("Title", "Body")
    with qtbot.waitSignal(tray.messageClicked):
        tray._icon.messageClicked.emit()
    tray.hide()
    assert not tray._icon.isVisible()
