"""Notices when old connections are probably dead: the computer woke up, or its way to the network changed (a VPN, Wi-Fi).

On Linux the system bus tells (logind and NetworkManager), elsewhere Qt's network information. Nothing is polled. Whoever
listens to `changed` drops pooled connections, so that the next request makes a fresh one instead of waiting for a dead one.
"""

from __future__ import annotations

import sys
from typing import Final

from PySide6.QtCore import SLOT, QObject, Signal, Slot
from PySide6.QtDBus import QDBusConnection
from PySide6.QtNetwork import QNetworkInformation

LOGIND: Final = ("org.freedesktop.login1", "/org/freedesktop/login1", "org.freedesktop.login1.Manager")
# Each connection in use (a Wi-Fi, a VPN) is an object with a path of its own: an empty path listens to all.
NETWORKS: Final = ("org.freedesktop.NetworkManager", "", "org.freedesktop.NetworkManager.Connection.Active")
UP, DOWN = 2, 4  # NMActiveConnectionState: activated, deactivated; between them lies what is on its way


class WakeWatch(QObject):
    """Watches from `start()` on; silent where nothing can be watched.

    Signals:
        changed(): connections made before this moment should not be used for new requests.
    """

    changed = Signal()

    def start(self) -> None:
        """Begin to watch; to be called once."""
        if sys.platform == "linux":
            bus = QDBusConnection.systemBus()
            if bus.isConnected():
                # A slot is a str here; the declared types want bytes, which are refused at run time.
                bus.connect(*LOGIND, "PrepareForSleep", self, SLOT("_sleep(bool)"))  # type: ignore[call-overload]
                bus.connect(*NETWORKS, "StateChanged", self, SLOT("_network(uint,uint)"))  # type: ignore[call-overload]
        elif QNetworkInformation.loadDefaultBackend():
            information = QNetworkInformation.instance()
            information.reachabilityChanged.connect(self.changed)
            information.transportMediumChanged.connect(self.changed)

    @Slot(bool)
    def _sleep(self, going_to_sleep: bool) -> None:
        if not going_to_sleep:
            self.changed.emit()

    @Slot("uint", "uint")
    def _network(self, state: int, reason: int) -> None:
        if state in {UP, DOWN}:
            self.changed.emit()
