"""Desktop notifications with a cool-down: the same thing is said once, not forty times.

On Linux they go to `org.freedesktop.Notifications`; where that is missing, and on the other systems, to the tray icon.
QtDBus cannot send the call (PySide has no way to make the unsigned 32-bit argument it needs, and daemons check), so it is
sent with jeepney, the pure Python D-Bus library that keyring brings, on a short-lived daemon thread: a daemon that hangs
must not stop the user interface. What is worth a notification is decided in `notices.py`.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import Final, Protocol

from PySide6.QtCore import QObject, Signal

COOL_DOWN_S: Final = 15 * 60.0
DBUS_TIMEOUT_S: Final = 3.0
BODY_LIMIT: Final = 300  # characters; most notification areas show two or three lines
SHOW_MS: Final = -1  # the daemon's own choice

Send = Callable[[str, str], bool]


class Balloon(Protocol):
    """The fallback, in practice the tray icon."""

    def show_message(self, title: str, body: str) -> None:
        """Show it as well as the platform can."""


class Notifications(QObject):
    """Says things on the desktop. `clock` is monotonic, in seconds; `send` answers whether a daemon took the message."""

    _refused = Signal(str, str)

    def __init__(
        self,
        clock: Callable[[], float],
        balloon: Balloon,
        send: Send | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self._send = send or (send_by_dbus if sys.platform == "linux" else None)
        self._balloon = balloon
        self._said: dict[tuple[str, ...], float] = {}
        self.enabled = True
        self._refused.connect(balloon.show_message)  # emitted on the sending thread, delivered on Qt's

    def say(self, key: tuple[str, ...], title: str, body: str) -> bool:
        """Show the message unless `key` was said within the cool-down; tells whether it was."""
        if not self.enabled or self._is_warm(key):
            return False
        body = body if len(body) <= BODY_LIMIT else body[: BODY_LIMIT - 1] + "…"
        if self._send is None:
            self._balloon.show_message(title, body)
        else:
            threading.Thread(target=self._try, args=(self._send, title, body), daemon=True, name="notification").start()
        return True

    def _is_warm(self, key: tuple[str, ...]) -> bool:
        now = self._clock()
        self._said = {said: at for said, at in self._said.items() if now - at < COOL_DOWN_S}
        if key in self._said:
            return True
        self._said[key] = now
        return False

    def _try(self, send: Send, title: str, body: str) -> None:
        if not send(title, body):
            self._refused.emit(title, body)


def send_by_dbus(title: str, body: str) -> bool:
    """Hand the message to the notification daemon; False if there is none or it does not answer in time."""
    from jeepney import DBusAddress, MessageType, new_method_call  # type: ignore[import-untyped]
    from jeepney.io.blocking import open_dbus_connection  # type: ignore[import-untyped]

    address = DBusAddress(
        "/org/freedesktop/Notifications", "org.freedesktop.Notifications", "org.freedesktop.Notifications"
    )
    content: tuple[object, ...] = (
        "Dragoman",
        0,
        "dragoman",
        title,
        escape(body),
        [],
        {"desktop-entry": ("s", "dragoman")},
        SHOW_MS,
    )
    try:
        with open_dbus_connection() as bus:
            reply = bus.send_and_get_reply(
                new_method_call(address, "Notify", "susssasa{sv}i", content), timeout=DBUS_TIMEOUT_S
            )
    except (OSError, KeyError, ValueError, RuntimeError):  # no bus, no address of one, no answer in time
        return False
    return bool(reply.header.message_type is MessageType.method_return)


def escape(text: str) -> str:
    """The body of a notification may be read as markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
