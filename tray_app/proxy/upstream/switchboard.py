"""The profiles in use and the switch between them.

An `ActiveProfile` never changes: switching replaces one reference, and an exchange keeps the one it began with until it
ends. Building one checks what the user typed; nothing here sends a request. Its counterparts are the controller, which
activates, and `exchange.py`, which uses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from yarl import URL

from tray_app.profiles.credentials import CredentialSource
from tray_app.profiles.model import Profile
from tray_app.proxy.events import ActiveProfileChanged
from tray_app.proxy.hub import EventHub
from tray_app.proxy.upstream.addresses import InvalidUpstreamError, check_headers, parse_base_url
from tray_app.proxy.upstream.catalog import Catalog, models_of
from tray_app.proxy.upstream.learning import Learning
from tray_app.proxy.upstream.pool import Pool
from tray_app.translation.answer.chunk_shapes import shape
from tray_app.translation.capabilities import Capabilities, resolve
from tray_app.translation.redaction import prepare

CredentialFactory = Callable[[Profile], CredentialSource]


class UnknownProfileError(LookupError):
    """No profile has this id."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ActiveProfile:
    """A profile ready for use: checked addresses, the source of its key, its connections, what was learned of it."""

    profile: Profile
    credential: CredentialSource
    base: URL
    headers: Mapping[str, str]
    pool: Pool
    catalog: Catalog
    learned: Learning = field(default_factory=Learning)
    # By upstream model: what was learned of it by then, and the record made of that (`capabilities_of`).
    resolved: dict[str, tuple[Mapping[str, Any], Capabilities]] = field(default_factory=dict)


def activate(profile: Profile, credential: CredentialSource) -> ActiveProfile:
    """Check a profile and make it ready.

    Raises:
        InvalidUpstreamError: base URL, outbound proxy, headers or capability overrides cannot be used.
    """
    base = parse_base_url(profile.base_url)
    try:
        usual = resolve(base.authority, "", overrides=profile.capabilities)
    except ValueError as error:
        raise InvalidUpstreamError(str(error)) from None
    # Made once, which takes milliseconds: now, and not while somebody waits for an answer.
    shape(usual.reasoning_fields)
    prepare()
    return ActiveProfile(
        profile=profile,
        credential=credential,
        base=base,
        headers=check_headers(profile.headers),
        pool=Pool(base, profile.outbound_proxy, profile.timeouts.connect_s),
        catalog=Catalog(models_of(profile.models)),
    )


class Switchboard:
    """Knows all profiles, makes them ready at first use, and which one is active."""

    def __init__(self, hub: EventHub, credentials: CredentialFactory) -> None:
        self._hub = hub
        self._credentials = credentials
        self._known: dict[str, Profile] = {}
        self._ready: dict[str, ActiveProfile] = {}
        self._active_id: str | None = None

    @property
    def active(self) -> ActiveProfile | None:
        """The profile new requests go to."""
        return None if self._active_id is None else self._ready.get(self._active_id)

    def pinned(self, profile_id: str) -> ActiveProfile:
        """The profile of this id, made ready if it is not.

        Raises:
            UnknownProfileError: there is none.
            InvalidUpstreamError: it cannot be used as it stands.
        """
        ready = self._ready.get(profile_id)
        if ready is None:
            profile = self._known.get(profile_id)
            if profile is None:
                raise UnknownProfileError(profile_id)
            ready = self._ready[profile_id] = activate(profile, self._credentials(profile))
        return ready

    async def activate(self, profile: Profile) -> ActiveProfile:
        """Send new requests to `profile`; running ones end where they began. Doing it twice changes nothing.

        Raises:
            InvalidUpstreamError: it cannot be used; the active profile stays what it was.
        """
        ready, replaced = self._ready.get(profile.id), None
        if ready is None or ready.profile != profile:
            fresh = activate(profile, self._credentials(profile))
            # At once, before anything waits: a request finds the one or the other, and of two changes neither is lost.
            ready, replaced = fresh, ready
            self._known[profile.id], self._ready[profile.id] = profile, fresh
        if self._active_id != profile.id:
            self._active_id = profile.id
            self._hub.publish(
                ActiveProfileChanged(at=self._hub.now(), profile_id=profile.id, profile_name=profile.name)
            )
        if replaced is not None:
            await replaced.pool.close()
        return ready

    async def refresh(self, profiles: Iterable[Profile], *, new_secrets: frozenset[str] = frozenset()) -> None:
        """Take over a new list of profiles. What did not change keeps its connections and what was learned.

        Args:
            profiles: all of them; an active one that is missing leaves nothing active.
            new_secrets: ids whose key was replaced although the profile looks the same.

        Raises:
            InvalidUpstreamError: the active profile cannot be used any more; it is not active then.
        """
        self._known = {profile.id: profile for profile in profiles}
        stale = [
            self._ready.pop(profile_id)
            for profile_id, ready in [*self._ready.items()]
            if profile_id in new_secrets or self._known.get(profile_id) != ready.profile
        ]
        try:
            if self._active_id in self._known:
                self.pinned(self._active_id)
            else:
                self._active_id = None
        finally:
            for ready in stale:
                await ready.pool.close()

    def reset_connections(self) -> None:
        """Drop the pooled connections of every profile (sleep, network change): the next requests make new ones."""
        for ready in self._ready.values():
            ready.pool.reset()

    async def close(self) -> None:
        """Let go of everything. Idempotent."""
        self._active_id = None
        while self._ready:
            await self._ready.popitem()[1].pool.close()
