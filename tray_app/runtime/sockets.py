"""What wakes the event loop up: a socket or pipe that became ready, or a ring from another thread.

Both only report; what to run and when is `loop.py`'s business. asyncio's own selector (epoll, kqueue) keeps the sockets,
and Qt watches the one descriptor the selector itself has: Qt asks the system about everything it watches in every turn,
and each report of Qt costs as much as a short callback.
"""

from __future__ import annotations

import selectors
from collections.abc import Callable

from PySide6.QtCore import QObject, QSocketNotifier, Signal


class Doorbell(QObject):
    """Rung from any thread; heard by the loop's own."""

    rang = Signal()


class Sockets(selectors.DefaultSelector):
    """The selector; `ready` is called in every turn of Qt in which something is ready, unless paused. It begins paused."""

    def __init__(self, ready: Callable[[], None]) -> None:
        super().__init__()
        self._notifier = QSocketNotifier(self.fileno(), QSocketNotifier.Type.Read)
        self._notifier.activated["int"].connect(ready)  # type: ignore[index]  # the overload without an object
        self._paused = False
        self.pause()

    def pause(self) -> None:
        """Do not report: what is ready cannot be served now, and Qt would report it without a pause."""
        if not self._paused:
            self._paused = True
            self._notifier.setEnabled(False)

    def resume(self) -> None:
        """Report again."""
        if self._paused:
            self._paused = False
            self._notifier.setEnabled(True)

    def close(self) -> None:
        self.pause()
        super().close()
