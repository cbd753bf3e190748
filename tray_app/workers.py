"""Several processes that do the same work: forked one after the other, watched, replaced when they die, ended together.

The parent does nothing else: it has no thread and no event loop, so that forking is safe and whatever was imported before is
shared memory. A worker tells through one pipe that it has begun, and learns through another that its parent is gone. What
the work is, is handed in. Unix only. Counterpart: `serve.py`.
"""

from __future__ import annotations

import logging
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import FrameType, TracebackType
from typing import Final, NoReturn, Self

FAILED: Final = 1
STOP: Final = (signal.SIGTERM, signal.SIGINT)
FIRST_PAUSE_S: Final = 0.5  # before a dead worker is replaced; doubled each time one dies young
LONGEST_PAUSE_S: Final = 30.0
YOUNG_S: Final = 60.0
PATIENCE_S: Final = 10.0  # the drain takes five seconds, its last words one more; who is not gone then is killed

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Link:
    """A worker's ends of the two pipes; `parent_fd` becomes readable when the parent is gone."""

    parent_fd: int
    ready_fd: int

    def ready(self) -> None:
        """Tell the parent that the work has begun. To be called once."""
        os.write(self.ready_fd, b"+")
        os.close(self.ready_fd)


Work = Callable[[Link], int]  # returns an exit status


@dataclass(slots=True)
class Place:
    """A place at work and the process in it: `pid` is 0 while nobody is, `due` the monotonic time when somebody shall be."""

    number: int
    pid: int = 0
    ready_fd: int = -1
    working: bool = False
    began: float = 0.0
    pause_s: float = 0.0
    due: float = 0.0


def supervise(count: int, work: Work, started: Callable[[], None]) -> int:
    """Keep `count` processes at work until SIGTERM or SIGINT, which they get too; returns the exit status.

    `started` is called when the first has begun. If that one ends before, nobody else is tried and its status is returned.
    """
    with _Bell() as bell:
        team = _Team(work, bell)
        status = team.start_first()
        if status is None and not bell.stop:
            started()
            team.keep_up(count)
        team.end()
    return status or 0


def pause_after(lived_s: float, last_pause_s: float) -> float:
    """Seconds to wait before a worker that lived so long is replaced."""
    if lived_s >= YOUNG_S or not last_pause_s:
        return FIRST_PAUSE_S
    return min(2 * last_pause_s, LONGEST_PAUSE_S)


class _Team:
    """The places and what happens at them."""

    def __init__(self, work: Work, bell: _Bell) -> None:
        self._work = work
        self._bell = bell
        self._places: list[Place] = []
        self._life = os.pipe()  # its writing end is the parent's alone, so that it closes when the parent dies

    def start_first(self) -> int | None:
        """None once the first has begun or a stop was asked for; its exit status if it ended instead."""
        first = Place(1)
        self._places.append(first)
        self._fill(first)
        status = None
        while not (first.working or self._bell.stop) and status is None:
            self._wait()
            status = self._reap().get(1)
        return None if status is None else status if status > 0 else FAILED

    def keep_up(self, count: int) -> None:
        """Have every place filled until a stop is asked for."""
        self._places += [Place(number) for number in range(2, count + 1)]
        while not self._bell.stop:
            for place in self._places:
                if not place.pid and place.due <= time.monotonic():
                    self._fill(place)
            self._wait()
            for number, status in self._reap().items():
                self._plan(self._places[number - 1], status)

    def end(self) -> None:
        """Have all of them finish what they do; kill who does not."""
        self._signal(signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE_S
        while self._processes() and (left := deadline - time.monotonic()) > 0:
            self._bell.wait((), left)
            self._reap()
        self._signal(signal.SIGKILL)
        for pid in self._processes():
            os.waitpid(pid, 0)

    def _fill(self, place: Place) -> None:
        place.ready_fd, ready_fd = os.pipe()
        place.began = time.monotonic()
        place.pid = self._bell.fork()
        if not place.pid:
            os.close(self._life[1])
            self._be(place.number, Link(self._life[0], ready_fd))
        os.close(ready_fd)

    def _be(self, number: int, link: Link) -> NoReturn:
        """A worker's whole life. What the parent has yet to finish is not the worker's to do: no way leads back from here."""
        status = FAILED
        try:
            status = self._work(link)
        except Exception:  # noqa: BLE001 -- said here, for the process is gone afterwards
            _log.exception("worker %d", number)
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)

    def _wait(self) -> None:
        """Until a signal, a word of a worker, or the time to fill a place."""
        due = [place.due for place in self._places if not place.pid]
        left = max(0.0, min(due) - time.monotonic()) if due else None
        waiting = {place.ready_fd: place for place in self._places if place.ready_fd >= 0}
        for fd in self._bell.wait(waiting, left):
            place = waiting[fd]
            place.working = os.read(fd, 1) == b"+"
            os.close(fd)
            place.ready_fd = -1

    def _reap(self) -> dict[int, int]:
        """Numbers of the places that have become empty, with the exit status (below zero: the signal) of who was there."""
        ended = {}
        for place in self._places:
            if place.pid and (found := os.waitpid(place.pid, os.WNOHANG))[0]:
                place.pid, place.working = 0, False
                ended[place.number] = os.waitstatus_to_exitcode(found[1])
        return ended

    def _plan(self, place: Place, status: int) -> None:
        place.pause_s = pause_after(time.monotonic() - place.began, place.pause_s)
        place.due = time.monotonic() + place.pause_s
        how = f"was ended by {signal.Signals(-status).name}" if status < 0 else f"ended with status {status}"
        _log.error("worker %d %s; another one begins in %g s", place.number, how, place.pause_s)

    def _processes(self) -> list[int]:
        return [place.pid for place in self._places if place.pid]

    def _signal(self, number: signal.Signals) -> None:
        for pid in self._processes():
            os.kill(pid, number)  # not reaped yet, so the number is still its own


class _Bell:
    """Rings for signals, within a with block. `stop`: it rang for one that means the end."""

    def __init__(self) -> None:
        self.stop = False
        self._signals = (*STOP, signal.SIGCHLD)
        self._heard, self._rope = socket.socketpair()

    def __enter__(self) -> Self:
        self._heard.setblocking(False)
        self._rope.setblocking(False)
        self._earlier = {number: signal.signal(number, self._ring) for number in self._signals}
        signal.set_wakeup_fd(self._rope.fileno(), warn_on_full_buffer=False)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        signal.set_wakeup_fd(-1)
        for number, handler in self._earlier.items():
            signal.signal(number, handler)
        self._heard.close()
        self._rope.close()

    def _ring(self, number: int, frame: FrameType | None) -> None:
        self.stop = self.stop or number in STOP

    def wait(self, fds: Iterable[int], timeout_s: float | None) -> list[int]:
        """Until a signal, one of the descriptors, or the time; the descriptors that can be read."""
        heard = self._heard.fileno()
        ready, _, _ = select.select([heard, *fds], [], [], timeout_s)
        if heard in ready:
            self._heard.recv(4_096)
        return [fd for fd in ready if fd != heard]

    def fork(self) -> int:
        """As os.fork; the child begins without our ears. No signal is lost in between: its default is to end the child."""
        signal.pthread_sigmask(signal.SIG_BLOCK, self._signals)
        pid = os.fork()
        if not pid:
            signal.set_wakeup_fd(-1)
            for number in self._signals:
                signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, self._signals)
        return pid
