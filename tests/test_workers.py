"""Forked workers under a supervisor in a process of its own: begun, replaced, ended. integration/test_workers.py has a proxy."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from helpers.waiting import until
from tray_app.workers import FIRST_PAUSE_S, LONGEST_PAUSE_S, YOUNG_S, pause_after

pytestmark = pytest.mark.only_on("linux")

ROOT = Path(__file__).resolve().parents[1]
# Works until it is told to stop or its parent is gone; what else it does is the text given to it.
PROGRAM = """
import logging, os, select, signal, sys
from tray_app import workers
logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(message)s")
workers.FIRST_PAUSE_S, workers.PATIENCE_S = 0.01, float(sys.argv[2])
def say(word):
    os.write(1, f"{word} {os.getpid()}\\n".encode())
def work(link):
    if sys.argv[3].isdigit():
        say("tried")
        return int(sys.argv[3])
    exec(sys.argv[3])
    stopped = []
    heard, rope = os.pipe()
    os.set_blocking(rope, False)
    signal.set_wakeup_fd(rope)
    signal.signal(signal.SIGTERM, lambda *_: stopped.append(1))
    link.ready()
    say("working")
    select.select([heard, link.parent_fd], [], [])
    say("done" if stopped else "orphaned")
    return 0
sys.exit(workers.supervise(int(sys.argv[1]), work, lambda: say("started")))
"""
Start = Callable[..., "Team"]


class Team:
    """The program, and what it has said so far."""

    def __init__(self, log: Path, count: int, extra: str, patience_s: float) -> None:
        self._log = log
        with log.open("wb") as out, (log.parent / "errors").open("wb") as errors:
            command = [sys.executable, "-c", PROGRAM, str(count), str(patience_s), extra]
            self.process = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=errors, env=os.environ)

    @property
    def errors(self) -> str:
        return (self._log.parent / "errors").read_text()

    def said(self, word: str) -> list[int]:
        """The processes that said it."""
        pairs = [line.split() for line in self._log.read_text().splitlines()]
        return [int(pid) for said, pid in pairs if said == word]

    def working(self, count: int) -> list[int]:
        """The processes that have begun, once there are so many."""
        return until(lambda: len(self.said("working")) >= count and self.said("working"), f"{count} to begin")


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts the program; it is gone after the test."""
    teams: list[Team] = []

    def begin(count: int, extra: str = "", patience_s: float = 10.0) -> Team:
        teams.append(Team(tmp_path / "said", count, extra, patience_s))
        return teams[-1]

    yield begin
    for team in teams:
        team.process.kill()
        team.process.wait()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_all_work_until_the_parent_is_told_to_stop(start: Start, number: signal.Signals) -> None:
    """Each in a process of its own; each gets to finish what it does; the start is told once."""
    team = start(3)
    pids = team.working(3)
    assert len({*pids, team.process.pid}) == 4
    team.process.send_signal(number)
    assert team.process.wait(15) == 0
    assert sorted(team.said("done")) == sorted(pids)
    assert team.said("started") == [team.process.pid]
    assert team.errors == ""


def test_a_worker_that_dies_is_replaced_and_reported(start: Start) -> None:
    """The others go on meanwhile."""
    team = start(2)
    pids = team.working(2)
    os.kill(pids[1], signal.SIGKILL)
    third = team.working(3)[2]
    assert "worker 2 was ended by SIGKILL; another one begins in 0.01 s" in team.errors
    team.process.terminate()
    assert team.process.wait(15) == 0
    assert sorted(team.said("done")) == sorted([pids[0], third])


def test_a_first_worker_that_cannot_begin_ends_it_all(start: Start) -> None:
    """With its exit status; what is wrong is said once, not once for each of them."""
    team = start(4, "2")
    assert team.process.wait(15) == 2
    assert len(team.said("tried")) == 1
    assert team.said("started") == []


def test_an_error_at_work_is_said(start: Start) -> None:
    """With its traceback, and counts as a failure."""
    team = start(2, "raise ValueError('no such thing')")
    assert team.process.wait(15) == 1
    assert "ValueError: no such thing" in team.errors


def test_workers_notice_that_their_parent_is_gone(start: Start) -> None:
    """However it went."""
    team = start(2)
    pids = team.working(2)
    team.process.kill()
    assert sorted(until(lambda: len(team.said("orphaned")) == 2 and team.said("orphaned"), "both to notice")) == sorted(
        pids
    )


def test_a_worker_that_does_not_end_is_killed(start: Start) -> None:
    """After some patience."""
    team = start(
        1,
        "link.ready(); signal.signal(15, signal.SIG_IGN); say('working'); [signal.pause() for _ in iter(int, 1)]",
        0.2,
    )
    pids = team.working(1)
    team.process.terminate()
    assert team.process.wait(15) == 0
    with pytest.raises(ProcessLookupError):
        os.kill(pids[0], 0)


def test_the_pause_grows_while_workers_die_young() -> None:
    """And begins anew after one that lived."""
    assert pause_after(1.0, 0.0) == FIRST_PAUSE_S
    assert pause_after(1.0, 4.0) == 8.0
    assert pause_after(1.0, LONGEST_PAUSE_S) == LONGEST_PAUSE_S
    assert pause_after(YOUNG_S, 8.0) == FIRST_PAUSE_S
