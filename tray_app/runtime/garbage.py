"""When Python looks for cycles of garbage, how often, and on which thread.

The defaults suit scripts. A proxy makes some hundred containers per request, nearly all freed by their counts alone, and
has a few hundred thousand that live as long as the process: an eighth of the time of a small request went into looking at
them. And Python collects on whichever thread happens to make a container: a timer of Qt that dies on the thread of the
ledger stays in Qt's list, and the process crashes when it is due. Counterparts: `loop.py`, which collects between two
turns, the two roots, which call `settle` once everything is built, and whoever notices that it has become quiet and calls
`tidy`.
"""

from __future__ import annotations

import contextlib
import gc
import sys
from collections.abc import Iterator
from typing import Final

# New containers between two looks at the newest: more than a request of a megabyte has, and a look still takes only a
# millisecond or two.
NEW_CONTAINERS: Final = 40_000
LOOKS_PER_OLDER_LOOK: Final = 10  # Python's own figure: every tenth look goes one generation further back


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
    """Take everything that exists out of the search, and search less often from now on."""
    gc.freeze()
    _, *older = gc.get_threshold()
    gc.set_threshold(NEW_CONTAINERS, *older)


def tidy() -> None:
    """Collect what is garbage and give free memory back to the system: some milliseconds, for a moment when nobody waits."""
    gc.collect()
    if sys.platform == "linux":
        import ctypes

        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc's; others give memory back by themselves
        if trim is not None:
            trim(0)
