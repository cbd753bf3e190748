"""Messages reach a real notification daemon over a real bus, clicks come back, and nothing waits for either."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from helpers.desktop import Desktop
from helpers.notification_daemon import NotificationDaemon
from tray_app.desktop import notification_bus
from tray_app.desktop.notification_bus import Message, NotificationBus, escape

ACTIONS = (("default", "Show the request"), ("provider", "Show the provider"))
DOWN = Message(key=("down", "one"), title="One & Only is down", body="<b>502</b> & more", actions=ACTIONS)


class Answers:
    """What a bus told."""

    def __init__(self, bus: NotificationBus) -> None:
        self.refused: list[Message] = []
        self.clicks: list[tuple[Message, str]] = []
        bus.refused.connect(self.refused.append)
        bus.actionInvoked.connect(lambda message, action: self.clicks.append((message, action)))


@pytest.fixture
def desktop(make_desktop: Callable[..., Desktop], monkeypatch: pytest.MonkeyPatch) -> Desktop:
    """A session bus, for this process too."""
    made = make_desktop(tray="none", manager=False)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", made.environment["DBUS_SESSION_BUS_ADDRESS"])
    return made


def wait(qtbot: QtBot, condition: Callable[[], bool]) -> None:
    """Longer than pytest-qt would."""
    qtbot.waitUntil(condition, timeout=30_000)


def sent(daemon: NotificationDaemon, bus: NotificationBus, message: Message, qtbot: QtBot, number: int = 1) -> None:
    """The message is on screen, and the bus knows its number."""
    bus.send(message)
    wait(qtbot, lambda: len(daemon.shown) == number and not bus._sent and not bus._opening)


def test_a_message_is_shown_and_its_clicks_come_back(desktop: Desktop, qtbot: QtBot) -> None:
    """With our name and icon, its actions, and markup taken for what it is."""
    daemon, bus = desktop.start_notifications(), NotificationBus()
    answers = Answers(bus)
    sent(daemon, bus, DOWN, qtbot)
    shown = daemon.shown[0]
    assert (shown.app, shown.icon, shown.title) == ("Dragoman", "dragoman", DOWN.title)
    assert shown.text == "&lt;b&gt;502&lt;/b&gt; &amp; more"
    assert shown.actions == ("default", "Show the request", "provider", "Show the provider")
    assert (shown.hints["desktop-entry"], shown.hints["urgency"], shown.expires_ms) == ("dragoman", 1, -1)
    daemon.click(shown, "provider")
    wait(qtbot, lambda: answers.clicks == [(DOWN, "provider")])
    bus.close()
    assert answers.refused == []


def test_a_daemon_without_markup_gets_the_plain_words(desktop: Desktop, qtbot: QtBot) -> None:
    """Else people would read ``&amp;``. What is brief says so."""
    daemon, bus = desktop.start_notifications(markup=False), NotificationBus()
    sent(daemon, bus, Message(key=("copied",), title="Copied", body="a & b", brief=True), qtbot)
    shown = daemon.shown[0]
    assert shown.text == "a & b"
    assert (shown.hints["transient"], shown.hints["urgency"], shown.expires_ms) == (True, 0, 3_000)
    bus.close()


def test_the_newer_message_replaces_the_older_one_about_the_same(desktop: Desktop, qtbot: QtBot) -> None:
    """Until the person closed it; other messages stand beside it."""
    daemon, bus = desktop.start_notifications(), NotificationBus()
    other = Message(key=("down", "two"), title="Two", body="")
    for number, message in enumerate((DOWN, other, DOWN), 1):
        sent(daemon, bus, message, qtbot, number)
    assert [shown.replaces for shown in daemon.shown] == [0, 0, daemon.shown[0].id]
    daemon.dismiss(daemon.shown[-1])
    wait(qtbot, lambda: [message.key for message in bus._shown.values()] == [other.key])
    sent(daemon, bus, DOWN, qtbot, 4)
    assert daemon.shown[-1].replaces == 0
    bus.close()


def test_numbers_of_a_daemon_that_left_are_forgotten(desktop: Desktop, qtbot: QtBot) -> None:
    """The next one counts from one again, and would click, or replace, somebody else's."""
    daemon, bus = desktop.start_notifications(), NotificationBus()
    answers = Answers(bus)
    sent(daemon, bus, DOWN, qtbot)
    daemon.close()
    wait(qtbot, lambda: bus._connection is None)
    daemon = desktop.start_notifications()
    sent(daemon, bus, DOWN, qtbot)
    assert daemon.shown[0].replaces == 0
    daemon.click(daemon.shown[0])
    wait(qtbot, lambda: answers.clicks == [(DOWN, "default")])
    bus.close()


