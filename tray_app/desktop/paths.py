"""Where Dragoman keeps its files: one frozen `Paths` value, worked out from the platform's conventions.

`DRAGOMAN_HOME` moves every directory under one folder (portable use, tests). Nothing is created at import or by
`paths()`; the composition root calls `Paths.create()` and shows its `DirectoryError`. No Qt here: `dragoman serve`
needs it too.
"""

from __future__ import annotations

import errno
import os
import warnings
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Final

import platformdirs

HOME_VARIABLE: Final = "DRAGOMAN_HOME"
APP_DIRECTORY: Final = "dragoman"
PRIVATE: Final = 0o700  # several users of one machine do not see each other


class DirectoryError(Exception):
    """A directory cannot be made or written; the message names it and says what to do. Nothing was changed."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(f"{path}: {problem}. Make it writable, or set {HOME_VARIABLE} to a folder that is.")
        self.path = path


@dataclass(frozen=True, slots=True)
class Paths:
    """The five directories; some platforms give several of them the same place, so file names never clash."""

    config: Path  # profiles, settings
    data: Path  # the usage ledger, the journal of client edits
    state: Path  # logs, lock files
    cache: Path  # what may be deleted at any time
    runtime: Path  # sockets of this login session

    def create(self) -> Paths:
        """Make every directory, private to the user; returns itself.

        Raises:
            DirectoryError: one of them cannot be made, entered or written.
        """
        for directory in astuple(self):
            private_directory(directory)
        return self


def paths(environ: Mapping[str, str]) -> Paths:
    """The directories for this user. An empty `DRAGOMAN_HOME` counts as unset, `~` is expanded.

    Raises:
        DirectoryError: the only place for sockets belongs to somebody else.
    """
    home = environ.get(HOME_VARIABLE, "")
    return _under(Path(home).expanduser().absolute()) if home else _of_platform()


def _under(home: Path) -> Paths:
    return Paths(*(home / name for name in Paths.__slots__))


def _of_platform() -> Paths:
    # appauthor=False: Windows would otherwise nest the folder as dragoman\dragoman.
    dirs = platformdirs.PlatformDirs(APP_DIRECTORY, appauthor=False)
    return Paths(
        config=dirs.user_config_path,
        data=dirs.user_data_path,
        state=dirs.user_state_path,
        cache=dirs.user_cache_path,
        runtime=_runtime(dirs),
    )


def _runtime(dirs: platformdirs.PlatformDirsABC) -> Path:
    # Without a login session (cron, su, containers) platformdirs warns and falls back to a checked private place: fine.
    try:
        with warnings.catch_warnings(action="ignore"):
            return dirs.user_runtime_path
    except OSError as error:
        raise DirectoryError(Path(error.filename or "runtime directory"), error.strerror or str(error)) from error


def private_directory(path: Path) -> Path:
    """Make `path` and its missing parents with mode 0700 and tighten it if it is wider; returns it.

    Raises:
        DirectoryError: it cannot be made or tightened (so also: it belongs to somebody else), or is not writable.
    """
    try:
        _make(path)
        if path.stat().st_mode & 0o077:
            path.chmod(PRIVATE)
    except OSError as error:
        raise DirectoryError(path, error.strerror or str(error)) from error
    if not os.access(path, os.W_OK | os.X_OK, effective_ids=os.access in os.supports_effective_ids):
        raise DirectoryError(path, os.strerror(errno.EACCES))
    return path


def _make(path: Path) -> None:
    # Path.mkdir(parents=True) gives the parents the default mode; the XDG specification wants 0700 for them as well.
    missing = [directory for directory in (path, *path.parents) if not directory.exists()]
    for directory in reversed(missing):
        directory.mkdir(mode=PRIVATE, exist_ok=True)
    if not path.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(path))
