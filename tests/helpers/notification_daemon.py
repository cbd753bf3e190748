"""A notification daemon for desktop tests: remembers what was shown and can click an action of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from helpers.bus_service import Answer, BusService
from helpers.waiting import TIMEOUT_S

NAME = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"
DISMISSED = 2


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
    expires_ms: int


class NotificationDaemon(BusService):
    """Owns the notification name on a bus; `shown` grows. `markup`: whether it reads texts as markup."""

    def __init__(self, address: str, *, markup: bool = True) -> None:
        super().__init__(address, (NAME,))
        self.shown: list[Notification] = []
        self.closed: list[int] = []
        capabilities = ["actions", "body", *(["body-markup"] if markup else [])]
        self.methods = {
            "GetCapabilities": lambda _sender, _body: ("as", (capabilities,)),
            "GetServerInformation": lambda _sender, _body: ("ssss", ("test", "test", "1", "1.2")),
            "Notify": self._notify,
            "CloseNotification": self._close,
        }
        self.start()

    def wait_for_notification(self, timeout_s: float = TIMEOUT_S) -> Notification:
        """The newest one, as soon as there is one."""
        newest: Notification = self.wait_for(lambda: self.shown and self.shown[-1], "a notification", timeout_s)
        return newest

    def click(self, notification: Notification, action: str = "default") -> None:
        """Tell the application that the person clicked."""
        self.emit(PATH, NAME, "ActionInvoked", "us", notification.id, action)

    def dismiss(self, notification: Notification) -> None:
        """Tell the application that the person closed it."""
        self.emit(PATH, NAME, "NotificationClosed", "uu", notification.id, DISMISSED)

    def _notify(self, _sender: str, body: tuple[Any, ...]) -> Answer:
        app, replaces, icon, title, text, actions, hints, expires_ms = body
        number = replaces or len(self.shown) + 1
        values = {name: value for name, (_, value) in hints.items()}
        self.shown.append(Notification(number, app, replaces, icon, title, text, tuple(actions), values, expires_ms))
        return "u", (number,)

    def _close(self, _sender: str, body: tuple[Any, ...]) -> Answer:
        self.closed.append(body[0])
        return None, ()
