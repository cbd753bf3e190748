"""`dragoman doctor`: what Dragoman finds on this machine, in a dozen lines that can be pasted into a report.

Reads and prints; changes nothing and shows no secret.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator, Mapping

from tray_app import machine
from tray_app.desktop.paths import DirectoryError, paths
from tray_app.profiles.secrets import SecretStore
from tray_app.profiles.store import ProfileStore
from tray_app.proxy.endpoint.ports import owner_of
from tray_app.proxy.endpoint.settings import DEFAULT_PORT
from tray_app.serve_options import PROFILES_FILE


def examine(environ: Mapping[str, str]) -> int:
    """Print the findings; returns the exit status, 0."""
    for line in findings(environ):
        sys.stdout.write(f"{line}\n")
    return 0


def findings(environ: Mapping[str, str]) -> Iterator[str]:
    """One line per finding."""
    yield from machine.facts(environ)
    yield from _files(environ)
    status = asyncio.run(SecretStore().status())
    yield f"keyring: {status.backend}, {'usable' if status.usable else status.problem}"
    yield f"port {DEFAULT_PORT}: {owner_of(DEFAULT_PORT) or 'not in use, or the system does not tell'}"


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
