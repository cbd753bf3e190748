"""Signals of the operating system arrive as Qt signals, also while Qt sleeps."""

from __future__ import annotations

import os
import signal

import pytest
from pytestqt.qtbot import QtBot

from tray_app.desktop.unix_signals import UnixSignals

pytestmark = pytest.mark.only_on("linux", "darwin")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_wakes_a_sleeping_loop(qtbot: QtBot, number: int) -> None:
    """Sent while nothing else happens; afterwards the old handlers are back."""
    before = (signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT))
    signals = UnixSignals()
    signals.start()
    try:
        with qtbot.waitSignal(signals.received) as caught:
            os.kill(os.getpid(), number)
        assert caught.args == [number]
    finally:
        signals.stop()
    signals.stop()
    assert (signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)) == before
    assert signal.set_wakeup_fd(-1) == -1


def test_a_loop_that_is_woken_already_keeps_its_bell(qtbot: QtBot) -> None:
    """There is one wake-up descriptor per process, and the event loop may own it."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing)
    signals = UnixSignals()
    signals.start()
    signals.stop()
    assert signal.set_wakeup_fd(-1) == writing
    os.close(reading)
    os.close(writing)


def test_windows_is_told_by_its_own_queue(monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    """Nothing is installed there."""
    monkeypatch.setattr("sys.platform", "win32")
    before = signal.getsignal(signal.SIGTERM)
    signals = UnixSignals()
    signals.start()
    assert signal.getsignal(signal.SIGTERM) is before
    signals.stop()
