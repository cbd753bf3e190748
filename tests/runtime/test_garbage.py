"""The garbage collector's pace."""

from __future__ import annotations

import gc
import platform
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from tray_app.runtime.garbage import NEW_CONTAINERS, collect_if_due, on_this_thread, settle, tidy


@pytest.fixture
def _restored() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


@pytest.mark.usefixtures("_restored")
def test_what_exists_is_left_alone_and_new_cycles_are_still_found() -> None:
    """A cycle made afterwards is collected; the objects of the start are not searched."""
    old = [[]]
    settle()
    assert gc.get_freeze_count() > 0
    assert gc.get_threshold()[0] == NEW_CONTAINERS
    assert not any(each is old for each in gc.get_objects())
    new: list[object] = []
    new.append(new)
    del new
    assert gc.collect() >= 1


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's allocator")
@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="glibc's allocator")
def test_freed_memory_is_kept_until_tidying() -> None:
    """What a request of megabytes has freed serves the next one: the system need not provide its pages again."""
    script = """
import resource
from tray_app.runtime.garbage import settle, tidy

def pages_of_a_request():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    bodies = [bytearray(1 << 20) for _ in range(4)]
    del bodies
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

settle()
first, again = pages_of_a_request(), pages_of_a_request()
tidy()
print(first, again, pages_of_a_request(), (4 << 20) // resource.getpagesize())
"""
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=30)
    first, again, after_tidying, pages = map(int, told.stdout.split())
    assert first >= pages * 0.9
    assert again < pages / 10
    assert after_tidying >= pages / 2


def test_tidying_finds_the_cycles() -> None:
    """And asks the system's allocator to give back what is free, where it can be asked."""
    before = gc.get_count()[0]
    cycles: list[list[object]] = [[] for _ in range(100)]
    for cycle in cycles:
        cycle.append(cycle)
    del cycles, cycle
    tidy()
    assert gc.get_count()[0] < max(before, 100)


def _make_cycles(count: int) -> None:
    for _ in range(count):
        cycle: list[object] = []
        cycle.append(cycle)


@pytest.mark.parametrize(
    ("counts", "generation"),
    [
        ((NEW_CONTAINERS, 50, 50), None),
        ((NEW_CONTAINERS + 1, 9, 50), 0),
        ((NEW_CONTAINERS + 1, 10, 9), 1),
        ((NEW_CONTAINERS + 1, 10, 10), 2),
    ],
)
def test_a_look_is_due_when_python_would_have_looked(
    monkeypatch: pytest.MonkeyPatch, counts: tuple[int, int, int], generation: int | None
) -> None:
    """Nothing before there are enough new containers; then the newest, and every tenth time one generation further back."""
    looks: list[int] = []
    monkeypatch.setattr(gc, "get_count", lambda: counts)
    monkeypatch.setattr(gc, "collect", looks.append)
    collect_if_due()
    assert looks == ([] if generation is None else [generation])


def test_only_this_thread_collects() -> None:
    """However much another thread makes; afterwards everything is as it was."""
    looks: list[str] = []

    def note(phase: str, info: object) -> None:
        looks.append(threading.current_thread().name)

    busy = threading.Thread(target=_make_cycles, args=(3 * NEW_CONTAINERS,), name="busy")
    gc.callbacks.append(note)
    before = gc.isenabled()
    try:
        with on_this_thread():
            busy.start()
            busy.join()
            assert looks == []
            collect_if_due()
            assert looks == [threading.current_thread().name] * 2
    finally:
        gc.callbacks.remove(note)
    assert gc.isenabled() is before
