"""SIGTERM and SIGINT as a Qt signal, so that a logout, Ctrl-C and the menu take the same road out.

A Python handler only runs when the interpreter gets a turn, and Qt may sleep for hours: the interpreter therefore writes
to a socket that Qt watches. If the event loop has such a socket already it is left in place, it wakes Qt just as well.
Nothing to do on Windows, where Qt is told by its own message queue.
"""

from __future__ import annotations

import signal
import socket
import sys
from types import FrameType
from typing import Final

from PySide6.QtCore import QObject, QSocketNotifier, Signal

SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)


class UnixSignals(QObject):
    """Catches the signals between `start()` and `stop()`.

    Signals:
        received(int): the number of the signal.
    """

    received = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ours: socket.socket | None = None
        self._theirs: socket.socket | None = None
        self._previous: dict[int, object] = {}

    def start(self) -> None:
        """Install the handlers. Call after the event loop has been set up, on the main thread."""
        if sys.platform == "win32":
            return
        self._previous = {number: signal.signal(number, self._handle) for number in SIGNALS}
        self._wake_qt()

    def stop(self) -> None:
        """Put back what was there before. Idempotent."""
        for number, handler in self._previous.items():
            signal.signal(number, handler)  # type: ignore[arg-type]  # what signal.signal() returned
        self._previous = {}
        if self._ours is not None and self._theirs is not None:
            signal.set_wakeup_fd(-1)
            self._ours.close()
            self._theirs.close()
            self._ours = self._theirs = None

    def _wake_qt(self) -> None:
        previous = signal.set_wakeup_fd(-1)
        if previous != -1:
            signal.set_wakeup_fd(previous, warn_on_full_buffer=False)
            return
        self._ours, self._theirs = socket.socketpair()
        self._ours.setblocking(False)
        self._theirs.setblocking(False)
        signal.set_wakeup_fd(self._theirs.fileno(), warn_on_full_buffer=False)
        notifier = QSocketNotifier(self._ours.fileno(), QSocketNotifier.Type.Read, self)
        notifier.activated.connect(self._drain)

    def _drain(self) -> None:
        # Returning to Python is all it takes for the pending handler to run.
        if self._ours is not None:
            self._ours.recv(64)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        self.received.emit(number)
