"""Profiles out to a file for another machine, and back in: never a secret, never without a look at it first.

Export gives bytes, import gives a preview; applying the preview is a pure function whose result the caller saves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, Final

import msgspec

from tray_app.profiles.model import DEMO_ID, KeyringCredential, Profile, slug
from tray_app.profiles.validation import InvalidProfileError, decode_profile, problems_of

FORMAT: Final = "dragoman-profiles"
VERSION: Final = 1
MAX_BYTES: Final = 1024 * 1024
MAX_PROFILES: Final = 200
NOTE: Final = "Keys are not included; enter them again after importing."
# Header names that may carry a secret of a gateway we do not know.
_SECRET_NAME: Final = re.compile(r"key|token|secret|auth|cookie|passw|signature|session", re.IGNORECASE)


class TransferError(ValueError):
    """The file cannot be imported at all; the message says why."""


class Kind(StrEnum):
    """What importing an entry would do."""

    ADDED = "added"
    CHANGED = "changed"  # the same provider with other fields
    CONFLICT = "conflict"  # the id belongs to another provider here
    SAME = "same"


class Choice(StrEnum):
    """What the user wants done with an entry."""

    TAKE = "take"  # add it, or replace ours by it
    BOTH = "both"  # add it under a new id
    SKIP = "skip"


class ImportEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One profile of the file. `proposal` is the harmless choice; `needs_key` tells that a key must be entered."""

    profile: Profile
    kind: Kind
    proposal: Choice
    needs_key: bool
    problems: tuple[str, ...] = ()


class ImportPreview(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the file holds; `problems` are the entries that could not be read, each with its place."""

    entries: tuple[ImportEntry, ...] = ()
    problems: tuple[str, ...] = ()


class _File(msgspec.Struct, kw_only=True):
    format: str
    version: int
    note: str = NOTE
    left_out: list[str] = msgspec.field(default_factory=list)
    profiles: list[Any] = msgspec.field(default_factory=list)


def export_profiles(profiles: Iterable[Profile]) -> bytes:
    """A readable JSON file of these profiles that says itself that keys are not in it.

    Credentials are references and go along; headers whose names sound like secrets are left out and listed.
    """
    entries: list[Any] = []
    left_out: list[str] = []
    for profile in profiles:
        secret = [name for name in profile.headers if _SECRET_NAME.search(name)]
        left_out += [f"{profile.id}: header {name}" for name in secret]
        kept = {name: value for name, value in profile.headers.items() if name not in secret}
        entries.append(msgspec.to_builtins(msgspec.structs.replace(profile, headers=kept)))
    content = _File(format=FORMAT, version=VERSION, left_out=left_out, profiles=entries)
    return msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n"


def preview_import(data: bytes, current: Iterable[Profile]) -> ImportPreview:
    """What importing this file would do to the current profiles. Changes nothing.

    Raises:
        TransferError: it is too large, no file of ours, or of a newer version.
    """
    known = {profile.id: profile for profile in current}
    entries: dict[str, ImportEntry] = {}
    problems: list[str] = []
    for number, raw in enumerate(_read(data).profiles):
        place = f"profiles[{number}]"
        try:
            profile = decode_profile(raw, place)
        except InvalidProfileError as error:
            problems.append(str(error))
            continue
        if profile.id in entries or profile.id == DEMO_ID:
            problems.append(f"{place}.id: {profile.id!r} is used twice or reserved")
            continue
        entries[profile.id] = _entry(profile, known.get(profile.id))
    return ImportPreview(entries=tuple(entries.values()), problems=tuple(problems))


def preview_profiles(profiles: Iterable[Profile], current: Iterable[Profile]) -> tuple[ImportEntry, ...]:
    """The same for profiles that come from elsewhere, their ids each once. Changes nothing."""
    known = {profile.id: profile for profile in current}
    return tuple(_entry(profile, known.get(profile.id)) for profile in profiles)


def _read(data: bytes) -> _File:
    if len(data) > MAX_BYTES:
        raise TransferError(f"The file is larger than {MAX_BYTES // 1024} KiB.")
    try:
        content = msgspec.json.decode(data, type=_File)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise TransferError(f"This is not a file of exported profiles ({error}).") from None
    if content.format != FORMAT:
        raise TransferError("This is not a file of exported profiles.")
    if content.version > VERSION:
        raise TransferError("The file was exported by a newer version of Dragoman; update first.")
    if len(content.profiles) > MAX_PROFILES:
        raise TransferError(f"The file holds more than {MAX_PROFILES} profiles.")
    return content


def _entry(profile: Profile, ours: Profile | None) -> ImportEntry:
    kind = _kind(profile, ours)
    proposals = {Kind.ADDED: Choice.TAKE, Kind.CHANGED: Choice.SKIP, Kind.CONFLICT: Choice.BOTH, Kind.SAME: Choice.SKIP}
    problems = problems_of(profile)
    return ImportEntry(
        profile=profile,
        kind=kind,
        proposal=Choice.SKIP if problems else proposals[kind],
        needs_key=isinstance(profile.credential, KeyringCredential) and kind in {Kind.ADDED, Kind.CONFLICT},
        problems=problems,
    )


def _kind(profile: Profile, ours: Profile | None) -> Kind:
    if ours is None:
        return Kind.ADDED
    if ours == profile:
        return Kind.SAME
    # A key kept under this id belongs to our provider: another address must never get it unasked.
    return Kind.CHANGED if ours.base_url == profile.base_url else Kind.CONFLICT


class Applied(msgspec.Struct, frozen=True, kw_only=True):
    """The profiles after an import, for `ProfileStore.save`; `ids` are those of the entries that came in, by their own."""

    profiles: tuple[Profile, ...]
    ids: dict[str, str]


def apply_import(
    entries: Iterable[ImportEntry],
    current: Iterable[Profile],
    choices: Mapping[str, Choice] | None = None,
    reserved: Iterable[str] = (),
) -> Applied:
    """What comes of the user's choices (by id; proposals elsewhere). Changes nothing itself.

    A conflict that is taken arrives under a new id, so that a key stored here is never sent to the other address. So does
    what would get an id out of `reserved`: a key may still be stored under it.
    """
    chosen = choices or {}
    result = {profile.id: profile for profile in current}
    ids: dict[str, str] = {}
    for entry in entries:
        choice = chosen.get(entry.profile.id, entry.proposal)
        if choice is Choice.SKIP:
            continue
        profile = entry.profile
        if choice is Choice.BOTH or entry.kind is Kind.CONFLICT or profile.id in reserved:
            profile = msgspec.structs.replace(profile, id=slug(profile.id, {*result, *reserved}))
        ids[entry.profile.id] = profile.id
        result[profile.id] = profile
    return Applied(profiles=tuple(result.values()), ids=ids)
