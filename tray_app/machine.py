"""What Dragoman runs on, in lines for a report: versions and the variables that tell which desktop it is. No secret is read."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Final

from tray_app import __version__

PACKAGES: Final = ("aiohttp", "aiohttp-socks", "keyring", "msgspec", "PySide6-Essentials", "qasync", "uvloop")
DISPLAYS: Final = ("DISPLAY", "WAYLAND_DISPLAY", "XDG_CURRENT_DESKTOP", "XDG_SESSION_TYPE", "QT_QPA_PLATFORM", "LANG")


def facts(environ: Mapping[str, str]) -> Iterator[str]:
    """One line per fact."""
    yield f"dragoman {__version__}, Python {platform.python_version()}, {platform.platform()}"
    for package in PACKAGES:
        yield f"{package}: {_version(package)}"
    yield "display: " + (", ".join(f"{key}={environ[key]}" for key in DISPLAYS if environ.get(key)) or "none")


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
