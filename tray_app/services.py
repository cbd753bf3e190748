"""Builds what the controller works with.

Everything heavy (aiohttp, keyring) is imported from here, so this module itself is imported late, when the icon is already
on the screen. Counterpart: `app.py`; the headless program has its own in `serve.py`.
"""

from __future__ import annotations

import asyncio
import secrets as random_secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tray_app.clients.claude_code import ClaudeCode, settings_path
from tray_app.clients.loops import is_self
from tray_app.control.controller import Services
from tray_app.control.diagnostics import Sources
from tray_app.control.library import Library
from tray_app.desktop.autostart import autostart
from tray_app.desktop.paths import Paths
from tray_app.history.ledger import LEDGER_FILE, Ledger
from tray_app.history.price_file import PRICES_FILE, PriceFile
from tray_app.history.prices import Prices, packaged_prices
from tray_app.profiles.credentials import CredentialSource, credential_source
from tray_app.profiles.files import FileError, write_atomic
from tray_app.profiles.model import DEMO_ID, Profile
from tray_app.profiles.secrets import Secrets, SecretsError, SecretsStatus, SessionSecrets, local_token
from tray_app.profiles.settings import LoadedSettings, Settings, SettingsStore
from tray_app.profiles.store import ProfileStore
from tray_app.proxy.endpoint.server import ProxyServer
from tray_app.proxy.endpoint.settings import ServerSettings
from tray_app.proxy.events import TrialReport
from tray_app.proxy.hub import EventHub
from tray_app.proxy.ids import new_id
from tray_app.proxy.recorder import Recorder
from tray_app.proxy.upstream.demo import DemoUpstream
from tray_app.proxy.upstream.local_client import send_test_message
from tray_app.proxy.upstream.switchboard import Switchboard
from tray_app.proxy.upstream.trial import Tell, list_models, try_profile
from tray_app.runtime.logs import FILE_NAME
from tray_app.state import Problem, ProblemKind, TokenStatus

PROFILES_FILE: Final = "profiles.json"
SETTINGS_FILE: Final = "settings.json"
TOKEN_BYTES: Final = 24


@dataclass(frozen=True, slots=True)
class Keys:
    """Where secrets are kept in this run, and the local token."""

    store: Secrets
    token: str | None
    status: TokenStatus
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Built:
    """The services, the hub they publish to, and how to let go of them."""

    services: Services
    hub: EventHub
    first_start: bool
    close: Callable[[], Awaitable[None]]


async def build(
    locations: Paths, environ: Mapping[str, str], home: Path, keyring: Secrets, status: SecretsStatus
) -> Built:
    """Make everything ready; nothing listens for clients yet. `status` is what the keyring has said of itself."""
    settings_store = SettingsStore(locations.config / SETTINGS_FILE)
    loaded, stored = await asyncio.to_thread(_load_settings, settings_store)
    keys = await find_keys(keyring, status, loaded.settings)
    demo = DemoUpstream()
    await demo.start()
    hub = EventHub(time.time)
    ledger = _ledger(locations, loaded.settings)
    switchboard = Switchboard(hub, _credentials(demo, keys.store, environ))
    recorder = Recorder()
    server = _server(switchboard, hub, server_settings(loaded.settings, keys.token), recorder)

    async def close() -> None:
        await server.stop()
        await switchboard.close()
        await demo.stop()
        await asyncio.to_thread(ledger.stop)

    def is_own(url: str) -> bool:
        return is_self(url, server.settings.port)

    services = Services(
        server=server,
        recorder=recorder,
        library=Library(ProfileStore(locations.config / PROFILES_FILE), keys.store, switchboard, demo, is_own),
        secrets=keys.store,
        settings=loaded.settings,
        settings_store=settings_store,
        autostart=autostart(environ, home),
        claude=ClaudeCode(settings_path(environ), write_atomic),
        try_profile=_try,
        list_models=list_models,
        send_test_message=send_test_message,
        now=time.time,
        token=keys.status,
        ledger=ledger,
        price_file=PriceFile(locations.config / PRICES_FILE),
        diagnostics=Sources(log_file=locations.state / FILE_NAME, home=home, environ=environ, hub=hub),
        problems=(*keys.problems, *stored),
    )
    return Built(services=services, hub=hub, first_start=loaded.revision == 0, close=close)


async def find_keys(keyring: Secrets, status: SecretsStatus, settings: Settings) -> Keys:
    """The keyring if it works, else memory for this run; and the local token, made at the first start."""
    problems = () if status.usable else (Problem(ProblemKind.NO_KEYRING, status.problem),)
    store = keyring if status.usable else SessionSecrets()
    where = TokenStatus.STORED if status.usable else TokenStatus.SESSION
    if not settings.require_token:
        return Keys(store, None, TokenStatus.OFF, problems)
    try:
        return Keys(store, await local_token(store), where, problems)
    except SecretsError as error:  # it can be read from but not written to
        problem = Problem(ProblemKind.NO_KEYRING, f"{error.message} {error.hint}")
        return Keys(SessionSecrets(), random_secrets.token_urlsafe(TOKEN_BYTES), TokenStatus.SESSION, (problem,))


def server_settings(settings: Settings, token: str | None) -> ServerSettings:
    """What the server is told of the settings."""
    return ServerSettings(host=settings.host, port=settings.port, ipv6=settings.ipv6, token=token)


def _server(switchboard: Switchboard, hub: EventHub, settings: ServerSettings, recorder: Recorder) -> ProxyServer:
    return ProxyServer(switchboard, hub, settings, time.monotonic, new_id, recorder)


def _ledger(locations: Paths, settings: Settings) -> Ledger:
    return Ledger(locations.data / LEDGER_FILE, Prices(packaged_prices()), retention_days=settings.retention_days)


def _load_settings(store: SettingsStore) -> tuple[LoadedSettings, tuple[Problem, ...]]:
    """The settings, written out at the first start so that the next one is not the first."""
    loaded = store.load()
    problems = [Problem(ProblemKind.PROFILES_UNREADABLE, "; ".join(loaded.problems))] if loaded.problems else []
    if loaded.revision == 0:
        try:
            store.save(loaded.settings)
        except FileError as error:
            problems.append(Problem(ProblemKind.SAVE_FAILED, str(error)))
    return loaded, tuple(problems)


def _credentials(
    demo: DemoUpstream, secrets: Secrets, environ: Mapping[str, str]
) -> Callable[[Profile], CredentialSource]:
    def source(profile: Profile) -> CredentialSource:
        return demo.credential if profile.id == DEMO_ID else credential_source(profile, secrets, environ=environ)

    return source


async def _try(profile: Profile, credential: CredentialSource, tell: Tell) -> TrialReport:
    return await try_profile(profile, credential, clock=time.monotonic, now=time.time, ids=new_id, tell=tell)
