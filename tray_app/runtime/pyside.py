"""What PySide6 does to the process when it is imported, undone where it costs us something.

PySide6 replaces Python's `import` by one that reads the source text of every module imported from then on, to find out
whether it uses PySide's optional `__feature__` spelling, and keeps those texts for ever: 8 MB and a fifth of the time to
start. Nothing here uses that spelling. Counterpart: `app.py`, which calls this between Qt and everything else.
"""

from __future__ import annotations

import builtins
import linecache
from typing import Final

ORIGINAL: Final = "__orig_import__"  # where PySide6 keeps what it replaced


def restore_import() -> None:
    """Give Python its own `import` back and let go of the texts read so far. Nothing happens where it was not replaced."""
    original = getattr(builtins, ORIGINAL, None)
    if original is not None:
        builtins.__import__ = original
    linecache.clearcache()
