"""`dragoman serve`: the same proxy without Qt, for servers, containers, CI and WSL. A composition root on plain asyncio.

Builds, wires, runs until a signal, drains, closes. Says where it listens in one line on stdout; everything else goes to
stderr. It must not import PySide6.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO

from tray_app.profiles.credentials import CredentialSource, credential_source
from tray_app.profiles.model import DEMO_ID, Profile
from tray_app.profiles.secrets import Secrets, SecretStore
from tray_app.proxy.endpoint.guard import OpenBindError
from tray_app.proxy.endpoint.ports import PortTakenError
from tray_app.proxy.endpoint.server import ProxyServer
from tray_app.proxy.endpoint.settings import ServerSettings
from tray_app.proxy.events import Event
from tray_app.proxy.follower import Reader, following
from tray_app.proxy.hub import EventHub
from tray_app.proxy.ids import new_id
from tray_app.proxy.request_log import RequestLog
from tray_app.proxy.upstream.addresses import InvalidUpstreamError
from tray_app.proxy.upstream.demo import DemoUpstream
from tray_app.proxy.upstream.switchboard import Switchboard
from tray_app.runtime import garbage, logs
from tray_app.serve_options import FAILED, StartError, address, chosen_profile, local_token, shared_port, usage_ledger
from tray_app.translation.redaction import redact
from tray_app.workers import Link, supervise

_log = logging.getLogger(__name__)


def run(options: argparse.Namespace, environ: Mapping[str, str] = os.environ) -> int:
    """Serve until SIGTERM or SIGINT; returns the exit status."""
    logs.to_stderr(redact)
    if options.workers > 1:
        return _said(lambda: _share(options, environ))
    return _said(lambda: _run_loop(_serve(options, environ)))


def _said(act: Callable[[], int]) -> int:
    """Do it; what keeps it from starting is one line, and the exit status."""
    try:
        return act()
    except StartError as error:
        print(f"dragoman serve: {error}", file=sys.stderr)
        return error.code


def _share(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Several processes behind one port, with one token."""
    if sys.platform != "linux":
        raise StartError(
            "--workers needs Linux: elsewhere the system does not spread connections over several processes"
        )
    token = asyncio.run(local_token(options, environ, SecretStore()))
    with shared_port(options.host, options.port) as held:
        port = held.getsockname()[1]
        settings = ServerSettings(host=options.host, port=port, token=token, reuse_port=True)
        garbage.settle()
        return supervise(
            options.workers,
            lambda link: _said(lambda: _run_loop(_serve(options, environ, Duty(settings, link)))),
            lambda: print(f"listening on {address(options.host, port)} ({options.workers} workers)", flush=True),
        )


@dataclass(frozen=True, slots=True)
class Duty:
    """What a worker is told by its parent."""

    settings: ServerSettings
    link: Link


def _run_loop(work: Coroutine[Any, Any, None]) -> int:
    try:
        import uvloop
    except ImportError:
        factory: Callable[[], asyncio.AbstractEventLoop] | None = None
    else:
        factory = uvloop.new_event_loop
    with asyncio.Runner(loop_factory=factory) as runner:
        runner.run(work)
    return 0


async def _serve(options: argparse.Namespace, environ: Mapping[str, str], duty: Duty | None = None) -> None:
    secrets = SecretStore()
    profile, profiles = chosen_profile(options, environ)
    demo = DemoUpstream()
    if profile is None:
        await demo.start()
        profile = demo.profile
    if duty is not None:
        settings = duty.settings
    else:
        token = await local_token(options, environ, secrets)
        settings = ServerSettings(host=options.host, port=options.port, token=token)
    hub = EventHub(time.time)
    switchboard = Switchboard(hub, _credentials(demo, secrets, environ))
    server = ProxyServer(switchboard, hub, settings, time.monotonic, new_id)
    try:
        with _recorded(hub, options, environ):
            await _until_stopped(server, switchboard, (*profiles, profile), duty.link if duty else None)
    finally:
        await server.stop()
        await switchboard.close()
        await demo.stop()


async def _until_stopped(
    server: ProxyServer, switchboard: Switchboard, profiles: tuple[Profile, ...], link: Link | None
) -> None:
    """`profiles`: those that can be pinned; the last is the active one."""
    stopped = asyncio.Event()
    _on_signals(stopped.set)
    if link is not None:
        _when_gone(link.parent_fd, stopped.set)
    try:
        await switchboard.refresh(profiles)
        await switchboard.activate(profiles[-1])
        await server.start()
    except (InvalidUpstreamError, OpenBindError) as error:
        raise StartError(str(error)) from None
    except PortTakenError as error:
        raise StartError(f"{error} (choose another one with --port)", FAILED) from None
    except OSError as error:
        raise StartError(f"cannot listen on {server.settings.host}: {error.strerror or error}", FAILED) from None
    garbage.settle()
    if link is not None:
        link.ready()
    else:
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


def _when_gone(fd: int, act: Callable[[], None]) -> None:
    """Act when the other end of a pipe is closed."""
    loop = asyncio.get_running_loop()

    def gone() -> None:
        loop.remove_reader(fd)
        act()

    loop.add_reader(fd, gone)


def _credentials(
    demo: DemoUpstream, secrets: Secrets, environ: Mapping[str, str]
) -> Callable[[Profile], CredentialSource]:
    def source(profile: Profile) -> CredentialSource:
        return demo.credential if profile.id == DEMO_ID else credential_source(profile, secrets, environ=environ)

    return source


# -- who is told what happens


@contextmanager
def _recorded(hub: EventHub, options: argparse.Namespace, environ: Mapping[str, str]) -> Iterator[None]:
    """Requests of the block are counted in the ledger and written to the log, as far as that is wanted."""
    with ExitStack() as stack:
        readers = []
        if options.log_json:
            readers.append(stack.enter_context(_log_lines(options.log_json)))
        if not options.no_ledger:
            readers.append(stack.enter_context(_ledger(environ)))
        if readers:
            stack.enter_context(following(hub, readers))
        yield


@contextmanager
def _ledger(environ: Mapping[str, str]) -> Iterator[Reader]:
    """The ledger that the tray application shows. What is wrong with it is said, and no request waits for it."""
    ledger, problems = usage_ledger(environ)
    for problem in filter(None, (*problems, ledger.start().problem)):
        _log.warning("usage ledger: %s", problem)
    ledger.on_trouble = lambda: _log.warning("usage ledger: %s", ledger.status.problem or "written again")
    try:
        yield ledger.consume
    finally:
        ledger.stop()
        if ledger.status.lost:
            _log.warning("usage ledger: requests not counted: %d", ledger.status.lost)


@contextmanager
def _log_lines(target: str) -> Iterator[Reader]:
    """A line per finished request."""
    file, log = _opened(target), RequestLog()

    def write(events: tuple[Event, ...]) -> None:
        for line in log.lines(events):
            file.write(line)
            file.flush()  # in one piece each: workers write to one file

    try:
        yield write
    finally:
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
