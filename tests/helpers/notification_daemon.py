"""A notification daemon for desktop tests: remembers what was shown and can click an action of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from helpers.bus_service import Answer, BusService

NAME = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"


@dataclass(frozen=True)
class Notification:
    """One call of Notify."""

    id: int
    app: str
    replaces: int
    icon: str
    title: str
    text: str
    actions: tuple[str, ...]
    hints: dict[str, Any]


class NotificationDaemon(BusService):
    """Owns the notification name on a bus; `shown` grows."""

    def __init__(self, address: str) -> None:
        super().__init__(address, (NAME,))
        self.shown: list[Notification] = []
        self.closed: list[int] = []
        self.methods = {
            "GetCapabilities": lambda _sender, _body: ("as", (["actions", "body"],)),
            "GetServerInformation": lambda _sender, _body: ("ssss", ("test", "test", "1", "1.2")),
            "Notify": self._notify,
            "CloseNotification": self._close,
        }
        self.start()

    def wait_for_notification(self, timeout_s: float = 15.0) -> Notification:
        """The newest one, as soon as there is one."""
        newest: Notification = self.wait_for(lambda: self.shown and self.shown[-1], "a notification", timeout_s)
        return newest

    def click(self, notification: Notification, action: str = "default") -> None:
        """Tell the application that the person clicked."""
        self.emit(PATH, NAME, "ActionInvoked", "us", notification.id, action)

    def _notify(self, _sender: str, body: tuple[Any, ...]) -> Answer:
        app, replaces, icon, title, text, actions, hints, _ = body
        number = replaces or len(self.shown) + 1
        values = {name: value for name, (_, value) in hints.items()}
        self.shown.append(Notification(number, app, replaces, icon, title, text, tuple(actions), values))
        return "u", (number,)

    def _close(self, _sender: str, body: tuple[Any, ...]) -> Answer:
        self.closed.append(body[0])
        return None, ()
