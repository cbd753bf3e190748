"""Turns notices into desktop notifications, as far as the settings want them, and knows what a click on one opens."""

from __future__ import annotations

import time
from typing import Final

from PySide6.QtCore import QObject, Signal

from tray_app.control.controller import Controller
from tray_app.desktop.notification_bus import Message
from tray_app.desktop.notifications import DEFAULT_ACTION, Notifications
from tray_app.state import Notice, NoticeKind
from tray_app.ui import problem_text
from tray_app.ui.text import translate
from tray_app.ui.tray import Tray

# The setting that switches a kind off.
SWITCHES: Final = {
    NoticeKind.KEY_REJECTED: "notify_upstream",
    NoticeKind.UPSTREAM_DOWN: "notify_upstream",
    NoticeKind.ERROR_BURST: "notify_errors",
    NoticeKind.FAILED_OVER: "notify_failover",
    NoticeKind.SERVER_FAILED: "notify_errors",
    NoticeKind.BUDGET_REACHED: "notify_budget",
    NoticeKind.CACHE_COLLAPSED: "notify_cache",
}
PROVIDER: Final = "provider"  # the action that opens it
# Kinds that are cured at the provider: a second button leads there.
CURED_AT_PROVIDER: Final = frozenset({NoticeKind.KEY_REJECTED, NoticeKind.UPSTREAM_DOWN, NoticeKind.FAILED_OVER})
COPIED: Final = ("copied",)


class Notifying(QObject):
    """Listens to the controller's notices. The cool-down is counted per kind and provider.

    Signals:
        requestWanted(str), providerWanted(str): by a click, with the id; windowWanted(): where there is neither.
    """

    requestWanted = Signal(str)
    providerWanted = Signal(str)
    windowWanted = Signal()

    def __init__(self, controller: Controller, tray: Tray, parent: QObject) -> None:
        super().__init__(parent)
        self._board = controller.board
        self._newest: dict[tuple[str, ...], Notice] = {}
        self.notifications = Notifications(time.monotonic, tray, parent=self)
        self.notifications.clicked.connect(self._clicked)
        controller.activity.noticeRaised.connect(self._notify)

    def say_copied(self, endpoint: str) -> None:
        """The middle button has copied the endpoint: nothing on screen would tell."""
        title = translate("Notices", "Endpoint copied")
        self.notifications.say(Message(key=COPIED, title=title, body=endpoint, brief=True))

    def _notify(self, notice: Notice) -> None:
        if not getattr(self._board.state.settings, SWITCHES[notice.kind]):
            return
        title, body = problem_text.notice(notice, self._board.state.providers)
        message = Message(key=(notice.kind, notice.provider_id), title=title, body=body, actions=_actions(notice))
        if self.notifications.say(message):
            self._newest[message.key] = notice

    def _clicked(self, key: tuple[str, ...], action: str) -> None:
        notice = self._newest.get(key)
        if notice is None:
            self.windowWanted.emit()
        elif action == PROVIDER:
            self.providerWanted.emit(notice.provider_id)
        elif action == DEFAULT_ACTION and notice.request_id:
            self.requestWanted.emit(notice.request_id)
        else:
            self.windowWanted.emit()


def _actions(notice: Notice) -> tuple[tuple[str, str], ...]:
    shown = translate("Notices", "Show the request") if notice.request_id else translate("Notices", "Open Dragoman")
    actions = [(DEFAULT_ACTION, shown)]
    if notice.kind in CURED_AT_PROVIDER:
        actions.append((PROVIDER, translate("Notices", "Show the provider")))
    return tuple(actions)
