"""`dragoman doctor`: what Dragoman finds on this machine, in a dozen lines that can be pasted into a report.

Reads and prints; changes nothing and shows no secret.
"""

from __future__ import annotations

import asyncio
import platform
import sys
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version

from tray_app import __version__
from tray_app.desktop.paths import DirectoryError, paths
from tray_app.profiles.secrets import SecretStore
from tray_app.profiles.store import ProfileStore
from tray_app.proxy.endpoint.ports import owner_of
from tray_app.proxy.endpoint.settings import DEFAULT_PORT
from tray_app.serve_options import PROFILES_FILE

_PACKAGES = ("aiohttp", "aiohttp-socks", "keyring", "msgspec", "PySide6-Essentials", "qasync", "uvloop")
_DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "XDG_CURRENT_DESKTOP")


def examine(environ: Mapping[str, str]) -> int:
    """Print the findings; returns the exit status, 0."""
    for line in findings(environ):
        sys.stdout.write(f"{line}\n")
    return 0


def findings(environ: Mapping[str, str]) -> Iterator[str]:
    """One line per finding."""
    yield f"dragoman {__version__}, Python {platform.python_version()}, {platform.platform()}"
    for package in _PACKAGES:
        yield f"{package}: {_version(package)}"
    yield "display: " + (", ".join(f"{key}={environ[key]}" for key in _DISPLAYS if environ.get(key)) or "none")
    yield from _files(environ)
    status = asyncio.run(SecretStore().status())
    yield f"keyring: {status.backend}, {'usable' if status.usable else status.problem}"
    yield f"port {DEFAULT_PORT}: {owner_of(DEFAULT_PORT) or 'not in use, or the system does not tell'}"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _files(environ: Mapping[str, str]) -> Iterator[str]:
    try:
        found = paths(environ)
    except DirectoryError as error:
        yield f"directories: {error}"
        return
    yield f"directories: config {found.config}, data {found.data}, state {found.state}"
    stored = ProfileStore(found.config / PROFILES_FILE).load()
    yield f"profiles: {len(stored.profiles)}, active {stored.active_id}"
    yield from (f"profiles: {problem}" for problem in stored.problems)
