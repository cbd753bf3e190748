"""Waking up and changed networks are noticed, on a real bus; what only announces them is not."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from helpers.bus_service import BusService
from helpers.desktop import Desktop
from helpers.waiting import until
from tray_app.desktop import wake_watch
from tray_app.desktop.wake_watch import LOGIND, NETWORKS, WakeWatch

PROGRAM = """
from PySide6.QtCore import QCoreApplication
from PySide6.QtDBus import QDBusConnection
from tray_app.desktop.wake_watch import WakeWatch
app = QCoreApplication([])
watch = WakeWatch()
watch.changed.connect(lambda: print("changed", flush=True))
watch.start()
QDBusConnection.systemBus().interface().registeredServiceNames()  # answered after the wishes before it were heard
print("watching", flush=True)
app.exec()
"""
GOING_TO_SLEEP, AWAKE = True, False
ACTIVATING, ACTIVATED, DEACTIVATING, DEACTIVATED = 1, 2, 3, 4


def test_waking_up_and_a_changed_network_are_told(
    make_desktop: Callable[..., Desktop], request: pytest.FixtureRequest
) -> None:
    """From logind and NetworkManager as they speak on the system bus: once per change, when it has happened."""
    desktop = make_desktop(tray="none")
    address = desktop.environment["DBUS_SESSION_BUS_ADDRESS"]
    system = BusService(address, (LOGIND[0], NETWORKS[0]))
    system.start()
    request.addfinalizer(system.close)
    program = desktop.start_app(sys.executable, "-c", PROGRAM, DBUS_SYSTEM_BUS_ADDRESS=address)
    program.wait_for_output("watching")
    system.emit(*LOGIND[1:], "PrepareForSleep", "b", GOING_TO_SLEEP)
    system.emit(*LOGIND[1:], "PrepareForSleep", "b", AWAKE)
    for state in (ACTIVATING, ACTIVATED, DEACTIVATING, DEACTIVATED):
        path = "/org/freedesktop/NetworkManager/ActiveConnection/7"
        system.emit(path, NETWORKS[2], "StateChanged", "uu", state, 0)
    until(lambda: program.output.count("changed") >= 3, "three changes")
    assert program.output.split() == ["watching", "changed", "changed", "changed"]


def test_elsewhere_qt_tells(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    """On macOS and Windows; where it has no backend, nothing is watched."""

    class Information(WakeWatch):
        reachabilityChanged = WakeWatch.changed
        transportMediumChanged = WakeWatch.changed
        backends = True

        @classmethod
        def loadDefaultBackend(cls) -> bool:
            return cls.backends

        @classmethod
        def instance(cls) -> Information:
            return information

    information, heard = Information(), []
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(wake_watch, "QNetworkInformation", Information)
    watch = WakeWatch()
    watch.changed.connect(lambda: heard.append("changed"))
    watch.start()
    information.reachabilityChanged.emit()
    assert heard == ["changed", "changed"]  # the stand-in has one signal for both
    Information.backends = False
    silent = WakeWatch()
    silent.changed.connect(lambda: heard.append("never"))
    silent.start()
    information.reachabilityChanged.emit()
    assert "never" not in heard
