"""The proxy as the user meets it: started and stopped, addressed, connected to clients, and tried with a message."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final

from tray_app.clients.shells import Shell, curl_line, exports, pinned
from tray_app.control.area import Area
from tray_app.control.board import Board
from tray_app.profiles.secrets import Secrets, rotate_local_token
from tray_app.proxy.endpoint.ports import PortTakenError
from tray_app.proxy.endpoint.server import ProxyServer
from tray_app.proxy.events import ServerState
from tray_app.state import Problem, ProblemKind

CURL_MAX_TOKENS: Final = 256

SendTestMessage = Callable[[str, str | None], Awaitable[None]]


class ProxyControl(Area):
    """Starts, stops and describes the server."""

    def __init__(self, board: Board, server: ProxyServer, secrets: Secrets, send_test_message: SendTestMessage) -> None:
        super().__init__(board)
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
        """Send a short message through the proxy, to see that it works."""
        server = self._server
        if server.url is not None:
            self._spawn("test message", self._send_test_message(server.url, server.settings.token))

    def rotate_token(self) -> None:
        """A new local token; clients need it from then on."""
        self._spawn("rotate token", self._rotate_token())

    def endpoint(self) -> str:
        """The address for clients, also while nothing listens there."""
        server = self._server
        return server.url or f"http://{server.settings.host}:{server.settings.port}"

    def setup_text(self, shell: Shell) -> str:
        """Lines to paste into a shell so that clients talk to us. They hold the local token, never a provider's key."""
        return exports(self.endpoint(), self._server.settings.token or "", shell)

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
            self._board.report(Problem(ProblemKind.PORT_TAKEN, str(error)))
        except (OSError, ValueError) as error:
            self._board.report(Problem(ProblemKind.SERVER_FAILED, str(error)))
        else:
            self._board.settle(ProblemKind.PORT_TAKEN, ProblemKind.SERVER_FAILED)

    async def shut_down(self, drain_s: float) -> None:
        """Let running answers end, for at most `drain_s` seconds, and close the door. Idempotent."""
        await self._server.stop(drain_s)
        self._board.publish()

    async def _rotate_token(self) -> None:
        self._server.use_token(await rotate_local_token(self._secrets))
