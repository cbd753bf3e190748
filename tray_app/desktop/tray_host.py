"""Notices a tray host that arrives after the icon was made, and one that leaves.

XEmbed hosts find the icon by themselves. A StatusNotifier host (KDE, GNOME with its extension, xfce4-panel) that appears
late never hears of it, although Qt then reports a tray: the cure is a new icon, made by the listener of `arrived`. A host
that leaves may be a panel that crashed and is started again: only one that stays away counts.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtDBus import QDBusConnection, QDBusServiceWatcher

WATCHER_SERVICE: Final = "org.kde.StatusNotifierWatcher"
SETTLE_MS: Final = 300  # between taking its name and accepting icons
RETURN_MS: Final = 5_000  # a panel that crashed is back by then


class TrayHostWatcher(QObject):
    """Watches the session bus; silent where there is none.

    Signals:
        arrived(): a StatusNotifier watcher has appeared and had time to settle.
        missing(): none has come within the time given to `start`, or the one there was has gone for good. There may still
            be a tray of the older kind.
    """

    arrived = Signal()
    missing = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self.arrived)
        self._absence = QTimer(self, singleShot=True)
        self._absence.timeout.connect(self.missing)
        self._watcher: QDBusServiceWatcher | None = None

    def start(self, grace_ms: int) -> None:
        """Begin to watch; costs nothing until something changes. A host has `grace_ms` to come."""
        self._absence.start(grace_ms)
        bus = QDBusConnection.sessionBus()
        if self._watcher is not None or not bus.isConnected():
            return
        mode = QDBusServiceWatcher.WatchModeFlag.WatchForOwnerChange
        self._watcher = QDBusServiceWatcher(WATCHER_SERVICE, bus, mode, self)
        self._watcher.serviceOwnerChanged.connect(self._owner_changed)

    def stop(self) -> None:
        """Say no more. Idempotent."""
        self.blockSignals(True)
        self._absence.stop()
        self._settle.stop()

    def _owner_changed(self, service: str, old_owner: str, new_owner: str) -> None:
        if new_owner:
            self._absence.stop()
            self._settle.start()
        else:
            self._settle.stop()
            self._absence.start(RETURN_MS)
