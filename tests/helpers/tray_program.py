"""The whole application on a desktop of its own: started, looked at and spoken to as a person and a client would."""

from __future__ import annotations

import asyncio
import json
import socket
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

from helpers.desktop import App, Desktop
from helpers.fake_upstream import FakeUpstream, Script
from helpers.tray_hosts import TrayItem
from helpers.waiting import until
from tray_app.profiles.model import NoCredential, Profile
from tray_app.profiles.settings import Settings, SettingsStore
from tray_app.profiles.store import ProfileStore

REQUEST = {"model": "claude-x", "max_tokens": 64, "messages": [{"role": "user", "content": "Say hello, please."}]}
IDLE, TROUBLE, STOPPED = "#2f6fe4", "#d92d20", "#6b7280"  # the fillings of the icons
NO_KEYRING = "keyring.backends.fail.Keyring"
ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    """A port that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class TrayProgram:
    """Dragoman on `desktop`, with a home of its own and a free port. `first_start` false: it has been run before."""

    def __init__(self, desktop: Desktop, *, first_start: bool = False, profiles: tuple[Profile, ...] = ()) -> None:
        self.desktop = desktop
        self.port = free_port()
        self.config = desktop.home / ".config" / "dragoman"
        self.config.mkdir(mode=0o700, parents=True)
        if first_start:
            settings = {"schema": 1, "revision": 0, "settings": {"port": self.port}}
            (self.config / "settings.json").write_text(json.dumps(settings))
        else:
            SettingsStore(self.config / "settings.json").save(Settings(port=self.port))
        if profiles:
            ProfileStore(self.config / "profiles.json").save(profiles, profiles[0].id)

    def start(self, *arguments: str) -> App:
        """Start it, or a second one beside it."""
        command = (sys.executable, "-m", "tray_app", *arguments)
        # Without a keyring of the desktop's own, D-Bus would start one that waits for a password.
        keyring = self.desktop.environment.get("PYTHON_KEYRING_BACKEND", NO_KEYRING)
        return self.desktop.start_app(*command, PYTHONPATH=str(ROOT), PYTHON_KEYRING_BACKEND=keyring)

    def item(self) -> TrayItem:
        """Its icon, once the proxy runs (on a desktop with a StatusNotifier host)."""
        item = self.desktop.tray.wait_for_item()
        until(lambda: "Running on" in item.tooltip(), "the proxy to run")
        return item

    def token(self, item: TrayItem) -> str:
        """The local token, from the setup that is copied for bash."""
        item.choose("Copy setup", "bash / zsh")
        text = until(lambda: self.pasted("ANTHROPIC_AUTH_TOKEN"), "the setup in the clipboard")
        line = next(line for line in text.splitlines() if "ANTHROPIC_AUTH_TOKEN" in line)
        return line.partition("=")[2].strip("'")

    def pasted(self, wanted: str) -> str:
        """The clipboard if it holds `wanted`, else nothing."""
        text = self.desktop.clipboard()
        return text if wanted in text else ""

    def ask(self, token: str, body: dict[str, Any] = REQUEST) -> tuple[int, Any]:
        """Send a request as a client would; status and JSON of the answer."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/v1/messages",
            data=json.dumps(body).encode(),
            headers={"x-api-key": token, "content-type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - our own address
                return answer.status, json.load(answer)
        except HTTPError as error:
            with error:
                return error.code, json.load(error)


def local_profile(profile_id: str, url: str, color: str = "#5b7cfa") -> Profile:
    """A provider on loopback that wants no key."""
    return Profile(
        id=profile_id,
        name=profile_id.capitalize(),
        base_url=url,
        credential=NoCredential(),
        outbound_proxy="direct",
        color=color,
    )


@contextmanager
def upstream(script: Script) -> Iterator[str]:
    """A scripted provider on a thread of its own; yields its base URL."""
    ready, address, end = threading.Event(), [], asyncio.Event()
    loop = asyncio.new_event_loop()

    async def serve() -> None:
        async with FakeUpstream(script) as fake:
            address.append(fake.url)
            ready.set()
            await end.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    assert ready.wait(10)
    try:
        yield address[0]
    finally:
        loop.call_soon_threadsafe(end.set)
        thread.join()
        loop.close()


def quit_by_menu(item: TrayItem, program: App) -> None:
    """The usual way out."""
    item.choose("Quit")
    assert program.wait() == 0


def active_window(desktop: Desktop) -> str:
    """The title of the window that has the keyboard (the active one may still be waiting for it)."""
    return desktop.run("xdotool", "getwindowfocus", "getwindowname")
