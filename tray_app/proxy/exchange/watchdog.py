"""One watchdog per exchange: a single loop timer that looks at timestamps, instead of a timer per read or write.

The pump stamps what happened (`received`, `heard`, `written`), which costs an assignment; the timer is set when the exchange
begins, for a first look after the shortest of all delays, and again when it fires, or when a phase begins whose first
deadline is nearer. Never per chunk: on a Qt loop 15,000 tokens would leave 15,000 cancelled timers behind. An answer that
is complete before the first look has cost one timer and no deadline was worked out.

Phases: SENDING until the upstream's status line, READING its body, FINISHING when only the usage is missing.
The table says what may fall due in each, counted from which stamp. COMMIT counts while the client streams and has no byte
yet; PING once it has; the others end the exchange.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from enum import StrEnum
from functools import cached_property
from math import inf
from typing import Final, NamedTuple

import msgspec

_SOONEST_S: Final = 0.001  # a loop's clock may be a hair behind ours: never re-arm for "now"


class Phase(StrEnum):
    """Where an exchange is, as far as time is concerned."""

    SENDING = "sending"
    READING = "reading"
    FINISHING = "finishing"


class Alarm(StrEnum):
    """What may fall due."""

    COMMIT = "commit"
    PING = "ping"
    FIRST_BYTE = "first_byte"
    IDLE = "idle"
    SILENCE = "silence"
    USAGE = "usage"


class Rule(NamedTuple):
    """`alarm` falls due `after` (a field of `Delays`) seconds since a stamp (an attribute of `Watchdog`)."""

    alarm: Alarm
    since: str
    after: str


_PING: Final = Rule(Alarm.PING, "written", "ping_s")
_RULES: Final[dict[Phase, tuple[Rule, ...]]] = {
    Phase.SENDING: (
        Rule(Alarm.COMMIT, "began", "commit_unanswered_s"),
        Rule(Alarm.FIRST_BYTE, "sent", "first_byte_s"),
        _PING,
    ),
    Phase.READING: (
        Rule(Alarm.COMMIT, "answered", "commit_answered_s"),
        Rule(Alarm.IDLE, "received", "idle_s"),
        Rule(Alarm.SILENCE, "heard", "silence_s"),
        _PING,
    ),
    Phase.FINISHING: (Rule(Alarm.USAGE, "received", "usage_s"), _PING),
}


class Delays(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """Seconds until each alarm.

    `commit_unanswered_s`: an HTTP status is worth waiting for, since SDKs retry on it and not on an `error` event, and
    Claude Code waits 360 s for headers; but a person who sees nothing for longer than this thinks it hangs (D15).
    `commit_answered_s`: after a 2xx only a first-chunk error could still become a status; hardly worth a wait (R-COM-2).
    `ping_s`: well under the 300 s of silence after which Claude Code gives up (R-LIV-1).
    `usage_s`: R-STM-14.
    """

    commit_unanswered_s: float = 20.0
    commit_answered_s: float = 3.0
    ping_s: float = 10.0
    usage_s: float = 1.0
    first_byte_s: float = 290.0
    idle_s: float = 300.0
    silence_s: float = 570.0

    @cached_property
    def shortest(self) -> float:
        """Nothing falls due sooner after its stamp."""
        found: float = min(msgspec.structs.astuple(self))
        return found


class Watchdog:
    """The clockwork of one exchange. Stamps are plain attributes; `streaming` and `committed` switch COMMIT and PING.

    `act` is called with the alarm that fell due, from the loop; after COMMIT and PING the watch goes on, after any other
    alarm it is over.
    """

    __slots__ = (
        "_act", "_armed_for", "_clock", "_delays", "_phase", "_timer", "answered", "began", "committed", "heard",
        "received", "sent", "streaming", "written",
    )  # fmt: skip

    def __init__(
        self, delays: Delays, clock: Callable[[], float], act: Callable[[Alarm], None], *, streaming: bool
    ) -> None:
        self._delays = delays
        self._clock = clock
        self._act = act
        self._phase: Phase | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._armed_for = 0.0
        self.streaming = streaming
        self.committed = False
        self.began = self.sent = self.answered = self.received = self.heard = self.written = clock()

    def use(self, delays: Delays) -> None:
        """Take over other delays; they count from the next phase on."""
        self._delays = delays

    def patience(self, alarm: Alarm) -> float:
        """Seconds after which `alarm` falls due."""
        after = next(rule.after for rules in _RULES.values() for rule in rules if rule.alarm is alarm)
        return float(getattr(self._delays, after))

    def enter(self, phase: Phase) -> None:
        """Begin a phase: its stamps are now."""
        now = self._clock()
        self._phase = phase
        if phase is Phase.SENDING:
            self.sent = now
        elif phase is Phase.READING:
            self.answered = self.received = self.heard = now
        shortest = self._delays.shortest
        if self._timer is None:
            self._set(self.began + shortest, now)
        elif self._armed_for > now + shortest:
            self._arm()

    def stop(self) -> None:
        """Watch no more. Idempotent."""
        self._phase = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _next(self, phase: Phase) -> tuple[float, Alarm]:
        """What falls due first, and when; every phase has an alarm that always counts."""
        first = (inf, Alarm.IDLE)
        for alarm, since, after in _RULES[phase]:
            if alarm is Alarm.COMMIT and (self.committed or not self.streaming):
                continue
            if alarm is Alarm.PING and not self.committed:
                continue
            due = getattr(self, since) + getattr(self._delays, after)
            if due < first[0]:
                first = (due, alarm)
        return first

    def _arm(self) -> None:
        if self._phase is None:
            return
        due, _ = self._next(self._phase)
        if self._timer is not None:
            if due >= self._armed_for:
                return  # it fires early and looks again
            self._timer.cancel()
        self._set(due, self._clock())

    def _set(self, due: float, now: float) -> None:
        self._armed_for = due
        self._timer = asyncio.get_running_loop().call_later(max(due - now, _SOONEST_S), self._fire)

    def _fire(self) -> None:
        self._timer = None
        if self._phase is None:
            return
        due, alarm = self._next(self._phase)
        if due <= self._clock():
            self._fall_due(alarm)
        self._arm()

    def _fall_due(self, alarm: Alarm) -> None:
        if alarm is Alarm.COMMIT:
            self.committed = True
            self.written = self._clock()
        elif alarm is Alarm.PING:
            self.written = self._clock()
        else:
            self._phase = None
        self._act(alarm)
