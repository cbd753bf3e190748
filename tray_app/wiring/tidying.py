"""Has memory tidied up some time after the last thing that happened: a request, a window that was closed.

A burst of streams leaves cycles and holes in the heap behind, 10 MB or more. One shot after each busy time, nothing while
nothing happens. Counterparts: `runtime/garbage.py`, which does it, and `wiring.py`.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer

from tray_app.runtime import garbage

QUIET_MS: Final = 20_000


class Tidying(QObject):
    """Waits for quiet."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._timer = QTimer(self, singleShot=True, interval=QUIET_MS, timerType=Qt.TimerType.VeryCoarseTimer)
        self._timer.timeout.connect(garbage.tidy)

    def put_off(self) -> None:
        """Something has happened: wait from now on."""
        self._timer.start()
