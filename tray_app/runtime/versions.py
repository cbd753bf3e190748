"""Refuses the one pair of Python and PySide6 that destroys the process: 6.12 and later on Python 3.11.

There every void call of Qt takes a reference to None too many; after some thousand of them the interpreter aborts without
a word. Looks at installed metadata only: importing PySide6 to ask it would already be too late to say something kind.
"""

from __future__ import annotations

import importlib.metadata
import sys
from typing import Final

FIRST_GOOD_PYTHON: Final = (3, 12)
FIRST_BAD_QT: Final = (6, 12)
DISTRIBUTION: Final = "PySide6-Essentials"


def broken_pair() -> str | None:
    """What to tell the person if this Python and this PySide6 cannot work together; None if they can."""
    try:
        qt = importlib.metadata.version(DISTRIBUTION)
    except importlib.metadata.PackageNotFoundError:
        return None  # a frozen application, or Qt from somewhere else: nothing is known
    return problem_of(sys.version_info[:2], qt)


def problem_of(python: tuple[int, int], qt: str) -> str | None:
    """The same for given versions, for example ``problem_of((3, 11), "6.12.0")``."""
    if python >= FIRST_GOOD_PYTHON or tuple(int(part) for part in qt.split(".")[:2]) < FIRST_BAD_QT:
        return None
    return (
        f"PySide6 {qt} crashes on Python {python[0]}.{python[1]}. "
        f'Install an older one ("{DISTRIBUTION}<6.12") or use Python 3.12 or newer.'
    )
