"""Who is measured: the byte relay, Dragoman without a screen on two loops, and the tray application on Qt's.

Each is a process of its own in a home of its own, with everything on that users have on: the token and the other locks, events,
watchdog, pings, and the log of requests or the window's list.
"""

from __future__ import annotations

import secrets
import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from performance.processes import Child, cores, free_port
from tray_app.desktop.paths import paths
from tray_app.profiles.model import NoCredential, Profile
from tray_app.profiles.settings import Settings, SettingsStore
from tray_app.profiles.store import ProfileStore

TOKEN_VARIABLE: Final = "DRAGOMAN_BENCH_TOKEN"
KEYRING: Final = "performance.memory_keyring.MemoryKeyring"
NONE: Final[Mapping[str, str]] = {}
ON_ASYNCIO: Final = "import sys; sys.modules['uvloop'] = None; from tray_app.cli import main; sys.exit(main())"


@dataclass(frozen=True)
class Stage:
    """Where contestants are started: a folder for this run, the upstream, the token that clients send."""

    folder: Path
    upstream: str
    token: str

    def start(self, name: str, command: list[str], variables: Mapping[str, str] = NONE, port: int = 0) -> Child:
        """Start a program on the core of the proxies."""
        log = self.folder / f"{name}.log"
        return Child([sys.executable, *command], {TOKEN_VARIABLE: self.token, **variables}, log, cores()[1], port)


@dataclass(frozen=True)
class Contestant:
    """`label` is the head of its column; `start` makes a process that says its port."""

    name: str
    label: str
    start: Callable[[Stage], Child]


def _relay(stage: Stage) -> Child:
    return stage.start("relay", ["-m", "performance.relay", f"{stage.upstream}/chat/completions"])


def _headless(stage: Stage, name: str, program: list[str]) -> Child:
    log = str(stage.folder / f"{name}-requests.jsonl")
    upstream = ["--upstream", stage.upstream, "--outbound-proxy", "direct"]
    return stage.start(
        name, [*program, "serve", "--port", "0", *upstream, "--token-env", TOKEN_VARIABLE, "--log-json", log]
    )


def tray(stage: Stage) -> Child:
    """The tray application, its window closed, no screen needed."""
    variables, port = tray_variables(stage), free_port()
    locations = paths(variables).create()
    profile = Profile(
        id="bench", name="Bench", base_url=stage.upstream, credential=NoCredential(), outbound_proxy="direct"
    )
    ProfileStore(locations.config / "profiles.json").save((profile,), profile.id)
    SettingsStore(locations.config / "settings.json").save(Settings(port=port))
    child = stage.start("tray", ["-m", "performance.tray"], variables, port)
    child.wait_until_it_listens()
    return child


def tray_variables(stage: Stage) -> dict[str, str]:
    """The environment of the tray application: a home and a keyring of its own, no bus to ask for others."""
    return {
        "DRAGOMAN_HOME": str(stage.folder / "home"),
        "PYTHON_KEYRING_BACKEND": KEYRING,
        "QT_QPA_PLATFORM": "offscreen",
        "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere",
    }


CONTESTANTS: Final = (
    Contestant("relay", "byte relay", _relay),
    Contestant("uvloop", "serve, uvloop", lambda stage: _headless(stage, "uvloop", ["-m", "tray_app"])),
    Contestant("asyncio", "serve, asyncio", lambda stage: _headless(stage, "asyncio", ["-c", ON_ASYNCIO])),
    Contestant("tray", "tray, Qt loop", tray),
)


def start_upstream(folder: Path) -> Child:
    """The scripted upstream, on the core of the load."""
    return Child([sys.executable, "-m", "performance.upstream"], {}, folder / "upstream.log", cores()[0])


def open_stage(folder: Path, stack: ExitStack) -> Stage:
    """The upstream, running until `stack` is closed, and a new token."""
    upstream = start_upstream(folder)
    stack.callback(upstream.stop)
    return Stage(folder, f"http://127.0.0.1:{upstream.port}/v1", secrets.token_urlsafe(24))
