"""A watch reports a ready descriptor once until its callback has run."""

from __future__ import annotations

import asyncio
import socket

import pytest
from PySide6.QtCore import QEventLoop, QSocketNotifier
from PySide6.QtWidgets import QApplication

from tray_app.runtime.notifiers import Watch, descriptor


@pytest.fixture
def calls() -> list[str]:
    """What the callback did."""
    return []


def test_a_watch_reports_once_until_it_has_run(qapp: QApplication, calls: list[str]) -> None:
    """Qt reports a readable socket in every round; the loop hears of it once, and again after the callback."""
    loop = asyncio.new_event_loop()
    reports: list[Watch] = []
    left, right = socket.socketpair()
    with left, right:
        handle = asyncio.Handle(calls.append, ("ran",), loop)
        watch = Watch(right.fileno(), QSocketNotifier.Type.Read, handle, reports.append)
        left.send(b"x")
        rounds = QEventLoop()
        for _ in range(3):
            rounds.processEvents()
        assert reports == [watch]
        watch._run()
        assert calls == ["ran"]
        rounds.processEvents()
        assert reports == [watch, watch]
        watch.end()
    loop.close()


def test_an_ended_watch_counts_as_cancelled(qapp: QApplication) -> None:
    """What stands in the queue when its descriptor is given up does not run."""
    loop = asyncio.new_event_loop()
    left, right = socket.socketpair()
    with left, right:
        handle = asyncio.Handle(pytest.fail, (), loop)
        watch = Watch(right.fileno(), QSocketNotifier.Type.Read, handle, lambda _watch: None)
        assert not watch.cancelled()
        watch.end()
        assert watch.cancelled()
        assert not watch.isEnabled()
    loop.close()


def test_descriptors_of_files_and_numbers() -> None:
    """A number is its own descriptor, a socket has one, anything else is refused."""
    left, right = socket.socketpair()
    with left, right:
        assert descriptor(left) == left.fileno()
    assert descriptor(7) == 7
    with pytest.raises(ValueError, match="Invalid file object"):
        descriptor("not a file")
