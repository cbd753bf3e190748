"""The local endpoint: binds, runs, drains, stops; and the way of each request through the locks to its handler.

    state      start()    bound      bind failed   stop()     drained
    STOPPED    STARTING   -          -             STOPPED    -
    STARTING   -          RUNNING    FAILED        -          -
    RUNNING    RUNNING    -          -             DRAINING   -
    DRAINING   -          -          -             -          STOPPED
    FAILED     STARTING   -          -             STOPPED    -

`start` and `stop` are idempotent and run one at a time. A taken port is an error that names the owner where the system
tells; the server never starts silently elsewhere. Its counterparts are `exchange.py`, which answers, and the controller.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from enum import Enum, auto
from typing import Final

import msgspec

from tray_app.proxy.endpoint.call import Call
from tray_app.proxy.endpoint.guard import Guard, check_bind, is_loopback
from tray_app.proxy.endpoint.listener import Listener
from tray_app.proxy.endpoint.ports import TAKEN_ERRORS, port_taken
from tray_app.proxy.endpoint.request import Reply, Request
from tray_app.proxy.endpoint.routes import check_method, match
from tray_app.proxy.endpoint.settings import ServerSettings
from tray_app.proxy.endpoint.side_routes import answer_side_route
from tray_app.proxy.events import RequestRefused, ServerState, ServerStateChanged
from tray_app.proxy.exchange.exchange import Exchange
from tray_app.proxy.hub import EventHub
from tray_app.proxy.ids import IdFactory
from tray_app.proxy.recorder import Recorder
from tray_app.proxy.services import Services
from tray_app.proxy.upstream.switchboard import Switchboard
from tray_app.translation import failures
from tray_app.translation.errors import ApiError

DRAIN_S: Final = 5.0
# After the drain every stream has been told; this is for the bytes to leave.
LAST_WORDS_S: Final = 1.0
BACKLOG: Final = 512  # a team's agents may all come at once

_log = logging.getLogger(__name__)


class Move(Enum):
    """What makes the server change state."""

    START = auto()
    BOUND = auto()
    FAIL = auto()
    STOP = auto()
    DRAINED = auto()


_S = ServerState
_MOVES: Final[dict[tuple[ServerState, Move], ServerState]] = {
    (_S.STOPPED, Move.START): _S.STARTING,
    (_S.FAILED, Move.START): _S.STARTING,
    (_S.STARTING, Move.BOUND): _S.RUNNING,
    (_S.STARTING, Move.FAIL): _S.FAILED,
    (_S.RUNNING, Move.STOP): _S.DRAINING,
    (_S.DRAINING, Move.DRAINED): _S.STOPPED,
    (_S.FAILED, Move.STOP): _S.STOPPED,
}


class ProxyServer:
    """The listener and the requests in flight.

    Attributes:
        state: see the table of this module.
        url: ``http://127.0.0.1:8417`` while bound, else None.
    """

    def __init__(
        self,
        switchboard: Switchboard,
        hub: EventHub,
        settings: ServerSettings,
        clock: Callable[[], float],
        ids: IdFactory,
        recorder: Recorder | None = None,
    ) -> None:
        self.state = ServerState.STOPPED
        self.url: str | None = None
        self._settings = settings
        self._hub = hub
        self._clock = clock
        self._ids = ids
        self._services = Services(
            switchboard=switchboard, hub=hub, clock=clock, ids=ids, delays=settings.delays, recorder=recorder
        )
        self._guard = _guard(settings)
        self._listener: Listener | None = None
        self._sites: list[asyncio.Server] = []
        self._running: set[Exchange] = set()
        self._idle = asyncio.Event()
        self._idle.set()
        self._one_at_a_time = asyncio.Lock()

    @property
    def settings(self) -> ServerSettings:
        """What the server works with now."""
        return self._settings

    @property
    def requests_running(self) -> int:
        """Messages requests in flight."""
        return len(self._running)

    def use_token(self, token: str | None) -> None:
        """Replace the local token; running requests go on.

        Raises:
            OpenBindError: no token, and the server listens beyond loopback.
        """
        check_bind(self._settings.host, token)
        self._settings = replace(self._settings, token=token)
        self._guard = _guard(self._settings)

    async def use(self, settings: ServerSettings) -> None:
        """Take over other settings; a running server is stopped and started if its address changes.

        Raises:
            PortTakenError, OpenBindError, OSError: as `start`.
        """
        moved = (settings.host, settings.port, settings.ipv6) != (
            self._settings.host,
            self._settings.port,
            self._settings.ipv6,
        )
        running = self.state is ServerState.RUNNING
        if moved and running:
            await self.stop()
        self._settings = settings
        self._guard = _guard(settings)
        self._services = replace(self._services, delays=settings.delays)
        if moved and running:
            await self.start()

    # -- life

    async def start(self) -> None:
        """Bind and accept. Nothing happens if the server runs.

        Raises:
            PortTakenError: the port is in use; says by whom if the system tells, and which one is free.
            OpenBindError: an address beyond loopback without a token.
            OSError: the address cannot be bound for another reason.
        """
        async with self._one_at_a_time:
            if self.state is ServerState.RUNNING:
                return
            self._move(Move.START)
            try:
                check_bind(self._settings.host, self._settings.token)
                self.url = await self._bind()
            except (OSError, ValueError) as error:
                await self._unbind()
                self._move(Move.FAIL, str(error))
                raise
            self._move(Move.BOUND)

    async def _bind(self) -> str:
        listener = self._listener = Listener(self._handle, self._new_request_id)
        host, port = self._settings.host, self._settings.port
        hosts = [host, "::1"] if self._settings.ipv6 and host == "127.0.0.1" else [host]
        for address in hosts:
            try:
                site = await asyncio.get_running_loop().create_server(
                    listener, address, port, backlog=BACKLOG, reuse_port=self._settings.reuse_port or None
                )
            except OSError as error:
                if error.errno in TAKEN_ERRORS and port:
                    raise port_taken(address, port) from error
                raise
            self._sites.append(site)
            port = site.sockets[0].getsockname()[1]
        shown = f"[{host}]" if ":" in host else host
        return f"http://{shown}:{port}"

    async def stop(self, drain_s: float = DRAIN_S) -> None:
        """Accept nothing new, let running answers end for `drain_s` seconds, tell the rest, close. Idempotent."""
        async with self._one_at_a_time:
            if self.state is ServerState.FAILED:
                self._move(Move.STOP)
            if self.state is not ServerState.RUNNING:
                return
            self._move(Move.STOP)
            await self._drain(drain_s)
            await self._unbind()
            self._move(Move.DRAINED)

    async def _drain(self, drain_s: float) -> None:
        self._accept_no_more()
        await self._until_idle(drain_s)
        for exchange in list(self._running):
            exchange.abort(failures.shutting_down())  # R-LIV-5
        await self._until_idle(LAST_WORDS_S)

    async def _until_idle(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._idle.wait()
        except TimeoutError:
            _log.info("%d requests still running after %.0f s", len(self._running), seconds)

    async def _unbind(self) -> None:
        self._accept_no_more()
        listener, self._listener, self.url = self._listener, None, None
        if listener is not None:
            await listener.shutdown(LAST_WORDS_S)

    def _accept_no_more(self) -> None:
        while self._sites:
            self._sites.pop().close()

    def _move(self, move: Move, error: str | None = None) -> None:
        self.state = _MOVES[self.state, move]
        self._hub.publish(ServerStateChanged(at=self._hub.now(), state=self.state, url=self.url, error=error))

    # -- requests

    def _new_request_id(self) -> str:
        return f"req_{self._ids()}"

    async def _handle(self, request: Request) -> None:
        call = Call(
            request=request,
            route=match(request.path, self._settings.prefixes),
            id=self._new_request_id(),
            began=self._clock(),
            body_limit=self._settings.body_limit_bytes,
        )
        try:
            self._admit(call, request.path)
        except ApiError as error:
            await call.send(self._refuse(call, error))
            return
        if call.route.name == "messages":
            await self._exchange(call)
        else:
            await call.send(await answer_side_route(self._services, call))

    def _admit(self, call: Call, path: str) -> None:
        self._guard.check(call.route.name, call.request.method, call.request.headers)
        check_method(call.route, call.request.method, path)
        if self.state is not ServerState.RUNNING:  # a kept-alive connection during the drain
            raise failures.shutting_down()

    def _refuse(self, call: Call, error: ApiError) -> Reply:
        self._hub.publish(
            RequestRefused(
                at=self._hub.now(), id=call.id, status=error.status, reason=error.message, client=call.client
            )
        )
        return call.error(error)

    async def _exchange(self, call: Call) -> None:
        recorder = self._services.recorder
        if recorder is not None:
            call = msgspec.structs.replace(call, recording=recorder.open(call.id))
        exchange = Exchange(self._services, call)
        self._running.add(exchange)
        self._idle.clear()
        try:
            reply = await exchange.run()
            if reply is not None:
                await call.send(reply)
        finally:
            self._running.discard(exchange)
            if not self._running:
                self._idle.set()


def _guard(settings: ServerSettings) -> Guard:
    return Guard(token=settings.token, loopback_only=is_loopback(settings.host), names=settings.names)
