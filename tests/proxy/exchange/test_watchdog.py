"""The watchdog: what falls due when, and that it costs one timer however much is read."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from tray_app.proxy.exchange.watchdog import Alarm, Delays, Phase, Watchdog

DELAYS = Delays(
    commit_unanswered_s=20.0,
    commit_answered_s=3.0,
    ping_s=10.0,
    usage_s=1.0,
    first_byte_s=290.0,
    idle_s=300.0,
    silence_s=570.0,
)


class FakeTime:
    """Time that passes when a test says so, in place of the loop's timers."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.timers: list[tuple[float, Callable[[], None]]] = []
        self.armed = 0

    def call_later(self, delay: float, callback: Callable[[], None], *_: Any) -> Any:
        entry = (self.now + delay, callback)
        self.timers.append(entry)
        self.armed += 1
        fake = self

        class Handle:
            def cancel(self) -> None:
                fake.timers.remove(entry)

        return Handle()

    def advance(self, seconds: float) -> None:
        end = self.now + seconds
        while self.timers and min(self.timers)[0] <= end:
            entry = min(self.timers, key=lambda each: each[0])
            self.timers.remove(entry)
            self.now = entry[0]
            entry[1]()
        self.now = end


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> FakeTime:
    """A loop whose timers the test drives."""
    fake = FakeTime()
    monkeypatch.setattr(asyncio, "get_running_loop", lambda: fake)
    return fake


def watch(time: FakeTime, *, streaming: bool = True) -> tuple[Watchdog, list[tuple[float, Alarm]]]:
    """A watchdog and what it called out, with the second of it."""
    alarms: list[tuple[float, Alarm]] = []
    dog = Watchdog(
        DELAYS, lambda: time.now, lambda alarm: alarms.append((time.now - 1000.0, alarm)), streaming=streaming
    )
    return dog, alarms


def test_r_com_3_r_liv_1_a_silent_upstream_is_committed_then_pinged_then_given_up(time: FakeTime) -> None:
    """20 s, then a ping every 10 s, and the end at 290 s."""
    dog, alarms = watch(time)
    dog.enter(Phase.SENDING)
    time.advance(400)
    assert alarms[0] == (20.0, Alarm.COMMIT)
    assert [second for second, alarm in alarms if alarm is Alarm.PING] == [float(s) for s in range(30, 290, 10)]
    assert alarms[-1] == (290.0, Alarm.FIRST_BYTE)
    assert time.timers == []


def test_r_com_2_after_the_status_line_three_seconds(time: FakeTime) -> None:
    """The commit counts from the headers then."""
    dog, alarms = watch(time)
    dog.enter(Phase.SENDING)
    time.advance(5)
    dog.enter(Phase.READING)
    time.advance(3)
    assert alarms == [(8.0, Alarm.COMMIT)]


def test_without_a_stream_there_is_no_commit_and_no_ping(time: FakeTime) -> None:
    """A JSON answer has nothing to say before it is whole."""
    dog, alarms = watch(time, streaming=False)
    dog.enter(Phase.SENDING)
    time.advance(100)
    dog.enter(Phase.READING)
    time.advance(1000)
    assert alarms == [(400.0, Alarm.IDLE)]


def test_r_liv_1_pings_count_from_our_own_last_byte(time: FakeTime) -> None:
    """A stream that talks needs none."""
    dog, alarms = watch(time)
    dog.enter(Phase.SENDING)
    dog.enter(Phase.READING)
    dog.committed = True
    for _ in range(100):
        time.advance(6)
        dog.received = dog.heard = dog.written = time.now
    assert alarms == []
    time.advance(10)
    assert alarms == [(610.0, Alarm.PING)]


def test_r_liv_2_comments_count_as_life_but_not_for_ever(time: FakeTime) -> None:
    """Bytes without content keep the idle limit away; the silence limit ends it."""
    dog, alarms = watch(time)
    dog.enter(Phase.SENDING)
    dog.enter(Phase.READING)
    for _ in range(600):
        time.advance(1)
        dog.received = time.now
    assert alarms[-1] == (570.0, Alarm.SILENCE)
    assert time.timers == []


def test_r_stm_14_usage_gets_a_second(time: FakeTime) -> None:
    """Counted from the last byte."""
    dog, alarms = watch(time)
    dog.enter(Phase.SENDING)
    dog.enter(Phase.READING)
    time.advance(2)
    dog.received = time.now
    dog.enter(Phase.FINISHING)
    time.advance(5)
    assert alarms == [(3.0, Alarm.USAGE)]


def test_a_short_exchange_sets_one_timer(time: FakeTime) -> None:
    """Its phases come and go before anything could fall due."""
    dog, alarms = watch(time)
    for phase in Phase:
        dog.enter(phase)
        time.advance(0.1)
    dog.stop()
    assert (time.armed, time.timers, alarms) == (1, [], [])


def test_r_com_3_a_slow_body_counts_towards_the_commit(time: FakeTime) -> None:
    """The client waits since it began to send, not since we began to ask."""
    dog, alarms = watch(time)
    time.advance(19.5)
    dog.enter(Phase.SENDING)
    time.advance(0.6)
    assert alarms == [(20.0, Alarm.COMMIT)]


def test_a_thousand_reads_arm_a_handful_of_timers(time: FakeTime) -> None:
    """Never one per chunk: that is what the design is for."""
    dog, _ = watch(time)
    dog.enter(Phase.SENDING)
    dog.enter(Phase.READING)
    dog.committed = True
    for _ in range(1000):
        time.advance(0.02)
        dog.received = dog.heard = dog.written = time.now
    assert time.armed <= 5
    assert len(time.timers) == 1


def test_stop_is_the_end_and_may_come_twice(time: FakeTime) -> None:
    """No timer is left behind."""
    dog, alarms = watch(time)
    dog.enter(Phase.SENDING)
    dog.stop()
    dog.stop()
    time.advance(1000)
    assert (alarms, time.timers) == ([], [])


def test_an_alarm_may_stop_the_watchdog(time: FakeTime) -> None:
    """The exchange does just that."""
    dog = Watchdog(DELAYS, lambda: time.now, lambda _: dog.stop(), streaming=True)
    dog.enter(Phase.SENDING)
    time.advance(20)
    assert time.timers == []


def test_patience_is_told_for_the_message() -> None:
    """The error says how long was waited."""
    dog = Watchdog(DELAYS, lambda: 0.0, lambda _: None, streaming=True)
    dog.use(Delays(idle_s=7.0))
    assert (dog.patience(Alarm.IDLE), dog.patience(Alarm.FIRST_BYTE)) == (7.0, 290.0)
