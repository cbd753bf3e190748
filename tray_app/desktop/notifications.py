"""Desktop notifications with a cool-down: the same thing is said once, not forty times, and replaced rather than stacked.

On Linux they go to the desktop's daemon (`notification_bus.py`); where that is missing, and on the other systems, to the
tray icon. What is worth a notification is decided in `control/notices.py`, what a click opens in `wiring/notifying.py`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final, Protocol

from PySide6.QtCore import QObject, Signal

from tray_app.desktop.notification_bus import Message, NotificationBus

COOL_DOWN_S: Final = 15 * 60.0
TITLE_LIMIT: Final = 100  # characters
BODY_LIMIT: Final = 300  # characters; most notification areas show two or three lines
DEFAULT_ACTION: Final = "default"


class Balloon(Protocol):
    """The fallback, in practice the tray icon; `messageClicked` is its signal."""

    messageClicked: Any

    def show_message(self, title: str, body: str) -> None:
        """Show it as well as the platform can."""


class Notifications(QObject):
    """Says things on the desktop. `clock` is monotonic, in seconds.

    Signals:
        clicked(tuple, str): the key of the message that was clicked, and the name of the action.
    """

    clicked = Signal(object, str)

    def __init__(
        self,
        clock: Callable[[], float],
        balloon: Balloon,
        bus: NotificationBus | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self._balloon = balloon
        self._in_balloon: Message | None = None
        self._said: dict[tuple[str, ...], float] = {}
        self._bus = bus
        if bus is None and sys.platform == "linux":
            self._bus = NotificationBus(self)
        if self._bus is not None:
            self._bus.refused.connect(self._show_balloon)
            self._bus.actionInvoked.connect(lambda message, action: self.clicked.emit(message.key, action))
        balloon.messageClicked.connect(self._balloon_clicked)

    def say(self, message: Message) -> bool:
        """Show the message unless its key was said within the cool-down; tells whether it was. Brief ones have none."""
        if not message.brief and self._is_warm(message.key):
            return False
        short = replace(message, title=_cut(message.title, TITLE_LIMIT), body=_cut(message.body, BODY_LIMIT))
        if self._bus is None:
            self._show_balloon(short)
        else:
            self._bus.send(short)
        return True

    def close(self) -> None:
        """Say no more."""
        if self._bus is not None:
            self._bus.refused.disconnect(self._show_balloon)
            self._bus.close()

    def _is_warm(self, key: tuple[str, ...]) -> bool:
        now = self._clock()
        self._said = {said: at for said, at in self._said.items() if now - at < COOL_DOWN_S}
        if key in self._said:
            return True
        self._said[key] = now
        return False

    def _show_balloon(self, message: Message) -> None:
        self._in_balloon = message
        self._balloon.show_message(message.title, message.body)

    def _balloon_clicked(self) -> None:
        if self._in_balloon is not None:
            self.clicked.emit(self._in_balloon.key, DEFAULT_ACTION)


def _cut(words: str, limit: int) -> str:
    return words if len(words) <= limit else words[: limit - 1] + "…"
