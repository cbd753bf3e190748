"""The proxy as the user meets it: started and stopped, addressed, connected to clients, and tried with a message."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import Signal

from tray_app.clients.shells import Shell, command_for_profile, curl_line, exports, pinned
from tray_app.control.area import Area
from tray_app.control.board import Board
from tray_app.profiles.secrets import Secrets, SessionSecrets, local_token, rotate_local_token
from tray_app.profiles.settings import Settings
from tray_app.proxy.endpoint.guard import check_bind
from tray_app.proxy.endpoint.ports import PortTakenError, is_free, port_taken
from tray_app.proxy.endpoint.server import ProxyServer
from tray_app.proxy.endpoint.settings import ServerSettings
from tray_app.proxy.events import ServerState
from tray_app.proxy.upstream.local_client import NoAnswerError
from tray_app.state import Problem, ProblemKind, SettingResult, TestMessage, TokenStatus

CURL_MAX_TOKENS: Final = 256
# Where the lock is off any token is let in, but without one Claude Code asks for a login instead of asking us.
ANY_TOKEN: Final = "not-needed"  # noqa: S105 - nobody checks it

SendTestMessage = Callable[[str, str | None, Callable[[str], None]], Awaitable[None]]


class ProxyControl(Area):
    """Starts, stops and describes the server.

    Signals:
        tokenRotated(): clients need the new local token from now on.
        testMessageChanged(TestMessage): the answer to a test message, as far as it has come.
        portFound(SettingResult): the port is taken, or could be had again; `port_found` is the newest.
    """

    tokenRotated = Signal()
    testMessageChanged = Signal(object)
    portFound = Signal(object)

    def __init__(self, board: Board, server: ProxyServer, secrets: Secrets, send_test_message: SendTestMessage) -> None:
        super().__init__(board)
        self.port_found = SettingResult("port")
        self._server = server
        self._secrets = secrets
        self._send_test_message = send_test_message

    def reading(self) -> dict[str, Any]:
        server = self._server
        return {"server": server.state, "url": server.url if server.state is ServerState.RUNNING else None}

    def start(self) -> None:
        """Listen. Nothing happens if it does already."""
        self._spawn("start proxy", self.bring_up())

    def stop(self) -> None:
        """Finish what runs and close the door. Nothing happens if it is closed."""
        self._spawn("stop proxy", self._server.stop())

    def send_test_message(self) -> None:
        """Send a short message through the proxy, to see that it works; its answer comes by `testMessageChanged`."""
        server = self._server
        if server.url is not None:
            self._spawn("test message", self._exchange(server.url, server.settings.token))

    def rotate_token(self) -> None:
        """A new local token; clients need it from then on."""
        self._spawn("rotate token", self._rotate_token())

    def token(self) -> str:
        """The local token, for the clipboard or for eyes that asked for it; empty while the lock is off."""
        return self._server.settings.token or ""

    def endpoint(self) -> str:
        """The address for clients, also while nothing listens there."""
        server = self._server
        return server.url or f"http://{server.settings.host}:{server.settings.port}"

    def client_token(self) -> str:
        """What clients send as their key: the local token."""
        return self._server.settings.token or ANY_TOKEN

    def setup_text(self, shell: Shell) -> str:
        """Lines to paste into a shell so that clients talk to us. They hold the local token, never a provider's key."""
        return exports(self.endpoint(), self.client_token(), shell)

    def command_text(self, profile_id: str, shell: Shell) -> str:
        """One line that starts Claude Code on this provider, whichever is active. It holds the local token."""
        return command_for_profile(self.endpoint(), self.client_token(), profile_id, shell)

    def curl_text(self, profile_id: str, model: str, *, stream: bool) -> str:
        """A command that sends a short message as a request did: same provider, same model. It holds no key."""
        message = {"role": "user", "content": "Hello"}
        body = {"model": model, "max_tokens": CURL_MAX_TOKENS, "stream": stream, "messages": [message]}
        return curl_line(pinned(self.endpoint(), profile_id), body)

    async def bring_up(self) -> None:
        """Listen; what stands in the way is a problem on screen."""
        try:
            await self._server.start()
        except PortTakenError as error:
            words = f"{error.port}, {error.owner}" if error.owner else str(error.port)
            self._tell_port(SettingResult("port", "taken", error.owner, error.free_port))
            self._board.report(Problem(ProblemKind.PORT_TAKEN, words))
        except (OSError, ValueError) as error:
            self._board.report(Problem(ProblemKind.SERVER_FAILED, str(error)))
        else:
            self._tell_port(SettingResult("port"))
            self._board.settle(ProblemKind.PORT_TAKEN, ProblemKind.SERVER_FAILED)

    def _tell_port(self, found: SettingResult) -> None:
        if found != self.port_found:
            self.port_found = found
            self.portFound.emit(found)

    async def adopt(self, settings: Settings) -> None:
        """Listen where these settings say, with the token or without; what runs gets time to end. Else all stays as it was.

        Raises:
            PortTakenError, OpenBindError, OSError: it cannot listen there; it still listens where it did.
            SecretsError: the token cannot be read or made.
        """
        old = self._server.settings
        token = await self._token_for(settings)
        new = replace(old, host=settings.host, port=settings.port, ipv6=settings.ipv6, token=token)
        if new == old:
            return
        check_bind(new.host, new.token)
        if new.port != old.port and not is_free(new.host, new.port):  # before the running server is stopped
            raise port_taken(new.host, new.port)
        await self._move(old, new)
        if self._server.state is ServerState.FAILED:
            await self.bring_up()
        self._board.publish(token=self._token_status())

    async def shut_down(self, drain_s: float) -> None:
        """Let running answers end, for at most `drain_s` seconds, and close the door. Idempotent."""
        await self._server.stop(drain_s)
        self._board.publish()

    async def _move(self, old: ServerSettings, new: ServerSettings) -> None:
        running = self._server.state is ServerState.RUNNING
        try:
            await self._server.use(new)
        except (OSError, ValueError):
            await self._server.use(old)
            if running:
                await self._server.start()
            raise

    async def _token_for(self, settings: Settings) -> str | None:
        if not settings.require_token:
            return None
        return self._server.settings.token or await local_token(self._secrets)

    def _token_status(self) -> TokenStatus:
        if self._server.settings.token is None:
            return TokenStatus.OFF
        return TokenStatus.SESSION if isinstance(self._secrets, SessionSecrets) else TokenStatus.STORED

    async def _exchange(self, url: str, token: str | None) -> None:
        heard: list[str] = []

        def hear(piece: str) -> None:
            heard.append(piece)
            self.testMessageChanged.emit(TestMessage(text="".join(heard), running=True))

        self.testMessageChanged.emit(TestMessage(running=True))
        problem = ""
        try:
            await self._send_test_message(url, token, hear)
        except NoAnswerError as error:
            problem = str(error)
        self.testMessageChanged.emit(TestMessage(text="".join(heard), problem=problem))

    async def _rotate_token(self) -> None:
        self._server.use_token(await rotate_local_token(self._secrets))
        self.tokenRotated.emit()
