"""How our own small files are read and written: whole, atomically, private, and never over something newer.

One readable JSON object per file, with a schema version and a revision. A damaged file is moved aside and reported; the
last good versions lie beside it. What is inside is the business of `store.py` and `settings.py`.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Generic, TypeVar

import msgspec

from tray_app.profiles.locks import file_lock
from tray_app.profiles.migrations import SCHEMA, NewerSchemaError, check_schema

BACKUPS: Final = 10
MAX_FILE_BYTES: Final = 8 * 1024 * 1024  # a hundred profiles take 100 kB; more is not ours
PRIVATE_FILE: Final = 0o600


class FileError(Exception):
    """A file of ours cannot be read or written; the message names it. What was on disk is as it was."""


class ChangedElsewhereError(FileError):
    """Another process saved first: load again, apply the change to that, save."""


class Envelope(msgspec.Struct, kw_only=True):
    """What every file of ours starts with; subclasses add the content."""

    schema: int = SCHEMA
    revision: int = 0


E = TypeVar("E", bound=Envelope)


def utc_now() -> datetime:
    """The wall clock, in UTC; tests inject their own."""
    return datetime.now(UTC)


class EnvelopeFile(Generic[E]):
    """One file holding one `shape`. No I/O happens before `read` or `write`."""

    def __init__(self, path: Path, shape: type[E], now: Callable[[], datetime] = utc_now) -> None:
        self.path = path
        self._shape = shape
        self._now = now

    def read(self) -> tuple[E, list[str]]:
        """The content and what was wrong with it, in words for the user.

        An absent file is an empty one of revision 0. A damaged one is moved aside and the newest good backup takes its
        place. One that cannot be read, or was written by a newer version, stays untouched and counts as empty; `write`
        will then refuse.
        """
        try:
            return self._on_disk(), []
        except NewerSchemaError as error:
            return self._shape(), [f"{self.path}: {error}"]
        except msgspec.MsgspecError as error:
            return self._recover(str(error))
        except FileError as error:
            return self._shape(), [str(error)]

    def write(self, content: E, *, backup: bool = True) -> E:
        """Replace the file by `content`, whose revision must be that of the file; returns it with the next revision.

        Raises:
            ChangedElsewhereError: the file on disk has another revision.
            FileError: it cannot be written, or what is on disk must not be overwritten.
        """
        try:
            make_directory(self.path.parent)
            with file_lock(self.path):
                self._refuse_overwriting(content.revision)
                return self._replace(content, backup)
        except OSError as error:
            raise FileError(f"{self.path} cannot be written: {error.strerror or error}") from error

    def _on_disk(self) -> E:
        try:
            data = read_bounded(self.path)
        except FileNotFoundError:
            return self._shape()
        except OSError as error:
            raise FileError(f"{self.path} cannot be read: {error.strerror or error}") from error
        return self._decode(data)

    def _decode(self, data: bytes) -> E:
        check_schema(data)
        return msgspec.json.decode(data, type=self._shape)

    def _refuse_overwriting(self, revision: int) -> None:
        try:
            found = self._on_disk().revision
        except (NewerSchemaError, msgspec.MsgspecError) as error:
            raise FileError(f"{self.path} is not overwritten: {error}") from error
        if found not in {0, revision}:
            raise ChangedElsewhereError(f"{self.path} was changed by another program (revision {found})")

    def _replace(self, content: E, backup: bool) -> E:
        saved = msgspec.structs.replace(content, schema=SCHEMA, revision=content.revision + 1)
        data = msgspec.json.format(msgspec.json.encode(saved), indent=2) + b"\n"
        if backup:  # first the copy: if that fails nothing has changed yet
            write_atomic(self._backup_path(saved.revision), data)
            self._prune()
        write_atomic(self.path, data)
        return saved

    def _recover(self, problem: str) -> tuple[E, list[str]]:
        try:
            aside = move_aside(self.path, self._now())
        except OSError as error:
            return self._shape(), [f"{self.path} is damaged ({problem}) and cannot be moved: {error.strerror or error}"]
        report = f"{self.path} is damaged ({problem}); it was moved to {aside.name}"
        for path in reversed(self._backups()):
            try:
                return self._decode(path.read_bytes()), [f"{report} and {path.name} was restored"]
            except (OSError, msgspec.MsgspecError):
                continue  # an older one may still be good; the report names the one that was taken
        return self._shape(), [report]

    def _backup_path(self, revision: int) -> Path:
        return self.path.parent / "backups" / f"{self.path.stem}-{revision:08d}.json"

    def _backups(self) -> list[Path]:
        return sorted((self.path.parent / "backups").glob(f"{self.path.stem}-*.json"))

    def _prune(self) -> None:
        for old in self._backups()[:-BACKUPS]:
            old.unlink(missing_ok=True)


def read_bounded(path: Path) -> bytes:
    """The bytes of `path`.

    Raises:
        FileError: it is larger than any file of ours can be.
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        data = file.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        raise FileError(f"{path} is larger than {MAX_FILE_BYTES} bytes and was not read")
    return data


def make_directory(path: Path) -> None:
    """Make a directory of ours and its parents, private to the user."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)


def write_atomic(path: Path, data: bytes) -> None:
    """Replace `path` by `data` so that a crash leaves the old bytes or the new ones, readable by the user alone.

    A symbolic link is followed: people keep their configuration elsewhere and link to it.

    Raises:
        OSError: it cannot be written; the old file is intact.
    """
    target = Path(os.path.realpath(path))
    make_directory(target.parent)
    # mkstemp makes the file with mode 0600.
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync_directory(target.parent)


def _sync_directory(path: Path) -> None:
    if os.name == "posix":  # pragma: no branch - Windows cannot open a directory; its rename is durable by itself
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def move_aside(path: Path, now: datetime) -> Path:
    """Rename a damaged file to `<stem>.damaged-<UTC time>.json`, never over an earlier one; returns the new path."""
    stamp = now.strftime("%Y%m%dT%H%M%SZ")
    aside, number = path.with_name(f"{path.stem}.damaged-{stamp}{path.suffix}"), 2
    while aside.exists():
        aside, number = path.with_name(f"{path.stem}.damaged-{stamp}-{number}{path.suffix}"), number + 1
    path.rename(aside)
    return aside
