"""The built-in Demo provider: a real OpenAI-style upstream on a loopback port of our own, so that everything works at once.

It needs no account and no network: it streams canned words with usage, thinks aloud when an effort is asked for, and calls a
tool when told to. Every request takes the same road as any other provider's. A random key that exists only in memory keeps
other programs out. What it says is `demo_script.py`.
"""

from __future__ import annotations

import asyncio
import secrets
from contextlib import suppress
from typing import Any, Final

from aiohttp import web

from tray_app.profiles.model import DEMO_ID, ModelMap, NoCredential, Profile
from tray_app.proxy.upstream.demo_script import MODEL, Script, script_for
from tray_app.translation import codec

NAME: Final = "Demo"
HOST: Final = "127.0.0.1"
WORD_S: Final = 0.02  # slow enough to be seen streaming
BODY_BYTES: Final = 40 << 20  # a little more than our own listener accepts


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
        self._runner: web.AppRunner | None = None
        self._port = 0

    async def start(self) -> None:
        """Listen on a free loopback port."""
        if self._runner is not None:
            return
        app = web.Application(client_max_size=BODY_BYTES)
        app.router.add_post("/v1/chat/completions", self._complete)
        app.router.add_get("/v1/models", self._models)
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, HOST, 0)
        await site.start()
        self._port = site.port

    async def stop(self) -> None:
        """Stop listening; answers in flight are cut."""
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()

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

    async def _admitted(self, request: web.Request) -> bool:
        given = request.headers.get("Authorization", "")
        return secrets.compare_digest(given.encode(), f"Bearer {await self.credential.token()}".encode())

    async def _models(self, request: web.Request) -> web.Response:
        if not await self._admitted(request):
            return _refused(401, "this is the demo of another program")
        return _json({"object": "list", "data": [{"id": MODEL, "object": "model", "owned_by": "dragoman"}]})

    async def _complete(self, request: web.Request) -> web.StreamResponse:
        if not await self._admitted(request):
            return _refused(401, "this is the demo of another program")
        try:
            body = codec.loads(await request.read())
            script = script_for(body)
        except (codec.JSONError, TypeError, LookupError, AttributeError):
            return _refused(400, "not a chat completion request")
        if not body.get("stream"):
            return _json(script.whole())
        return await self._stream(request, script)

    async def _stream(self, request: web.Request, script: Script) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        with suppress(ConnectionResetError):  # whoever has heard enough may go
            for chunk in script.chunks():
                await response.write(b"data: " + codec.dumps(chunk) + b"\n\n")
                await asyncio.sleep(self._word_s)
            await response.write(b"data: [DONE]\n\n")
            await response.write_eof()
        return response


def _json(value: Any, status: int = 200) -> web.Response:
    return web.Response(body=codec.dumps(value), status=status, content_type="application/json")


def _refused(status: int, message: str) -> web.Response:
    return _json({"error": {"message": message, "type": "demo", "code": None}}, status)
