"""How often Python looks for cycles of garbage: less often, and never again among what the start left behind.

The defaults suit scripts. A proxy makes some hundred containers per request, nearly all freed by their counts alone, and
has a few hundred thousand that live as long as the process: an eighth of the time of a small request went into looking at
them. Counterparts: the two roots, which call `settle` once everything is built, and whoever notices that it has become quiet
and calls `tidy`.
"""

from __future__ import annotations

import gc
import sys
from typing import Final

# New containers between two looks at the newest: a look costs about a millisecond then, too short to be seen.
NEW_CONTAINERS: Final = 10_000


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
