"""The controller's services for tests: the real server, library and switchboard; secrets in memory; an upstream of the test."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import msgspec

from helpers.proxy_stack import REQUEST
from helpers.signals import Listener
from helpers.tray_program import free_port
from tray_app.clients.claude_code import ClaudeCode
from tray_app.clients.loops import is_self
from tray_app.control.controller import Controller, Services
from tray_app.control.diagnostics import Sources
from tray_app.control.library import Library
from tray_app.desktop.autostart.linux import DesktopEntry
from tray_app.editing import ProfileDraft
from tray_app.history.ledger import Ledger
from tray_app.history.price_file import PriceFile
from tray_app.history.prices import Prices, packaged_prices
from tray_app.profiles.credentials import CredentialSource, credential_source
from tray_app.profiles.files import write_atomic
from tray_app.profiles.model import DEMO_ID, Profile
from tray_app.profiles.secrets import SessionSecrets
from tray_app.profiles.settings import Settings, SettingsStore
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
from tray_app.state import AppState, ProblemKind, TokenStatus

TOKEN = "the-local-token"
KEY = "sk-a-made-up-key"
DRAFT = ProfileDraft(name="One", base_url="https://one.example/v1", outbound_proxy="direct")


@dataclass
class Stack:
    """Everything, for a test to look at."""

    controller: Controller
    library: Library
    server: ProxyServer
    switchboard: Switchboard
    hub: EventHub
    secrets: SessionSecrets
    store: ProfileStore
    settings_store: SettingsStore
    ledger: Ledger


@asynccontextmanager
async def stack(
    folder: Path, *, port: int = 0, settings: Settings | None = None, secrets: SessionSecrets | None = None
) -> AsyncIterator[Stack]:
    """A controller on a free port, not started; files are under `folder`."""
    settings = msgspec.structs.replace(settings or Settings(), port=port or free_port())
    hub, keys, demo = EventHub(time.time), secrets or SessionSecrets(), DemoUpstream(word_s=0.0)
    await demo.start()

    def source(profile: Profile) -> CredentialSource:
        return demo.credential if profile.id == DEMO_ID else credential_source(profile, keys)

    switchboard = Switchboard(hub, source)
    recorder = Recorder()
    listen = ServerSettings(port=settings.port, token=TOKEN)
    server = ProxyServer(switchboard, hub, listen, time.monotonic, new_id, recorder)
    store = ProfileStore(folder / "config" / "profiles.json")
    library = Library(store, keys, switchboard, demo, lambda url: is_self(url, server.settings.port))
    settings_store = SettingsStore(folder / "config" / "settings.json")
    ledger = Ledger(folder / "data" / "usage.sqlite", Prices(packaged_prices()))
    services = Services(
        server=server,
        recorder=recorder,
        library=library,
        secrets=keys,
        settings=settings,
        settings_store=settings_store,
        autostart=DesktopEntry(("dragoman", "--minimized"), folder / "autostart"),
        claude=ClaudeCode(folder / "claude" / "settings.json", write_atomic),
        try_profile=_try,
        list_models=list_models,
        send_test_message=send_test_message,
        now=time.time,
        token=TokenStatus.STORED,
        ledger=ledger,
        price_file=PriceFile(folder / "config" / "prices.toml"),
        diagnostics=Sources(log_file=folder / "state" / "dragoman.log", home=folder, environ={}, hub=hub),
    )
    controller = Controller(services)
    try:
        yield Stack(controller, library, server, switchboard, hub, keys, store, settings_store, ledger)
    finally:
        controller.usage.rest()
        controller.activity.rest()
        await server.stop(drain_s=0.0)
        await switchboard.close()
        await demo.stop()
        ledger.stop()


async def _try(profile: Profile, credential: CredentialSource, tell: Tell) -> TrialReport:
    return await try_profile(profile, credential, clock=time.monotonic, now=time.time, ids=new_id, tell=tell)


def kinds(state: AppState) -> list[ProblemKind]:
    """The problems that are shown."""
    return [problem.kind for problem in state.problems]


async def ask(parts: Stack) -> int:
    """A client's request; returns the status."""
    async with aiohttp.ClientSession(headers={"x-api-key": TOKEN}) as client:
        async with client.post(f"{parts.controller.proxy.endpoint()}/v1/messages", json=REQUEST) as answer:
            await answer.read()
            return answer.status


async def saved(parts: Stack, draft: ProfileDraft = DRAFT, secret: str = KEY) -> str:
    """The id of a provider that was saved through the controller."""
    results = Listener(parts.controller.providers.saveFinished)
    parts.controller.providers.save(draft, secret)
    result = await results.until()
    assert result.problems == ()
    return str(result.id)
