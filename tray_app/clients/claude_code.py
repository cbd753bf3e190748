"""Connects Claude Code by editing our own keys of its `settings.json`, with a journal, so that it can be undone.

Nothing else in the file changes, not even its layout. Before the file is touched the journal says what was there; after
a crash `repair` finishes or takes back what was begun. The journal lies beside the settings and not under our own
directories, because what was there before may be a key of the user's: it must not get to a place where it was not.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import msgspec

from tray_app.clients.json_edit import ABSENT, JSONEditError, get_value, remove_value, set_value
from tray_app.clients.shells import NO_ADVICE, Advice, variables

MAX_BYTES: Final = 4 * 1024 * 1024
BOM: Final = "\ufeff"
JOURNAL_NAME: Final = ".dragoman-journal.json"
Keys = tuple[str, ...]
PERMISSION_MODE: Final[Keys] = ("permissions", "defaultMode")
# With these Claude Code would not ask us (Bedrock, Vertex), or would ask with something else than our token.
_RIVALS: Final[tuple[Keys, ...]] = (
    ("apiKeyHelper",),
    ("env", "CLAUDE_CODE_USE_BEDROCK"),
    ("env", "CLAUDE_CODE_USE_VERTEX"),
)


class ClaudeCodeError(Exception):
    """The settings cannot be read or edited; the message names the file. It is as it was."""


class Change(msgspec.Struct, frozen=True):
    """One key as the user is shown it: its path with dots, the value before and after; empty means absent."""

    key: str
    before: str
    after: str


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """What `apply` would do. `changes` is empty when everything is set already.

    `warnings` are the names of settings that would keep Claude Code from asking us.
    """

    path: Path
    changes: tuple[Change, ...] = ()
    warnings: tuple[str, ...] = ()


class Repair(StrEnum):
    """What `repair` found and did."""

    NOTHING = "nothing"  # not connected, or all in order
    FINISHED = "finished"  # an interrupted edit had been written
    TAKEN_BACK = "taken-back"  # an interrupted edit or undo was taken back
    UPDATED = "updated"  # connected with an old address or token
    CHANGED_BY_HAND = "changed-by-hand"  # our keys are no longer what we wrote: left alone


class _State(StrEnum):
    APPLYING = "applying"
    APPLIED = "applied"
    UNDOING = "undoing"


class _Edit(msgspec.Struct, frozen=True):
    """One key in the journal. `existed` tells an absent value from null.

    `was` is what an earlier edit of ours left there: until the new value is written it is ours just as well.
    """

    keys: Keys
    existed: bool
    before: Any
    after: Any
    was: Any

    def is_ours(self, value: Any) -> bool:
        return value in (self.after, self.was)


class _Journal(msgspec.Struct, frozen=True, kw_only=True):
    version: int = 1
    state: _State
    made_file: bool
    made_objects: tuple[str, ...]  # top-level objects that were not there
    edits: tuple[_Edit, ...]


def settings_path(environ: Mapping[str, str] = os.environ) -> Path:
    """Where Claude Code of this user keeps its settings."""
    directory = environ.get("CLAUDE_CONFIG_DIR", "")
    return (Path(directory).expanduser() if directory else Path.home() / ".claude") / "settings.json"


class ClaudeCode:
    """One `settings.json`. `write` replaces a file atomically and privately, following links (`files.write_atomic`)."""

    def __init__(self, path: Path, write: Callable[[Path, bytes], None]) -> None:
        self.path = path
        self._journal_path = path.with_name(JOURNAL_NAME)
        self._write = write

    @property
    def connected(self) -> bool:
        """Whether we have edited it and not undone that."""
        return self._journal_path.exists()

    def preview(self, endpoint: str, token: str, advice: Advice = NO_ADVICE) -> Preview:
        """What connecting would change; touches nothing.

        Raises:
            ClaudeCodeError: the file cannot be read or is no JSON object.
        """
        text = self._read()
        wanted = self._wanted(text, endpoint, token, advice)
        changes = (
            Change(".".join(keys), _shown(keys, self._get(text, keys)), _shown(keys, value))
            for keys, value in wanted.items()
        )
        return Preview(
            path=self.path,
            changes=tuple(change for change, old in zip(changes, self._differs(text, wanted), strict=True) if old),
            warnings=tuple(keys[-1] for keys in _RIVALS if self._get(text, keys) is not ABSENT),
        )

    def apply(self, endpoint: str, token: str, advice: Advice = NO_ADVICE) -> None:
        """Connect: set our keys, and nothing else. Connecting again with other values keeps the first undo.

        Raises:
            ClaudeCodeError: the file cannot be read or edited, or cannot be written.
        """
        text = self._read()
        wanted = self._wanted(text, endpoint, token, advice)
        journal = self._planned(text, wanted, self._journal())
        edited = text
        for keys, value in wanted.items():
            edited = self._edit(set_value, edited, keys, value)
        self._save_journal(journal)
        self._save(edited)
        self._save_journal(msgspec.structs.replace(journal, state=_State.APPLIED))

    def undo(self) -> tuple[str, ...]:
        """Put back what was there. Keys changed by hand since then stay; they are returned, with dots.

        Raises:
            ClaudeCodeError: the file cannot be read, edited or written.
        """
        journal = self._journal()
        if journal is None:
            return ()
        self._save_journal(msgspec.structs.replace(journal, state=_State.UNDOING))
        return self._take_back(journal)

    def repair(self, endpoint: str, token: str, advice: Advice = NO_ADVICE) -> Repair:
        """At the start of the program: finish what a crash interrupted, follow a changed port or token.

        Raises:
            ClaudeCodeError: the file cannot be read, edited or written.
        """
        journal = self._journal()
        if journal is None:
            return Repair.NOTHING
        text = self._read()
        intact = all(self._get(text, edit.keys) == edit.after for edit in journal.edits)
        if journal.state is _State.UNDOING or (journal.state is _State.APPLYING and not intact):
            self._take_back(journal)
            return Repair.TAKEN_BACK
        if not intact:
            return Repair.CHANGED_BY_HAND
        if journal.state is _State.APPLYING:
            self._save_journal(msgspec.structs.replace(journal, state=_State.APPLIED))
        if any(self._differs(text, self._wanted(text, endpoint, token, advice))):
            self.apply(endpoint, token, advice)
            return Repair.UPDATED
        return Repair.FINISHED if journal.state is _State.APPLYING else Repair.NOTHING

    # ---- what is wanted ----------------------------------------------------------------------------------------------

    def _wanted(self, text: str, endpoint: str, token: str, advice: Advice) -> dict[Keys, Any]:
        wanted: dict[Keys, Any] = {("env", name): value for name, value in variables(endpoint, token, advice).items()}
        # Auto mode's safety check does not work behind a gateway; any other mode is the user's own choice.
        if self._get(text, PERMISSION_MODE) in (ABSENT, "auto", "default"):
            wanted[PERMISSION_MODE] = "default"
        return wanted

    def _differs(self, text: str, wanted: Mapping[Keys, Any]) -> list[bool]:
        return [self._get(text, keys) != value for keys, value in wanted.items()]

    def _planned(self, text: str, wanted: Mapping[Keys, Any], known: _Journal | None) -> _Journal:
        """The journal of an edit. What an earlier edit of ours replaced stays the thing to go back to."""
        earlier = {edit.keys: edit for edit in known.edits} if known else {}
        edits = dict(earlier)
        for keys, value in wanted.items():
            now = self._get(text, keys)
            before = earlier.get(keys)
            if before is not None and before.is_ours(now):
                edits[keys] = _Edit(keys, before.existed, before.before, value, now)
            else:
                edits[keys] = _Edit(keys, now is not ABSENT, None if now is ABSENT else now, value, value)
        tops = {keys[0] for keys in wanted if self._get(text, keys[:1]) is ABSENT}
        return _Journal(
            state=_State.APPLYING,
            made_file=known.made_file if known else not self.path.exists(),
            made_objects=tuple(sorted(tops | set(known.made_objects if known else ()))),
            edits=tuple(edits.values()),
        )

    # ---- taking back --------------------------------------------------------------------------------------------------

    def _take_back(self, journal: _Journal) -> tuple[str, ...]:
        text = self._read()
        kept = []
        for edit in journal.edits:
            now = self._get(text, edit.keys)
            if edit.is_ours(now):
                text = self._restored(text, edit)
            elif now != (edit.before if edit.existed else ABSENT):
                kept.append(".".join(edit.keys))
        for name in journal.made_objects:
            if self._get(text, (name,)) == {}:
                text = self._edit(remove_value, text, (name,))
        if journal.made_file and text.strip() in {"", "{}"}:
            self.path.unlink(missing_ok=True)
        else:
            self._save(text)
        self._journal_path.unlink(missing_ok=True)
        return tuple(kept)

    def _restored(self, text: str, edit: _Edit) -> str:
        if edit.existed:
            return self._edit(set_value, text, edit.keys, edit.before)
        return self._edit(remove_value, text, edit.keys)

    # ---- files ---------------------------------------------------------------------------------------------------------

    def _edit(self, change: Callable[..., str], text: str, *arguments: Any) -> str:
        try:
            return change(text, *arguments)
        except JSONEditError as error:
            raise ClaudeCodeError(f"{self.path} was not changed: {error}") from error

    def _get(self, text: str, keys: Keys) -> Any:
        try:
            return get_value(text, keys)
        except JSONEditError as error:
            raise ClaudeCodeError(f"{self.path} was not changed: {error}") from error

    def _read(self) -> str:
        """The text without a byte order mark; an absent or empty file is an empty object."""
        try:
            with self.path.open("rb") as file:
                data = file.read(MAX_BYTES + 1)
            if len(data) > MAX_BYTES:
                raise ClaudeCodeError(f"{self.path} is larger than {MAX_BYTES} bytes")
            text = data.decode().removeprefix(BOM)
        except FileNotFoundError:
            return "{}\n"
        except OSError as error:
            raise ClaudeCodeError(f"{self.path} cannot be read: {error.strerror or error}") from error
        except UnicodeDecodeError:
            raise ClaudeCodeError(f"{self.path} is not UTF-8 text") from None
        return text if text.strip() else "{}\n"

    def _save(self, text: str) -> None:
        self._replace(self.path, text.encode())

    def _save_journal(self, journal: _Journal) -> None:
        self._replace(self._journal_path, msgspec.json.format(msgspec.json.encode(journal), indent=2))

    def _replace(self, path: Path, data: bytes) -> None:
        try:
            self._write(path, data)
        except OSError as error:
            raise ClaudeCodeError(f"{path} cannot be written: {error.strerror or error}") from error

    def _journal(self) -> _Journal | None:
        try:
            return msgspec.json.decode(self._journal_path.read_bytes(), type=_Journal)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise ClaudeCodeError(f"{self._journal_path} cannot be read: {error.strerror or error}") from error
        except msgspec.MsgspecError as error:
            raise ClaudeCodeError(f"{self._journal_path} is damaged ({error}); nothing was changed") from error


def _shown(keys: Keys, value: Any) -> str:
    if value is ABSENT:
        return ""
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return "••••" if keys[-1].endswith(("TOKEN", "KEY")) else text
