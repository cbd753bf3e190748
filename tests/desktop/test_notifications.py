"""Notifications are said once, on the desktop if it listens, by the tray icon if not."""

from __future__ import annotations

import threading

import pytest
from pytestqt.qtbot import QtBot

from tray_app.desktop.notifications import BODY_LIMIT, COOL_DOWN_S, Notifications, escape, send_by_dbus


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Balloon:
    """Remembers what it was to show, and on which thread."""

    def __init__(self) -> None:
        self.shown: list[tuple[str, str]] = []
        self.threads: list[int] = []

    def show_message(self, title: str, body: str) -> None:
        self.shown.append((title, body))
        self.threads.append(threading.get_ident())


def spoken(answer: bool) -> tuple[Notifications, list[tuple[str, str]], Balloon, Clock]:
    """Notifications with a daemon that takes everything or nothing."""
    sent: list[tuple[str, str]] = []

    def send(title: str, body: str) -> bool:
        sent.append((title, body))
        return answer

    balloon, clock = Balloon(), Clock()
    return Notifications(clock, balloon, send), sent, balloon, clock


def test_the_same_thing_is_said_once_within_the_cool_down(qtbot: QtBot) -> None:
    """Another thing, or the same one later, is news again."""
    notifications, sent, _, clock = spoken(answer=True)
    assert notifications.say(("down", "one"), "Title", "Body") is True
    assert notifications.say(("down", "one"), "Title", "Body") is False
    assert notifications.say(("down", "two"), "Title", "Body") is True
    clock.now = COOL_DOWN_S
    assert notifications.say(("down", "one"), "Title", "Body") is True
    qtbot.waitUntil(lambda: len(sent) == 3)


def test_without_a_daemon_the_icon_speaks(qtbot: QtBot) -> None:
    """On Qt's own thread, although the daemon was asked on another."""
    notifications, _, balloon, _ = spoken(answer=False)
    notifications.say(("a",), "Title", "Body")
    qtbot.waitUntil(lambda: balloon.shown == [("Title", "Body")])
    assert balloon.threads == [threading.get_ident()]


def test_other_systems_go_to_the_icon_at_once(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no D-Bus to ask."""
    monkeypatch.setattr("sys.platform", "win32")
    balloon = Balloon()
    Notifications(Clock(), balloon).say(("a",), "Title", "Body")
    assert balloon.shown == [("Title", "Body")]


def test_switched_off_means_silence(qtbot: QtBot) -> None:
    """And what was not said does not count as said."""
    notifications, sent, _, _ = spoken(answer=True)
    notifications.enabled = False
    assert notifications.say(("a",), "Title", "Body") is False
    notifications.enabled = True
    assert notifications.say(("a",), "Title", "Body") is True
    qtbot.waitUntil(lambda: len(sent) == 1)


def test_long_words_are_cut(qtbot: QtBot) -> None:
    """A notification is a line or two."""
    notifications, sent, _, _ = spoken(answer=True)
    notifications.say(("a",), "Title", "x" * 5_000)
    qtbot.waitUntil(lambda: len(sent) == 1)
    assert len(sent[0][1]) == BODY_LIMIT


def test_markup_is_escaped() -> None:
    """A provider's words are not ours to be rendered."""
    assert escape('<b>"x" & y</b>') == '&lt;b&gt;"x" &amp; y&lt;/b&gt;'


@pytest.mark.only_on("linux")
@pytest.mark.parametrize("address", [None, "unix:path=/nonexistent/bus", "tcp:host=localhost"])
def test_no_bus_is_no_daemon(address: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is wrong with the session's bus, the fallback gets the message."""
    if address is not None:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    assert send_by_dbus("Title", "Body") is False
