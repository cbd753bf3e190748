"""The providers as a whole: what is stored, what is in use, and their keys, kept in step with each other.

Every change goes through here, one at a time: file, keyring and switchboard either all follow, or the user hears which one
did not. File access runs in a worker thread. No Qt. Counterpart: the controller.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace

from tray_app.control.drafts import DraftError, draft_from, profile_from
from tray_app.profiles.credentials import CredentialError, CredentialSource, credential_source, sendable
from tray_app.profiles.files import FileError
from tray_app.profiles.model import DEMO_ID, KeyringCredential, Profile
from tray_app.profiles.secrets import Secrets, SecretsError
from tray_app.profiles.store import Profiles, ProfileStore
from tray_app.proxy.upstream.demo import DemoUpstream
from tray_app.proxy.upstream.switchboard import Switchboard
from tray_app.state import FieldProblem, ProfileDraft


class GivenKey:
    """A key that was typed and is not stored yet."""

    def __init__(self, key: str) -> None:
        self._key = key

    async def token(self, *, refresh: bool = False) -> str | None:
        """The key.

        Raises:
            CredentialError: it cannot be sent in a header.
        """
        return sendable(self._key, "The key")


class Library:
    """The profiles. `demo` must run; `open()` comes first."""

    def __init__(self, store: ProfileStore, secrets: Secrets, switchboard: Switchboard, demo: DemoUpstream) -> None:
        self._store = store
        self._secrets = secrets
        self._switchboard = switchboard
        self._demo = demo
        self._stored = Profiles()
        self._one_at_a_time = asyncio.Lock()

    @property
    def all(self) -> tuple[Profile, ...]:
        """The Demo, then the user's own in their order."""
        return (self._demo.profile, *self._stored.profiles)

    @property
    def active_id(self) -> str | None:
        """Where new requests go."""
        active = self._switchboard.active
        return None if active is None else active.profile.id

    def get(self, profile_id: str) -> Profile | None:
        """The profile of that id, the Demo included."""
        return next((profile for profile in self.all if profile.id == profile_id), None)

    async def open(self) -> tuple[str, ...]:
        """Read the file and use the profile that was active; returns what is wrong with the file, in sentences.

        Raises:
            InvalidUpstreamError: that profile cannot be used; the Demo is active instead.
        """
        async with self._one_at_a_time:
            self._stored = await asyncio.to_thread(self._store.load)
            await self._switchboard.refresh(self.all)
            wanted = self.get(self._stored.active_id) or self._demo.profile
            await self._switchboard.activate(self._demo.profile)
            await self._switchboard.activate(wanted)
        return self._stored.problems

    async def activate(self, profile_id: str) -> None:
        """Send new requests there, and remember it.

        Raises:
            KeyError: there is no such profile.
            InvalidUpstreamError: it cannot be used; the old one stays active.
            FileError: it is active but could not be remembered.
        """
        profile = self.get(profile_id)
        if profile is None:
            raise KeyError(profile_id)
        async with self._one_at_a_time:
            await self._switchboard.activate(profile)
            await self._save(self._stored.profiles, profile_id)

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
            others = [other for other in self._stored.profiles if other.id != profile.id]
            place = len(others) if old is None else self._stored.profiles.index(old)
            if secret:
                await self._keep(profile.id, secret)
            try:
                await self._save((*others[:place], profile, *others[place:]), self._stored.active_id)
            except FileError:
                if secret and old is None:
                    await self._secrets.delete(profile.id)  # nobody would ever find that key again
                raise
            if _keeps_key(old) and not _keeps_key(profile):
                await self._secrets.delete(profile.id)
            await self._switchboard.refresh(self.all, new_secrets=frozenset({profile.id} if secret else ()))
        return profile

    async def delete(self, profile_id: str) -> None:
        """Forget a profile and its key. If it was active, the Demo takes its place.

        Raises:
            KeyError, FileError: as for `activate` and `save`.
            SecretsError: it is gone, but the keyring kept the key.
        """
        old = self._stored.get(profile_id)
        if old is None:
            raise KeyError(profile_id)
        async with self._one_at_a_time:
            active = self.active_id or DEMO_ID
            if active == profile_id:
                active = DEMO_ID
                await self._switchboard.activate(self._demo.profile)
            await self._save((other for other in self._stored.profiles if other is not old), active)
            await self._switchboard.refresh(self.all)
            if _keeps_key(old):
                await self._secrets.delete(profile_id)

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
        if secret and _keeps_key(profile):
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

    def _checked(self, draft: ProfileDraft, old: Profile | None, secret: str) -> Profile:
        profile = profile_from(draft, old, {other.id for other in self.all})
        if not _keeps_key(profile):
            return profile
        if secret:
            _refuse_unsendable(secret)
        elif not _keeps_key(old):
            raise DraftError((FieldProblem("secret", "empty"),))
        return profile

    async def _keep(self, profile_id: str, secret: str) -> None:
        try:
            await self._secrets.set(profile_id, secret)
        except SecretsError as error:
            raise DraftError((FieldProblem("secret", "invalid", f"{error.message} {error.hint}"),)) from None

    async def _save(self, profiles: Iterable[Profile], active_id: str) -> None:
        self._stored = await asyncio.to_thread(self._store.save, tuple(profiles), active_id)


def _keeps_key(profile: Profile | None) -> bool:
    return profile is not None and isinstance(profile.credential, KeyringCredential)


def _refuse_unsendable(secret: str) -> None:
    try:
        sendable(secret, "The key")
    except CredentialError as error:
        raise DraftError((FieldProblem("secret", "invalid", str(error)),)) from None
