"""The profiles file: which providers the user set up, in which order, and which one is active.

Nothing secret is in it. One bad profile never costs the others: it is reported, left out, and kept in the file.
Counterparts: `model.py` (the values), `files.py` (how files are kept), `validation.py` (what a profile must satisfy).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from tray_app.profiles.files import Envelope, EnvelopeFile, utc_now
from tray_app.profiles.model import DEMO_ID, Profile
from tray_app.profiles.validation import InvalidProfileError, decode_profile, problems_of


class Profiles(msgspec.Struct, frozen=True, kw_only=True):
    """What the file holds: profiles in the user's order. `problems` are sentences for the user, each with its place.

    `stale_keys` are ids under which the keyring may hold a key that belongs to no profile (any more): keyrings cannot be
    listed, so without this note a crash could leave a secret there for ever.
    """

    profiles: tuple[Profile, ...] = ()
    active_id: str = DEMO_ID
    stale_keys: tuple[str, ...] = ()
    revision: int = 0
    problems: tuple[str, ...] = ()

    def get(self, profile_id: str) -> Profile | None:
        """The profile of that id, or None (also for the built-in Demo, which is not stored)."""
        return next((profile for profile in self.profiles if profile.id == profile_id), None)


class _Content(Envelope, kw_only=True):
    active: str = DEMO_ID
    profiles: list[Any] = msgspec.field(default_factory=list)
    stale_keys: list[str] = msgspec.field(default_factory=list)


class ProfileStore:
    """Reads and writes one profiles file; remembers the revision it read last, to notice other writers."""

    def __init__(self, path: Path, now: Callable[[], datetime] = utc_now) -> None:
        self._file = EnvelopeFile(path, _Content, now)
        self._seen = _Content()
        self._unreadable: list[Any] = []

    def load(self) -> Profiles:
        """Read the file; never raises. Whatever is wrong is told in `problems`, and the rest is there."""
        self._seen, problems = self._file.read()
        profiles, self._unreadable, found = _decode_all(self._seen.profiles)
        problems += found
        active = self._seen.active
        if active not in {DEMO_ID, *(profile.id for profile in profiles)}:
            problems.append(f"active: there is no profile {active!r}")
            active = DEMO_ID
        return Profiles(
            profiles=profiles,
            active_id=active,
            stale_keys=tuple(self._seen.stale_keys),
            revision=self._seen.revision,
            problems=tuple(problems),
        )

    def save(self, profiles: Iterable[Profile], active_id: str, stale_keys: Iterable[str] = ()) -> Profiles:
        """Write these profiles, in this order; entries that could not be read stay in the file. Returns what is stored.

        Saving what is already stored changes nothing. Where the profiles stay the same no backup is made, or ten
        switches would push out every version worth having.

        Raises:
            InvalidProfileError: a profile, the ids or the active id are wrong; the message names the field.
            ChangedElsewhereError: another process saved since `load`.
            FileError: the file cannot be written.
        """
        kept = tuple(profiles)
        _check(kept, active_id)
        entries = [*(msgspec.to_builtins(profile) for profile in kept), *self._unreadable]
        stale = list(stale_keys)
        same = entries == self._seen.profiles
        unchanged = same and (active_id, stale) == (self._seen.active, self._seen.stale_keys)
        if not (unchanged and self._seen.revision):
            content = _Content(revision=self._seen.revision, active=active_id, profiles=entries, stale_keys=stale)
            self._seen = self._file.write(content, backup=not same)
        return Profiles(profiles=kept, active_id=active_id, stale_keys=tuple(stale), revision=self._seen.revision)


def _decode_all(entries: list[Any]) -> tuple[tuple[Profile, ...], list[Any], list[str]]:
    good: dict[str, Profile] = {}
    bad: list[Any] = []
    problems: list[str] = []
    for number, entry in enumerate(entries):
        place = f"profiles[{number}]"
        try:
            profile = decode_profile(entry, place)
            _refuse_taken(profile.id, good, f"{place}.id")
        except InvalidProfileError as error:
            bad.append(entry)
            problems.append(str(error))
        else:
            good[profile.id] = profile
            problems += [f"{place}.{problem}" for problem in problems_of(profile)]
    return tuple(good.values()), bad, problems


def _check(profiles: tuple[Profile, ...], active_id: str) -> None:
    seen: set[str] = set()
    for number, profile in enumerate(profiles):
        place = f"profiles[{number}]"
        decode_profile(msgspec.to_builtins(profile), place)
        _refuse_taken(profile.id, seen, f"{place}.id")
        seen.add(profile.id)
    if active_id not in {DEMO_ID, *seen}:
        raise InvalidProfileError("active", f"there is no profile {active_id!r}")


def _refuse_taken(profile_id: str, taken: Iterable[str], place: str) -> None:
    if profile_id == DEMO_ID:
        raise InvalidProfileError(place, f"{DEMO_ID!r} is the built-in provider")
    if profile_id in taken:
        raise InvalidProfileError(place, f"{profile_id!r} is used twice")
