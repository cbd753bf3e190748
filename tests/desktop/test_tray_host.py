"""A StatusNotifier host that arrives late is noticed."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from helpers.desktop import Desktop
from tray_app.desktop.tray_host import RETURN_MS, TrayHostWatcher

PROGRAM = """
from PySide6.QtCore import QCoreApplication
from tray_app.desktop.tray_host import TrayHostWatcher
app = QCoreApplication([])
watcher = TrayHostWatcher()
watcher.arrived.connect(lambda: print("arrived", flush=True))
watcher.start(60_000)
watcher.start(60_000)
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
    watcher.start(0)
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
    assert watcher._absence.interval() == RETURN_MS


def test_a_host_that_does_not_come_is_missed(qtbot: QtBot) -> None:
    """After its time of grace; not when it is all over."""
    watcher = TrayHostWatcher()
    with qtbot.waitSignal(watcher.missing):
        watcher.start(0)
    watcher.start(0)
    watcher.stop()
    with qtbot.assertNotEmitted(watcher.missing, wait=50):
        watcher.stop()
    assert not watcher._absence.isActive()
