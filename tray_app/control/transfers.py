"""Providers out to a file and in from one, also of other programs: looked at first, then taken over, keys into the keyring.

The keys of a file that is being looked at stay here, in memory, until it is imported or given up; no value that views get holds
one. Counterparts: `profiles/transfer.py` (our own files) and `clients/imports` (those of others).
"""

from __future__ import annotations

import asyncio
import json
import shlex
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from PySide6.QtCore import Signal

from tray_app.clients.imports import MAX_BYTES, NotReadableError, read_foreign
from tray_app.control.area import Area
from tray_app.control.board import Board
from tray_app.control.library import Library
from tray_app.editing import Arrival, ArrivingKey, ImportLine, ImportPlan, TransferDone
from tray_app.profiles.files import FileError, write_atomic
from tray_app.profiles.model import CommandCredential, EnvironmentCredential, KeyringCredential
from tray_app.profiles.secrets import SecretsError
from tray_app.profiles.transfer import (
    FORMAT,
    Choice,
    ImportEntry,
    Kind,
    TransferError,
    export_profiles,
    preview_import,
    preview_profiles,
)

_HEAD: Final = 4_096  # bytes: our own files name their format at the beginning


class TransfersControl(Area):
    """One file at a time.

    Signals:
        planned(ImportPlan): what a file holds.
        done(TransferDone): an import or an export is over.
    """

    planned = Signal(object)
    done = Signal(object)

    def __init__(self, board: Board, library: Library) -> None:
        super().__init__(board)
        self._library = library
        self._entries: tuple[ImportEntry, ...] = ()
        self._secrets: dict[str, str] = {}

    def look(self, path: str) -> None:
        """Read a file; answered by `planned`. Nothing changes."""
        self._spawn("look at an import", self._look(Path(path)))

    def take(self, wanted: frozenset[str]) -> None:
        """Import the providers of these ids out of the file that was looked at; answered by `done`."""
        self._spawn("import", self._take(wanted))

    def give_up(self) -> None:
        """Forget the file, and its keys."""
        self._entries, self._secrets = (), {}

    def export(self, path: str) -> None:
        """Write all providers without their keys; answered by `done`."""
        self._spawn("export", self._export(Path(path)))

    async def _look(self, path: Path) -> None:
        self.give_up()
        try:
            plan = self._plan(await asyncio.to_thread(_read, path))
        except (NotReadableError, TransferError) as error:
            plan = ImportPlan(words=str(error))
        except OSError as error:
            plan = ImportPlan(words=f"{path}: {error.strerror or error}")
        self.planned.emit(plan)

    def _plan(self, data: bytes) -> ImportPlan:
        ours = tuple(profile for profile in self._library.all[1:])
        program = ""
        problems: tuple[str, ...]
        if _is_own(data):
            preview = preview_import(data, ours)
            self._entries, problems = preview.entries, preview.problems
        else:
            file = read_foreign(data)
            program, problems = file.program, file.problems
            self._entries = preview_profiles((found.profile for found in file.found), ours)
            self._secrets = {found.profile.id: found.secret for found in file.found if found.secret}
        lines = tuple(self._line(entry) for entry in self._entries)
        return ImportPlan(program=program, lines=lines, problems=problems)

    def _line(self, entry: ImportEntry) -> ImportLine:
        profile = entry.profile
        problem = "; ".join(entry.problems)
        if self._library.is_own(profile.base_url):
            problem = problem or f"{profile.base_url} is Dragoman itself"
        key, source = _key_of(entry, included=profile.id in self._secrets)
        return ImportLine(
            id=profile.id,
            name=profile.name,
            address=profile.base_url,
            arrival=Arrival(entry.kind.value),
            key=key,
            key_source=source,
            # A command from somebody else's file would run here: never unasked.
            wanted=entry.proposal is not Choice.SKIP and not problem and key is not ArrivingKey.COMMAND,
            problem=problem,
        )

    async def _take(self, wanted: frozenset[str]) -> None:
        entries, secrets = self._entries, self._secrets
        self.give_up()
        choices = {entry.profile.id: _choice(entry, wanted) for entry in entries}
        try:
            came = await self._library.take_over(entries, choices, secrets)
        except FileError as error:
            self.done.emit(TransferDone(words=str(error)))
        except SecretsError as error:
            self.done.emit(TransferDone(words=f"{error.message} {error.hint}"))
        else:
            self.done.emit(TransferDone(number=len(came)))

    async def _export(self, path: Path) -> None:
        profiles = self._library.all[1:]
        data = export_profiles(profiles)
        try:
            await asyncio.to_thread(write_atomic, path, data)
        except OSError as error:
            self.done.emit(TransferDone(path=str(path), words=f"{path}: {error.strerror or error}"))
        else:
            left_out = tuple(json.loads(data)["left_out"])
            self.done.emit(TransferDone(number=len(profiles), path=str(path), left_out=left_out))


def _choice(entry: ImportEntry, wanted: Iterable[str]) -> Choice:
    if entry.profile.id not in wanted:
        return Choice.SKIP
    return Choice.BOTH if entry.kind is Kind.CONFLICT else Choice.TAKE


def _key_of(entry: ImportEntry, *, included: bool) -> tuple[ArrivingKey, str]:
    match entry.profile.credential:
        case KeyringCredential() if included:
            return ArrivingKey.INCLUDED, ""
        case KeyringCredential():
            return (ArrivingKey.MISSING if entry.needs_key else ArrivingKey.HERE), ""
        case EnvironmentCredential(variable=variable):
            return ArrivingKey.ENVIRONMENT, variable
        case CommandCredential(argv=argv):
            return ArrivingKey.COMMAND, shlex.join(argv)
        case _:
            return ArrivingKey.NONE, ""


def _is_own(data: bytes) -> bool:
    return f'"{FORMAT}"'.encode() in data[:_HEAD]


def _read(path: Path) -> bytes:
    """The file, one byte more than it may have: whoever reads it refuses that."""
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)
