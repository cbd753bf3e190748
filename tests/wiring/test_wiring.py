"""Views and controller are connected: what is chosen happens, what happens is shown."""

from __future__ import annotations

import pytest

from helpers.app_services import DRAFT
from helpers.signals import Listener
from helpers.ui_values import failed, started
from helpers.wired import Wired
from tray_app.proxy.hub import Batch
from tray_app.state import Look, NoticeKind

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", r"raise\(\)", "systemTrayWindowChanged")


async def test_the_tray_shows_the_state(wired: Wired) -> None:
    """Icon, menu and, once it is open, the window."""
    assert "Running on" in wired.tray._icon.toolTip()
    wired.tray.opened.emit()
    assert wired.window.header._status.text().startswith("Running on")
    assert wired.parts.hub.wakes_for_progress
    wired.wiring.close_window()
    assert not wired.parts.hub.wakes_for_progress


async def test_the_menu_switches_starts_and_stops(wired: Wired) -> None:
    """Through the controller, and back to the mark."""
    await wired.parts.library.save(DRAFT, "sk-1")
    wired.tray.menu.providerChosen.emit("one")
    await wired.states.until(lambda state: state.active_id == "one")
    wired.tray.menu.stopRequested.emit()
    await wired.states.until(lambda state: state.look is Look.STOPPED)
    wired.tray.menu.startRequested.emit()
    await wired.states.until(lambda state: state is wired.parts.controller.state and state.url)
    wired.tray.menu.autostartChosen.emit(True)
    await wired.states.until(lambda state: state.autostart)


async def test_requests_reach_table_counter_and_notification(wired: Wired) -> None:
    """One batch, three readers."""
    wired.wiring._arrived(Batch(0, (started("a"), failed("a")), 0))
    assert wired.wiring._requests.rowCount() == 1
    assert wired.parts.controller.state.look is Look.TROUBLE
    wired.tray.menu.errorOpened.emit("a")
    assert wired.window.requests.table.currentIndex().row() == 0
    assert wired.parts.controller.state.look is Look.IDLE
    assert wired.wiring._notifying.notifications._said.keys() == {(NoticeKind.KEY_REJECTED, "one")}


async def test_what_the_hub_has_at_the_end_is_shown(wired: Wired) -> None:
    """The last batch is fetched before the bridge goes deaf."""
    wired.parts.hub.publish(started("late"))
    wired.wiring.stop()
    assert wired.wiring._requests.row_of("late") == 0


async def test_quitting_from_the_window(wired: Wired) -> None:
    """Goes to whoever owns the program."""
    wishes = Listener(wired.wiring.quitRequested)
    wired.wiring.open_window()
    wired.window.quitRequested.emit()
    assert wishes.seen == [()]
