"""The built-in Demo provider: a real OpenAI-style upstream on a loopback port of our own, so that everything works at once.

It needs no account and no network: it streams canned words with usage, thinks aloud when an effort is asked for, and calls a
tool when told to. Every request takes the same road as any other provider's, to a listener like the endpoint's: aiohttp's
server would be another 2 MB. A random key that exists only in memory keeps other programs out. What it says is
`demo_script.py`.
"""

from __future__ import annotations

import asyncio
import secrets
from typing import Any, Final

from tray_app.profiles.model import DEMO_ID, ModelMap, NoCredential, Profile
from tray_app.proxy.endpoint.bodies import read_body
from tray_app.proxy.endpoint.listener import Listener
from tray_app.proxy.endpoint.request import JSON_TYPE, Reply, Request
from tray_app.proxy.ids import new_id
from tray_app.proxy.upstream.demo_script import MODEL, Script, script_for
from tray_app.translation import codec
from tray_app.translation.errors import ApiError

NAME: Final = "Demo"
MODEL_LISTED: Final = {"id": MODEL, "object": "model", "owned_by": "dragoman"}
HOST: Final = "127.0.0.1"
WORD_S: Final = 0.02  # slow enough to be seen streaming
BODY_BYTES: Final = 40 << 20  # a little more than the endpoint accepts
LAST_WORDS_S: Final = 1.0


class DemoCredential:
    """The key of this run."""

    def __init__(self) -> None:
        self._token = secrets.token_urlsafe(24)

    async def token(self, *, refresh: bool = False) -> str | None:
        """The key; there is no other to refresh to."""
        return self._token


class DemoUpstream:
    """The upstream. `start` binds it, `stop` ends it; both idempotent.

    Attributes:
        credential: what the proxy must send to be let in.
    """

    def __init__(self, *, word_s: float = WORD_S) -> None:
        self.credential = DemoCredential()
        self._word_s = word_s
        self._listener = Listener(self._handle, new_id)
        self._server: asyncio.Server | None = None
        self._port = 0

    async def start(self) -> None:
        """Listen on a free loopback port."""
        if self._server is None:
            self._server = await asyncio.get_running_loop().create_server(self._listener, HOST, 0)
            self._port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Stop listening; answers in flight are cut."""
        server, self._server = self._server, None
        if server is not None:
            server.close()
            await self._listener.shutdown(LAST_WORDS_S)

    @property
    def profile(self) -> Profile:
        """The profile that leads here, while it runs."""
        return Profile(
            id=DEMO_ID,
            name=NAME,
            base_url=f"http://{HOST}:{self._port}/v1",
            credential=NoCredential(),  # the key is not the user's business: see `credential`
            models=ModelMap(default=MODEL),
            outbound_proxy="direct",
        )

    async def _handle(self, request: Request) -> None:
        if not await self._admitted(request):
            await request.send(_refused(401, "this is the demo of another program"))
        elif (request.method, request.path) == ("GET", "/v1/models"):
            await request.send(_json({"object": "list", "data": [MODEL_LISTED]}))
        elif (request.method, request.path) == ("POST", "/v1/chat/completions"):
            await self._complete(request)
        else:
            await request.send(_refused(404, "not part of the demo"))

    async def _admitted(self, request: Request) -> bool:
        given = request.headers.get("Authorization", "")
        return secrets.compare_digest(given.encode(), f"Bearer {await self.credential.token()}".encode())

    async def _complete(self, request: Request) -> None:
        try:
            body = codec.loads(await read_body(request, BODY_BYTES))
            script = script_for(body)
        except ApiError as error:
            await request.send(_refused(error.status, error.message))
        except (codec.JSONError, TypeError, LookupError, AttributeError):
            await request.send(_refused(400, "not a chat completion request"))
        else:
            await (self._stream(request, script) if body.get("stream") else request.send(_json(script.whole())))

    async def _stream(self, request: Request, script: Script) -> None:
        request.begin(200, {"Content-Type": "text/event-stream"})
        for chunk in script.chunks():
            request.push(b"data: " + codec.dumps(chunk) + b"\n\n")
            await request.drained()
            await asyncio.sleep(self._word_s)
        request.push(b"data: [DONE]\n\n")
        request.end()


def _json(value: Any, status: int = 200) -> Reply:
    return Reply(status=status, headers={"Content-Type": JSON_TYPE}, body=codec.dumps(value))


def _refused(status: int, message: str) -> Reply:
    return _json({"error": {"message": message, "type": "demo", "code": None}}, status)
