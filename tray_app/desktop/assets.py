"""Finds the files under `resources/`, wherever the program runs from: a checkout, an installed wheel, a frozen application.

It only answers with paths; who reads them and how is the caller's business.
"""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from typing import Final

_PACKAGE: Final = Path(__file__).resolve().parent.parent


def candidates(package: Path, frozen_root: str | None) -> tuple[Path, ...]:
    """Where `resources` may lie, the likeliest first: beside a frozen program, inside the wheel, above the checkout."""
    frozen = (Path(frozen_root) / "resources",) if frozen_root else ()
    return (*frozen, package / "resources", package.parent / "resources")


@cache
def resources() -> Path:
    """The folder itself.

    Raises:
        FileNotFoundError: the installation is incomplete; the message lists the places looked at.
    """
    places = candidates(_PACKAGE, getattr(sys, "_MEIPASS", None))
    for place in places:
        if (place / "icons").is_dir():
            return place
    raise FileNotFoundError("no resources folder at " + ", ".join(map(str, places)))


def icon_path(name: str) -> Path:
    """The SVG called `name` (without its ending)."""
    return resources() / "icons" / f"{name}.svg"


def translations() -> Path:
    """The folder of the compiled translations."""
    return resources() / "i18n"
