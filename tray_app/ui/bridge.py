"""The bridge from the proxy to the screen: pulls what happened from the event hub, in batches, at a pace people can see.

Nothing runs while nothing happens: the hub calls once when there is something to read, and that arms one single-shot
timer. The first event after a pause is fetched at once, later ones wait for their turn. It knows no view; `app.py`
connects it to the models and the controller.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

from tray_app.proxy.hub import EventHub

VISIBLE_INTERVAL_MS: Final = 100  # ten times a second: text a person follows, and a fraction of the cost per token
HIDDEN_INTERVAL_MS: Final = 1_000  # only the icon is on screen


class Bridge(QObject):
    """Reads the hub between `start()` and `stop()`.

    Signals:
        arrived(Batch): events since the last batch, in order; never empty.
    """

    arrived = Signal(object)

    def __init__(self, hub: EventHub, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hub = hub
        self._cursor = 0
        self._interval_ms = HIDDEN_INTERVAL_MS
        self._since_pull = QElapsedTimer()
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.pull)

    def start(self) -> None:
        """Listen, and fetch what is there already."""
        self._hub.wake = self._arm
        self.pull()

    def stop(self) -> None:
        """Fetch the rest and do not listen any more. Idempotent."""
        self._hub.wake = None
        self._timer.stop()
        self.pull()

    def set_visible(self, visible: bool) -> None:
        """Choose the pace; becoming visible shows at once what was held back."""
        self._interval_ms = VISIBLE_INTERVAL_MS if visible else HIDDEN_INTERVAL_MS
        if visible and self._timer.isActive():
            self._timer.stop()
            self.pull()

    def pull(self) -> None:
        """Read the hub now."""
        self._since_pull.start()
        batch = self._hub.read(self._cursor)
        self._cursor = batch.cursor
        if batch.events or batch.lost:
            self.arrived.emit(batch)

    def _arm(self) -> None:
        elapsed = self._since_pull.elapsed() if self._since_pull.isValid() else self._interval_ms
        self._timer.start(max(0, self._interval_ms - elapsed))
