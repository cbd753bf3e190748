"""A StatusNotifier host that arrives late is noticed."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from helpers.desktop import Desktop
from tray_app.desktop.tray_host import TrayHostWatcher

PROGRAM = """
from PySide6.QtCore import QCoreApplication
from tray_app.desktop.tray_host import TrayHostWatcher
app = QCoreApplication([])
watcher = TrayHostWatcher()
watcher.arrived.connect(lambda: print("arrived", flush=True))
watcher.start()
watcher.start()
print("watching", flush=True)
app.exec()
"""


def test_each_arrival_is_told_once(make_desktop: Callable[..., Desktop]) -> None:
    """A panel that crashes and comes back counts as new."""
    desktop = make_desktop(tray="none")
    program = desktop.start_app(sys.executable, "-c", PROGRAM)
    program.wait_for_output("watching")
    desktop.start_tray("sni")
    program.wait_for_output("arrived")
    desktop.stop_tray()
    desktop.start_tray("sni")
    program.wait_for_output("arrived\narrived")
    assert program.output.count("arrived") == 2


@pytest.mark.only_on("linux")
def test_without_a_bus_it_is_silent(qtbot: QtBot) -> None:
    """There is nothing to watch, and nothing to complain about."""
    watcher = TrayHostWatcher()
    watcher.start()
    assert watcher._watcher is None


def test_a_host_that_leaves_at_once_does_not_count(qtbot: QtBot) -> None:
    """It has to stay until it had time to settle."""
    watcher = TrayHostWatcher()
    watcher._owner_changed("org.kde.StatusNotifierWatcher", "", ":1.5")
    assert watcher._settle.isActive()
    watcher._owner_changed("org.kde.StatusNotifierWatcher", ":1.5", "")
    assert not watcher._settle.isActive()


def test_only_a_host_that_stays_away_has_left(qtbot: QtBot) -> None:
    """A panel that crashed is started again within seconds."""
    watcher = TrayHostWatcher()
    watcher._owner_changed("org.kde.StatusNotifierWatcher", ":1.5", "")
    assert watcher._absence.isActive()
    watcher._owner_changed("org.kde.StatusNotifierWatcher", "", ":1.6")
    assert not watcher._absence.isActive()
    watcher._owner_changed("org.kde.StatusNotifierWatcher", ":1.6", "")
    watcher._absence.setInterval(0)
    with qtbot.waitSignal(watcher.left):
        watcher._absence.start()
