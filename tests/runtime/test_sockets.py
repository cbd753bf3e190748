"""One descriptor tells Qt of all sockets, and can be made to hold its tongue."""

from __future__ import annotations

import selectors
import socket
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication

from tray_app.runtime.sockets import Sockets

pytestmark = pytest.mark.only_on("linux", "darwin")


class Reports:
    """Counts how often something was reported ready."""

    def __init__(self) -> None:
        self.count = 0

    def ready(self) -> None:
        self.count += 1

    def rounds(self, number: int) -> int:
        """How many reports that many rounds of Qt bring."""
        before, loop = self.count, QEventLoop()
        for _ in range(number):
            loop.processEvents()
        return self.count - before


@pytest.fixture
def reports(qapp: QApplication) -> Reports:
    """What Qt tells."""
    return Reports()


@pytest.fixture
def sockets(reports: Reports) -> Iterator[Sockets]:
    """A selector that is closed at the end."""
    sockets = Sockets(reports.ready)
    yield sockets
    sockets.close()


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Two ends of a connection."""
    left, right = socket.socketpair()
    with left, right:
        yield left, right


def test_what_is_ready_is_reported_until_it_is_served(
    sockets: Sockets, reports: Reports, pair: tuple[socket.socket, socket.socket]
) -> None:
    """Each round of Qt reports once, however many sockets are ready; after they were read nothing is reported."""
    left, right = pair
    sockets.register(right, selectors.EVENT_READ)
    sockets.register(left, selectors.EVENT_READ)
    sockets.resume()
    assert reports.rounds(2) == 0
    left.send(b"x")
    right.send(b"x")
    assert reports.rounds(3) == 3
    assert {key.fileobj for key, _ in sockets.select(0)} == {left, right}
    left.recv(1)
    right.recv(1)
    assert reports.rounds(2) == 0


def test_a_pause_loses_nothing(sockets: Sockets, reports: Reports, pair: tuple[socket.socket, socket.socket]) -> None:
    """It begins paused; what became ready during a pause is reported after it, and both calls may be repeated."""
    left, right = pair
    sockets.register(right, selectors.EVENT_READ)
    left.send(b"x")
    assert reports.rounds(2) == 0
    sockets.resume()
    sockets.resume()
    assert reports.rounds(1) == 1
    sockets.pause()
    sockets.pause()
    assert reports.rounds(2) == 0


def test_a_closed_selector_tells_nothing(
    sockets: Sockets, reports: Reports, pair: tuple[socket.socket, socket.socket]
) -> None:
    """Its descriptor may belong to somebody else by then."""
    left, right = pair
    sockets.register(right, selectors.EVENT_READ)
    sockets.resume()
    left.send(b"x")
    sockets.close()
    assert reports.rounds(2) == 0
