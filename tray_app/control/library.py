"""The providers as a whole: what is stored, what is in use, and their keys, kept in step with each other.

Every change goes through here, one at a time: file, keyring and switchboard either all follow, or the user hears which one
did not. No Qt. Counterparts: the controller, and `shelf.py`, which writes file and keyring.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

from tray_app.control.drafts import DraftError, draft_from, profile_from
from tray_app.control.keys import keeps_key, refuse_unsendable
from tray_app.control.shelf import Shelf
from tray_app.editing import FieldProblem, ProfileDraft
from tray_app.profiles.credentials import CredentialSource, GivenKey, credential_source
from tray_app.profiles.model import DEMO_ID, KeyringCredential, Profile
from tray_app.profiles.secrets import Secrets, SecretsError
from tray_app.profiles.store import Profiles, ProfileStore
from tray_app.profiles.transfer import Choice, ImportEntry, apply_import
from tray_app.proxy.tasks import spawn
from tray_app.proxy.upstream.addresses import InvalidUpstreamError
from tray_app.proxy.upstream.demo import DemoUpstream
from tray_app.proxy.upstream.switchboard import Switchboard


@dataclass(frozen=True, slots=True)
class _Gone:
    """A deleted profile that can be brought back."""

    profile: Profile
    place: int
    active: bool


class Library:
    """The profiles. `demo` must run; `open()` comes first. `is_own` knows addresses that lead to us."""

    def __init__(
        self,
        store: ProfileStore,
        secrets: Secrets,
        switchboard: Switchboard,
        demo: DemoUpstream,
        is_own: Callable[[str], bool],
    ) -> None:
        self._shelf = Shelf(store, secrets)
        self._secrets = secrets
        self._switchboard = switchboard
        self._demo = demo
        self.is_own = is_own
        self._gone: _Gone | None = None
        self._one_at_a_time = asyncio.Lock()

    @property
    def _stored(self) -> Profiles:
        return self._shelf.stored

    @property
    def all(self) -> tuple[Profile, ...]:
        """The Demo, then the user's own in their order."""
        return (self._demo.profile, *self._stored.profiles)

    @property
    def active_id(self) -> str | None:
        """Where new requests go."""
        active = self._switchboard.active
        return None if active is None else active.profile.id

    @property
    def deleted(self) -> Profile | None:
        """The profile that was deleted last, while it can be brought back."""
        return None if self._gone is None else self._gone.profile

    def get(self, profile_id: str) -> Profile | None:
        """The profile of that id, the Demo included."""
        return next((profile for profile in self.all if profile.id == profile_id), None)

    async def open(self) -> tuple[str, ...]:
        """Read the file and use the profile that was active; returns what is wrong with the file, in sentences.

        Keys that an earlier run left behind are removed from the keyring.

        Raises:
            InvalidUpstreamError: that profile cannot be used; the Demo is active instead.
        """
        async with self._one_at_a_time:
            await self._shelf.load()
            await self._switchboard.refresh(self.all)
            wanted = self.get(self._stored.active_id) or self._demo.profile
            await self._switchboard.activate(self._demo.profile)
            self._refuse_loop(wanted)
            await self._switchboard.activate(wanted)
        self._read_ahead(wanted)
        return self._stored.problems

    async def activate(self, profile_id: str) -> None:
        """Send new requests there, and remember it.

        Raises:
            KeyError: there is no such profile.
            InvalidUpstreamError: it cannot be used (or is ourselves); the old one stays active.
            FileError: it is active but could not be remembered.
        """
        async with self._one_at_a_time:  # also to look: it may be being deleted
            profile = self.get(profile_id)
            if profile is None:
                raise KeyError(profile_id)
            self._refuse_loop(profile)
            await self._switchboard.activate(profile)
            self._read_ahead(profile)
            await self._shelf.write(self._stored.profiles, profile_id)

    def _read_ahead(self, profile: Profile) -> None:
        """Have the key at hand before the first request asks for it: a keyring takes its time, a process's on Linux."""
        if isinstance(profile.credential, KeyringCredential):
            spawn(self._read_key(profile.id), name=f"read the key of {profile.id}")

    async def _read_key(self, profile_id: str) -> None:
        with suppress(SecretsError):  # it is said when the key is needed
            await self._secrets.get(profile_id)

    async def save(self, draft: ProfileDraft, secret: str) -> Profile:
        """Store a new or changed profile, and its key if one was given.

        Raises:
            DraftError: fields are wrong; nothing was changed.
            FileError: the file could not be written; the old one is intact.
            InvalidUpstreamError: stored, but it is the active one and cannot be used.
        """
        async with self._one_at_a_time:
            old = self._stored.get(draft.id)
            profile = self._checked(draft, old, secret)
            kept = self._stored.profiles
            place = len(kept) if old is None else kept.index(old)
            await self._write((*kept[:place], profile, *kept[place + 1 :]), {profile.id: secret} if secret else {})
            await self._switchboard.refresh(self.all, new_secrets=frozenset({profile.id} if secret else ()))
        return profile

    async def take_over(
        self, entries: Collection[ImportEntry], choices: Mapping[str, Choice], secrets: Mapping[str, str]
    ) -> tuple[str, ...]:
        """Import what the user chose; `secrets` are keys by the entries' ids. Returns the ids of what came in.

        Raises:
            FileError: the file could not be written; nothing was imported.
            SecretsError: the keyring refused a key; nothing was imported.
        """
        await self.forget_deleted()
        async with self._one_at_a_time:
            stored = self._stored
            applied = apply_import(entries, stored.profiles, choices, reserved=stored.stale_keys)
            keys = {applied.ids[name]: secret for name, secret in secrets.items() if name in applied.ids}
            await self._shelf.write(applied.profiles, stored.active_id, keys)
            await self._switchboard.refresh(self.all, new_secrets=frozenset(keys))
        return tuple(applied.ids.values())

    async def move(self, profile_id: str, place: int) -> None:
        """Put a profile at this place among the user's own (0 is the first), and remember it.

        Raises:
            KeyError, FileError: as for `activate`.
        """
        async with self._one_at_a_time:
            moved = self._stored.get(profile_id)
            if moved is None:
                raise KeyError(profile_id)
            others = [other for other in self._stored.profiles if other is not moved]
            place = min(max(place, 0), len(others))
            await self._shelf.write((*others[:place], moved, *others[place:]), self._stored.active_id)

    async def delete(self, profile_id: str) -> None:
        """Take a profile out. If it was active, the Demo takes its place. Its key stays until `forget_deleted`.

        Raises:
            KeyError, FileError: as for `activate` and `save`.
        """
        await self.forget_deleted()
        async with self._one_at_a_time:
            old = self._stored.get(profile_id)
            if old is None:
                raise KeyError(profile_id)
            was_active = profile_id in {self.active_id, self._stored.active_id}
            if was_active:
                await self._switchboard.activate(self._demo.profile)
            kept = self._stored.profiles
            self._shelf.spared = profile_id
            await self._shelf.write(
                (other for other in kept if other is not old), DEMO_ID if was_active else self._stored.active_id
            )
            self._gone = _Gone(old, kept.index(old), was_active)
            await self._switchboard.refresh(self.all)

    async def restore(self) -> None:
        """Bring the deleted profile back where it was, active again if it was; nothing happens if there is none.

        Raises:
            FileError: the file could not be written; it can be tried again.
            InvalidUpstreamError: it is back, but cannot be used.
        """
        async with self._one_at_a_time:
            gone = self._gone
            if gone is None:
                return
            kept, profile = self._stored.profiles, gone.profile
            active = profile.id if gone.active else self._stored.active_id
            await self._shelf.write((*kept[: gone.place], profile, *kept[gone.place :]), active)
            self._gone = self._shelf.spared = None
            await self._switchboard.refresh(self.all)
            if gone.active:
                await self._switchboard.activate(profile)

    async def forget_deleted(self) -> None:
        """The deleted profile cannot be brought back any more: its key leaves the keyring.

        Raises:
            FileError: the note in the file could not be removed.
        """
        async with self._one_at_a_time:
            self._gone = self._shelf.spared = None
            await self._shelf.remove_stale_keys()

    def reset_connections(self) -> None:
        """Let new requests make new connections; running answers end on the old ones."""
        self._switchboard.reset_connections()

    def candidate(self, draft: ProfileDraft, secret: str) -> tuple[Profile, CredentialSource]:
        """What a draft would be, ready to be tried.

        Raises:
            DraftError: fields are wrong.
        """
        if draft.id == DEMO_ID:
            return self._demo.profile, self._demo.credential
        profile = self._checked(draft, self._stored.get(draft.id), secret)
        if secret and keeps_key(profile):
            return profile, GivenKey(secret)
        return profile, credential_source(profile, self._secrets)

    def draft(self, profile_id: str) -> ProfileDraft:
        """A profile for the editor.

        Raises:
            KeyError: there is none.
        """
        profile = self.get(profile_id)
        if profile is None:
            raise KeyError(profile_id)
        return replace(draft_from(profile), id=profile.id)

    def _refuse_loop(self, profile: Profile) -> None:
        if self.is_own(profile.base_url):
            raise InvalidUpstreamError(f"{profile.name} is Dragoman's own address: requests would come back for ever")

    def _checked(self, draft: ProfileDraft, old: Profile | None, secret: str) -> Profile:
        profile = profile_from(draft, old, self._taken_ids())
        if self.is_own(profile.base_url):
            raise DraftError((FieldProblem("base_url", "loop"),))
        if not keeps_key(profile):
            return profile
        if secret:
            refuse_unsendable(secret)
        elif not keeps_key(old):
            raise DraftError((FieldProblem("secret", "empty"),))
        return profile

    def _taken_ids(self) -> set[str]:
        """Also those of profiles that may come back, or whose key may still be in the keyring."""
        gone = () if self._gone is None else (self._gone.profile.id,)
        return {*(other.id for other in self.all), *self._stored.stale_keys, *gone}

    async def _write(self, profiles: Iterable[Profile], keys: Mapping[str, str]) -> None:
        try:
            await self._shelf.write(profiles, self._stored.active_id, keys)
        except SecretsError as error:
            raise DraftError((FieldProblem("secret", "invalid", f"{error.message} {error.hint}"),)) from None
        await self._shelf.remove_stale_keys()  # the key of a provider that needs none any more
