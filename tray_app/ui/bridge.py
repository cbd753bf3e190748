"""The bridge from the proxy to the screen: pulls what happened from the event hub, in batches, at a pace people can see.

Nothing runs while nothing happens: the hub calls once when there is something to read, and that arms one single-shot
timer. The first event after a pause is fetched at once, later ones wait for their turn. While only the icon is on the
screen the progress of answers wakes nobody, but beginnings, ends and errors are as quick as ever. It knows no view;
`wiring.py` connects it to the models and the controller.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

from tray_app.proxy.hub import EventHub

INTERVAL_MS: Final = 100  # ten times a second: text a person follows, and a fraction of the cost per token


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
        self._since_pull = QElapsedTimer()
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.pull)

    def start(self) -> None:
        """Listen, and fetch what is there already."""
        self._hub.wake = self._arm
        self._hub.wakes_for_progress = False
        self.pull()

    def stop(self) -> None:
        """Fetch the rest and do not listen any more. Idempotent."""
        self._hub.wake = None
        self.pull()

    def set_visible(self, visible: bool) -> None:
        """Follow the progress of answers too; becoming visible shows at once how far they are."""
        self._hub.wakes_for_progress = visible
        if visible:
            self.pull()

    def pull(self) -> None:
        """Read the hub now."""
        self._timer.stop()
        self._since_pull.start()
        batch = self._hub.read(self._cursor)
        self._cursor = batch.cursor
        if batch.events or batch.lost:
            self.arrived.emit(batch)

    def _arm(self) -> None:
        elapsed = self._since_pull.elapsed() if self._since_pull.isValid() else INTERVAL_MS
        self._timer.start(max(0, INTERVAL_MS - elapsed))
