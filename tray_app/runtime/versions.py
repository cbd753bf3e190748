"""Refuses the one pair of Python and PySide6 that destroys the process: 6.12 and later on Python 3.11.

There every void call of Qt takes a reference to None too many; after some thousand of them the interpreter aborts without
a word. Looks at the names of installed packages only: importing PySide6 to ask it would already be too late to say
something kind, and importing Python's reader of metadata would delay the icon.
"""

from __future__ import annotations

import sys
from importlib.machinery import PathFinder
from pathlib import Path
from typing import Final

FIRST_GOOD_PYTHON: Final = (3, 12)
FIRST_BAD_QT: Final = (6, 12)
DISTRIBUTION: Final = "PySide6-Essentials"
METADATA: Final = "[Pp]y[Ss]ide6_[Ee]ssentials-*.dist-info"  # both spellings are about


def broken_pair() -> str | None:
    """What to tell the person if this Python and this PySide6 cannot work together; None if they can."""
    qt = installed_qt(sys.path)
    return problem_of(sys.version_info[:2], qt) if qt else None


def installed_qt(path: list[str]) -> str | None:
    """The version of PySide6 that an import would find on `path`; None in a frozen application, or if Qt comes elsewhere from."""
    spec = PathFinder.find_spec("PySide6", path)
    if spec is None or spec.origin is None:
        return None
    folder = next(Path(spec.origin).parent.parent.glob(METADATA), None)
    return folder.name.removesuffix(".dist-info").partition("-")[2] if folder else None


def problem_of(python: tuple[int, int], qt: str) -> str | None:
    """The same for given versions, for example ``problem_of((3, 11), "6.12.0")``."""
    if python >= FIRST_GOOD_PYTHON or tuple(int(part) for part in qt.split(".")[:2]) < FIRST_BAD_QT:
        return None
    return (
        f"PySide6 {qt} crashes on Python {python[0]}.{python[1]}. "
        f'Install an older one ("{DISTRIBUTION}<6.12") or use Python 3.12 or newer.'
    )
