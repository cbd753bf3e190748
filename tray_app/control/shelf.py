"""The file of the profiles and their keys in the keyring, written so that no crash leaves a key there for ever.

A keyring cannot be listed. So the ids whose key is about to belong to nobody, or does not belong to anybody yet, stand in the
file first (`stale_keys`), and what stands there is removed from the keyring when it may be. Counterpart: `library.py`, which
asks for one thing at a time.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Final

from tray_app.control.keys import keyed
from tray_app.profiles.files import FileError
from tray_app.profiles.model import Profile
from tray_app.profiles.secrets import Secrets, SecretsError
from tray_app.profiles.store import Profiles, ProfileStore

_NO_KEYS: Final[Mapping[str, str]] = MappingProxyType({})
_log = logging.getLogger(__name__)


class Shelf:
    """What is stored.

    Attributes:
        stored: the profiles as the file has them.
        spared: the id whose key stays although nobody has it: its profile may come back.
    """

    def __init__(self, store: ProfileStore, secrets: Secrets) -> None:
        self._store = store
        self._secrets = secrets
        self.stored = Profiles()
        self.spared: str | None = None

    async def load(self) -> None:
        """Read the file, and remove from the keyring what an earlier run left behind."""
        self.stored = await asyncio.to_thread(self._store.load)
        with contextlib.suppress(FileError):  # the note stays, and with it the chance to try again
            await self.remove_stale_keys()

    async def write(self, profiles: Iterable[Profile], active_id: str, keys: Mapping[str, str] = _NO_KEYS) -> None:
        """Store these profiles, and `keys` by their ids. Keys that nobody needs any more are noted, not yet removed.

        Raises:
            FileError: the file could not be written; it is as it was, and so is the keyring.
            SecretsError: the keyring refused a key; the same.
        """
        old, new = self.stored, tuple(profiles)
        try:
            if fresh := keys.keys() - keyed(old.profiles):
                await self._save(old.profiles, old.active_id, {*old.stale_keys, *fresh})
            for profile_id, secret in keys.items():
                await self._secrets.set(profile_id, secret)
            await self._save(new, active_id, ({*old.stale_keys} | keyed(old.profiles)) - keyed(new))
        except (FileError, SecretsError):
            with contextlib.suppress(FileError):
                await self.remove_stale_keys()
            raise

    async def remove_stale_keys(self) -> None:
        """What the keyring does not give up now is tried again at the next start.

        Raises:
            FileError: the notes could not be removed.
        """
        stored = self.stored
        left = {name for name in stored.stale_keys if name == self.spared}
        for profile_id in sorted({*stored.stale_keys} - left - keyed(stored.profiles)):
            try:
                await self._secrets.delete(profile_id)
            except SecretsError as error:
                _log.info("the key of %s is still in the keyring: %s", profile_id, error.message)
                left.add(profile_id)
        if left != {*stored.stale_keys}:
            await self._save(stored.profiles, stored.active_id, left)

    async def _save(self, profiles: tuple[Profile, ...], active_id: str, stale_keys: Collection[str]) -> None:
        self.stored = await asyncio.to_thread(self._store.save, profiles, active_id, sorted(stale_keys))
