"""Notifications are said once, on the desktop if it listens, by the tray icon if not."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from tray_app.desktop.notification_bus import Message, NotificationBus
from tray_app.desktop.notifications import BODY_LIMIT, COOL_DOWN_S, TITLE_LIMIT, Notifications


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Balloon(QObject):
    """Remembers what it was to show."""

    messageClicked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[tuple[str, str]] = []

    def show_message(self, title: str, body: str) -> None:
        self.shown.append((title, body))


class Bus(NotificationBus):
    """A daemon that takes everything, or nothing."""

    def __init__(self, *, takes: bool = True) -> None:
        super().__init__()
        self.takes = takes
        self.sent: list[Message] = []

    def send(self, message: Message) -> None:
        self.sent.append(message)
        if not self.takes:
            self.refused.emit(message)


def about(*key: str, **fields: object) -> Message:
    """A message."""
    return Message(key=key, **{"title": "Title", "body": "Body"} | fields)  # type: ignore[arg-type]


def test_the_same_thing_is_said_once_within_the_cool_down(qtbot: QtBot) -> None:
    """Another thing, or the same one later, is news again; what is brief is said every time."""
    bus, clock = Bus(), Clock()
    notifications = Notifications(clock, Balloon(), bus)
    assert notifications.say(about("down", "one")) is True
    assert notifications.say(about("down", "one")) is False
    assert notifications.say(about("down", "two")) is True
    clock.now = COOL_DOWN_S
    assert notifications.say(about("down", "one")) is True
    assert [notifications.say(about("copied", brief=True)) for _ in range(2)] == [True, True]
    assert len(bus.sent) == 5


def test_without_a_daemon_the_icon_speaks(qtbot: QtBot) -> None:
    """And a click on its balloon tells which message it was."""
    balloon = Balloon()
    notifications = Notifications(Clock(), balloon, Bus(takes=False))
    clicks: list[tuple[object, str]] = []
    notifications.clicked.connect(lambda key, action: clicks.append((key, action)))
    balloon.messageClicked.emit()
    notifications.say(about("a"))
    notifications.say(about("b"))
    assert balloon.shown == [("Title", "Body")] * 2
    balloon.messageClicked.emit()
    assert clicks == [(("b",), "default")]


def test_a_click_at_the_daemon_tells_key_and_action(qtbot: QtBot) -> None:
    """Of the message that was clicked, not of the newest."""
    bus = Bus()
    notifications = Notifications(Clock(), Balloon(), bus)
    for key in "ab":
        notifications.say(about(key))
    with qtbot.waitSignal(notifications.clicked) as caught:
        bus.actionInvoked.emit(bus.sent[0], "provider")
    assert caught.args == [("a",), "provider"]


def test_other_systems_go_to_the_icon_at_once(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no D-Bus to ask."""
    monkeypatch.setattr("sys.platform", "win32")
    balloon = Balloon()
    notifications = Notifications(Clock(), balloon)
    notifications.say(about("a"))
    notifications.close()
    assert balloon.shown == [("Title", "Body")]


@pytest.mark.only_on("linux")
def test_linux_asks_the_daemon_first(qtbot: QtBot) -> None:
    """On a thread; when there is none the icon speaks, on Qt's own thread, unless all is over by then."""
    balloon = Balloon()
    notifications = Notifications(Clock(), balloon)
    notifications.say(about("a"))
    assert balloon.shown == []
    qtbot.waitUntil(lambda: balloon.shown == [("Title", "Body")])
    notifications.close()
    assert notifications._bus is not None
    notifications._bus.refused.emit(about("b"))
    assert len(balloon.shown) == 1


def test_long_words_are_cut(qtbot: QtBot) -> None:
    """A notification is a line or two."""
    bus = Bus()
    Notifications(Clock(), Balloon(), bus).say(about("a", title="t" * 500, body="x" * 5_000))
    assert (len(bus.sent[0].title), len(bus.sent[0].body)) == (TITLE_LIMIT, BODY_LIMIT)
