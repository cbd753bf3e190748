"""The garbage collector's pace."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from tray_app.runtime.garbage import NEW_CONTAINERS, settle, tidy


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


def test_tidying_finds_the_cycles() -> None:
    """And asks the system's allocator to give back what is free, where it can be asked."""
    before = gc.get_count()[0]
    cycles: list[list[object]] = [[] for _ in range(100)]
    for cycle in cycles:
        cycle.append(cycle)
    del cycles, cycle
    tidy()
    assert gc.get_count()[0] < max(before, 100)
