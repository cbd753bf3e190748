"""Counting wake-ups, and programs that do not do as they should."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from helpers.waiting import until
from performance.processes import BenchError, Child, wakes

pytestmark = pytest.mark.only_on("linux")


def test_wakes_are_counted_per_thread() -> None:
    """A thread that ended takes nothing away, a new one counts."""
    assert wakes({"1": 5, "2": 100}, {"1": 7, "3": 1}) == 3


def test_a_program_that_ends_is_an_error_with_its_words(tmp_path: Path) -> None:
    """Not a wait for ever."""
    child = Child([sys.executable, "-c", "import sys; sys.exit('no such thing')"], {}, tmp_path / "log", None)
    try:
        with pytest.raises(BenchError, match="no such thing"):
            _ = child.port
    finally:
        child.stop()


def test_a_child_is_watched(tmp_path: Path) -> None:
    """Its port, its clock, its memory, its sleep."""
    program = "import sys; print('port 4711', flush=True); sys.stdin.read()"
    child = Child([sys.executable, "-c", program], {}, tmp_path / "log", None)
    try:
        assert child.port == 4711
        assert child.cpu_s() > 0
        assert 1 < child.memory_mb() < 500
        until(lambda: wakes({}, child.switches()), "the program to go to sleep")
    finally:
        child.stop()
    assert child.process.returncode is not None
