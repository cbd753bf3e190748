"""What wakes the event loop up: a descriptor that became ready, or a ring from another thread.

Both only report; what to run and when is `loop.py`'s business.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QSocketNotifier, Signal


class Doorbell(QObject):
    """Rung from any thread; heard by the loop's own."""

    rang = Signal()


class Watch(QSocketNotifier):
    """Qt's eye on one direction of one descriptor, and asyncio's callback for it.

    It stands in the loop's queue itself, like a handle, so that it knows whether it is queued: Qt reports a ready
    descriptor again and again, asyncio expects one call for each time it had the chance to read.
    """

    def __init__(
        self, fd: int, kind: QSocketNotifier.Type, handle: asyncio.Handle, ready: Callable[[Watch], None]
    ) -> None:
        super().__init__(fd, kind)
        self._handle, self._ready, self._queued = handle, ready, False
        self.activated["int"].connect(self._on_activated)  # type: ignore[index]  # the overload without an object

    def _on_activated(self, _fd: int) -> None:
        if not self._queued:
            self._queued = True
            self._ready(self)

    def cancelled(self) -> bool:
        return self._handle.cancelled()

    def _run(self) -> None:
        self._queued = False
        self._handle._run()

    def end(self) -> None:
        """Stop watching; a callback that is queued and has not run will not."""
        self._handle.cancel()
        self.setEnabled(False)


def descriptor(fd: Any) -> int:
    """The number of a file object or descriptor; raises ValueError for anything else."""
    try:
        return fd if isinstance(fd, int) else int(fd.fileno())
    except (AttributeError, TypeError, ValueError):
        raise ValueError(f"Invalid file object: {fd!r}") from None
