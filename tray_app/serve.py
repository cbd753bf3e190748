"""`dragoman serve`: the same proxy without Qt, for servers, containers, CI and WSL. A composition root on plain asyncio.

Builds, wires, runs until a signal, drains, closes. Says where it listens in one line on stdout; everything else goes to
stderr. It must not import PySide6.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
import time
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, BinaryIO

from tray_app.profiles.credentials import CredentialSource, credential_source
from tray_app.profiles.model import DEMO_ID, Profile
from tray_app.profiles.secrets import Secrets, SecretStore
from tray_app.proxy.endpoint.guard import OpenBindError
from tray_app.proxy.endpoint.ports import PortTakenError
from tray_app.proxy.endpoint.server import ProxyServer
from tray_app.proxy.endpoint.settings import ServerSettings
from tray_app.proxy.hub import EventHub
from tray_app.proxy.ids import new_id
from tray_app.proxy.request_log import RequestLog
from tray_app.proxy.tasks import spawn
from tray_app.proxy.upstream.addresses import InvalidUpstreamError
from tray_app.proxy.upstream.demo import DemoUpstream
from tray_app.proxy.upstream.switchboard import Switchboard
from tray_app.runtime import garbage, logs
from tray_app.serve_options import FAILED, StartError, chosen_profile, local_token
from tray_app.translation.redaction import redact


def run(options: argparse.Namespace, environ: Mapping[str, str] = os.environ) -> int:
    """Serve until SIGTERM or SIGINT; returns the exit status."""
    logs.to_stderr(redact)
    try:
        _run_loop(_serve(options, environ))
    except StartError as error:
        print(f"dragoman serve: {error}", file=sys.stderr)
        return error.code
    return 0


def _run_loop(work: Coroutine[Any, Any, None]) -> None:
    try:
        import uvloop
    except ImportError:
        factory: Callable[[], asyncio.AbstractEventLoop] | None = None
    else:
        factory = uvloop.new_event_loop
    with asyncio.Runner(loop_factory=factory) as runner:
        runner.run(work)


async def _serve(options: argparse.Namespace, environ: Mapping[str, str]) -> None:
    secrets = SecretStore()
    profile, profiles = chosen_profile(options, environ)
    demo = DemoUpstream()
    if profile is None:
        await demo.start()
        profile = demo.profile
    token = await local_token(options, environ, secrets)
    hub = EventHub(time.time)
    switchboard = Switchboard(hub, _credentials(demo, secrets, environ))
    server = ProxyServer(
        switchboard, hub, ServerSettings(host=options.host, port=options.port, token=token), time.monotonic, new_id
    )
    try:
        with _log_lines(hub, options.log_json):
            await _until_stopped(server, switchboard, profile, profiles)
    finally:
        await server.stop()
        await switchboard.close()
        await demo.stop()


async def _until_stopped(
    server: ProxyServer, switchboard: Switchboard, profile: Profile, profiles: tuple[Profile, ...]
) -> None:
    stopped = asyncio.Event()
    _on_signals(stopped.set)
    try:
        await switchboard.refresh((*profiles, profile))
        await switchboard.activate(profile)
        await server.start()
    except (InvalidUpstreamError, OpenBindError) as error:
        raise StartError(str(error)) from None
    except PortTakenError as error:
        raise StartError(f"{error} (choose another one with --port)", FAILED) from None
    except OSError as error:
        raise StartError(f"cannot listen on {server.settings.host}: {error.strerror or error}", FAILED) from None
    garbage.settle()
    print(f"listening on {server.url}", flush=True)
    await stopped.wait()
    await server.stop()


def _on_signals(stop: Callable[[], None]) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        try:
            loop.add_signal_handler(number, stop)
        except NotImplementedError:  # Windows
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop))


def _credentials(
    demo: DemoUpstream, secrets: Secrets, environ: Mapping[str, str]
) -> Callable[[Profile], CredentialSource]:
    def source(profile: Profile) -> CredentialSource:
        return demo.credential if profile.id == DEMO_ID else credential_source(profile, secrets, environ=environ)

    return source


# -- the request log


@contextmanager
def _log_lines(hub: EventHub, target: str | None) -> Iterator[None]:
    """Write a line per finished request while the block runs, and the last ones when it ends."""
    if not target:
        yield
        return
    file = _opened(target)
    log, wake, cursor = RequestLog(), asyncio.Event(), 0

    def write() -> None:
        nonlocal cursor
        batch = hub.read(cursor)
        cursor = batch.cursor
        file.writelines(log.lines(batch.events))
        file.flush()

    async def follow() -> None:
        while True:
            await wake.wait()
            wake.clear()
            write()

    hub.wake = wake.set
    task = spawn(follow(), name="request log")
    try:
        yield
    finally:
        task.cancel()
        write()
        if file is not sys.stdout.buffer:
            file.close()


def _opened(target: str) -> BinaryIO:
    if target == "-":
        return sys.stdout.buffer
    try:
        # Whose requests these were is nobody else's business, hence the mode.
        return os.fdopen(os.open(target, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "ab")
    except OSError as error:
        raise StartError(f"--log-json {target}: {error.strerror}") from None
