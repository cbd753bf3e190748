"""The tray application as it is, with two additions from outside: a timer that notes how late it fires, and orders on stdin.

Orders, a line each, answered by one line of JSON: ``tick`` (begin to measure), ``report`` (end, and tell), ``close`` (the
window), ``requests`` (show that page).
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QSocketNotifier, Qt, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow, QSystemTrayIcon

from performance.processes import end_with_parent
from tray_app import app as application

TICK_MS = 10


class Probe(QObject):
    """Lives in the application's own loop and thread."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._late_ms: list[float] = []
        self._timer = QTimer(self, singleShot=True, interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._ticked)
        self._orders = QSocketNotifier(0, QSocketNotifier.Type.Read, self)
        self._orders.activated["int"].connect(self._obey)  # type: ignore[index]  # the overload without an object

    def _obey(self, _fd: int) -> None:
        said = os.read(0, 4_096)
        if not said:
            self._orders.setEnabled(False)
        for order in said.decode().split():
            say(ORDERS[order](self))

    def tick(self) -> object:
        self._late_ms.clear()
        self._arm()
        return {}

    def _arm(self) -> None:
        self._due = time.perf_counter() + TICK_MS / 1_000
        self._timer.start()

    def _ticked(self) -> None:
        self._late_ms.append((time.perf_counter() - self._due) * 1_000)
        self._arm()

    def report(self) -> object:
        self._timer.stop()
        return {"late_ms": [round(late, 3) for late in self._late_ms]}

    def close(self) -> object:
        for window in windows():
            window.close()
        return self.state()

    def requests(self) -> object:
        for window in windows():
            window.show_page(window.requests)
        return self.state()

    def state(self) -> object:
        return {"open": any(window.isVisible() for window in windows())}


ORDERS: dict[str, Callable[[Probe], object]] = {
    "tick": Probe.tick,
    "report": Probe.report,
    "close": Probe.close,
    "requests": Probe.requests,
}


def windows() -> list[QMainWindow]:
    return [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, QMainWindow)]


def say(what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def main() -> int:
    """Run the application with the probe in it; returns the exit status."""
    make_application = application._make_application

    def with_probe() -> QApplication:
        app = make_application()
        Probe(app)
        return app

    application._make_application = with_probe
    # Without a tray the application would keep its window open.
    QSystemTrayIcon.isSystemTrayAvailable = staticmethod(lambda: True)  # type: ignore[method-assign]
    return application.main(minimized=True)


if __name__ == "__main__":
    end_with_parent()
    sys.exit(main())
