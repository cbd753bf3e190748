"""When Python looks for cycles of garbage, how often and on which thread, and what becomes of memory that was freed.

The defaults suit scripts. A proxy makes some hundred containers per request, nearly all freed by their counts alone, and
has a few hundred thousand that live as long as the process: an eighth of the time of a small request went into looking at
them. And Python collects on whichever thread happens to make a container: a timer of Qt that dies on the thread of the
ledger stays in Qt's list, and the process crashes when it is due. Counterparts: `loop.py`, which collects between two
turns, the two roots, which call `settle` once everything is built, and whoever notices that it has become quiet and calls
`tidy`.

Nor does glibc suit: what is free at the end of its heap it gives back at once, and for the next request the system has to
provide it again, page by page. That was a quarter of what a request of a megabyte cost.
"""

from __future__ import annotations

import contextlib
import gc
import sys
from collections.abc import Callable, Iterator
from typing import Final

# New containers between two looks at the newest: more than a request of a megabyte has, and a look still takes only a
# millisecond or two.
NEW_CONTAINERS: Final = 40_000
LOOKS_PER_OLDER_LOOK: Final = 10  # Python's own figure: every tenth look goes one generation further back
# What glibc is told, by the numbers of its malloc.h (mallopt(3)), in bytes.
_MALLOC_OPTIONS: Final = {
    -1: 16 << 20,  # M_TRIM_THRESHOLD: so much may stay free at the end of the heap, until `tidy`
    -3: 8 << 20,  # M_MMAP_THRESHOLD: larger blocks get pages of their own, which go back when they are freed
}


@contextlib.contextmanager
def on_this_thread() -> Iterator[None]:
    """Within: no thread collects by itself, so that objects of Qt die on this one; `collect_if_due` is called instead."""
    automatic = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if automatic:
            gc.enable()


def collect_if_due() -> None:
    """Collect what Python would have collected by itself by now. Costs a tenth of a microsecond when nothing is due."""
    newest, young, old = gc.get_count()
    if newest > NEW_CONTAINERS:
        gc.collect(0 if young < LOOKS_PER_OLDER_LOOK else 1 if old < LOOKS_PER_OLDER_LOOK else 2)


def settle() -> None:
    """Take everything that exists out of the search, search less often from now on, and keep freed memory at hand."""
    gc.freeze()
    _, *older = gc.get_threshold()
    gc.set_threshold(NEW_CONTAINERS, *older)
    mallopt = _allocator("mallopt")
    if mallopt is not None:
        for option, size in _MALLOC_OPTIONS.items():
            mallopt(option, size)


def tidy() -> None:
    """Collect what is garbage and give free memory back to the system: some milliseconds, for a moment when nobody waits."""
    gc.collect()
    trim = _allocator("malloc_trim")
    if trim is not None:
        trim(0)


def _allocator(function: str) -> Callable[..., int] | None:
    """A function of glibc's allocator; other systems' have none, and give memory back by themselves."""
    if sys.platform != "linux":
        return None
    import ctypes

    found: Callable[..., int] | None = getattr(ctypes.CDLL(None), function, None)
    return found