def test_several_messages_wait_for_one_connection(desktop: Desktop, qtbot: QtBot) -> None:
    """They arrive in order; clicks on messages of others are not ours."""
    daemon, bus = desktop.start_notifications(), NotificationBus()
    answers = Answers(bus)
    messages = [Message(key=(str(number),), title=str(number), body="") for number in range(3)]
    for message in messages:
        bus.send(message)
    wait(qtbot, lambda: [shown.title for shown in daemon.shown] == ["0", "1", "2"] and not bus._sent)
    daemon.emit(notification_bus.PATH, notification_bus.NAME, "ActionInvoked", "us", 99, "default")
    daemon.click(daemon.shown[1])
    wait(qtbot, lambda: answers.clicks == [(messages[1], "default")])
    bus.close()


def test_no_daemon_is_a_refusal(desktop: Desktop, qtbot: QtBot) -> None:
    """At once; and a daemon that comes later is found."""
    bus = NotificationBus()
    answers = Answers(bus)
    bus.send(DOWN)
    wait(qtbot, lambda: answers.refused == [DOWN])
    daemon = desktop.start_notifications()
    sent(daemon, bus, DOWN, qtbot)
    bus.close()


def test_a_daemon_that_hangs_does_not_stop_us(desktop: Desktop, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message goes elsewhere after a while, an answer that comes too late is let pass."""
    daemon, bus = desktop.start_notifications(), NotificationBus()
    answers = Answers(bus)
    sent(daemon, bus, DOWN, qtbot)
    monkeypatch.setattr(notification_bus, "ANSWER_TIMEOUT_S", 0.2)
    with daemon.changed:  # it cannot answer meanwhile
        bus.send(DOWN)
        assert list(bus._sent.values()) == [DOWN]
        wait(qtbot, lambda: answers.refused == [DOWN])
    monkeypatch.undo()
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", desktop.environment["DBUS_SESSION_BUS_ADDRESS"])
    wait(qtbot, lambda: len(daemon.shown) == 2)
    sent(daemon, bus, DOWN, qtbot, 3)
    assert answers.refused == [DOWN]
    bus.close()


def test_a_refused_call_is_a_refusal(desktop: Desktop, qtbot: QtBot) -> None:
    """Some daemons limit how much an application may say."""
    daemon, bus = desktop.start_notifications(), NotificationBus()
    answers = Answers(bus)
    del daemon.methods["Notify"]
    bus.send(DOWN)
    wait(qtbot, lambda: answers.refused == [DOWN])
    bus.close()


def test_a_bus_that_breaks_takes_the_unanswered_with_it(desktop: Desktop, qtbot: QtBot) -> None:
    """They are refused, so that they are shown elsewhere; closing twice does no harm."""
    daemon, bus = desktop.start_notifications(), NotificationBus()
    answers = Answers(bus)
    sent(daemon, bus, DOWN, qtbot)
    with daemon.changed:
        bus.send(DOWN)
        bus.close()
    assert answers.refused == [DOWN]
    wait(qtbot, lambda: len(daemon.shown) == 2)
    sent(daemon, bus, DOWN, qtbot, 3)
    bus._connection.sock.shutdown(2)
    wait(qtbot, lambda: bus._connection is None)
    bus.close()


@pytest.mark.only_on("linux")
@pytest.mark.parametrize("address", [None, "unix:path=/nonexistent/bus", "tcp:host=localhost"])
def test_no_bus_is_no_daemon(address: str | None, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is wrong with the session's bus, the fallback gets the message."""
    if address is not None:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    bus = NotificationBus()
    answers = Answers(bus)
    bus.send(DOWN)
    wait(qtbot, lambda: answers.refused == [DOWN])


def test_markup_is_escaped() -> None:
    """A provider's words are not ours to be rendered."""
    assert escape('<b>"x" & y</b>') == '&lt;b&gt;"x" &amp; y&lt;/b&gt;'
