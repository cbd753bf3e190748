"""The proxy as a client sees it: the real server, a real client session, and whatever upstream a test brings."""

from __future__ import annotations

import asyncio
import io
import time
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import aiohttp

from helpers.answers import events
from tray_app.profiles.model import Profile
from tray_app.proxy.endpoint.server import ProxyServer
from tray_app.proxy.endpoint.settings import ServerSettings
from tray_app.proxy.events import Event
from tray_app.proxy.exchange.watchdog import Delays
from tray_app.proxy.hub import EventHub
from tray_app.proxy.ids import new_id
from tray_app.proxy.recorder import Recorder
from tray_app.proxy.upstream.switchboard import Switchboard
from tray_app.translation import codec

TOKEN: Final = "local-token-123"
KEY: Final = "sk-upstream-secret-456"
REQUEST: Final[dict[str, Any]] = {
    "model": "claude-x",
    "max_tokens": 64,
    "stream": True,
    "messages": [{"role": "user", "content": "Say hello, please, and mean it."}],
}
E = TypeVar("E", bound=Event)


class FixedCredential:
    """A key source that counts how often it is asked to refresh; `tokens` are given out one after another."""

    def __init__(self, *tokens: str | None) -> None:
        self.tokens = list(tokens or (KEY,))
        self.refreshes = 0

    async def token(self, *, refresh: bool = False) -> str | None:
        """The current key."""
        if refresh:
            self.refreshes += 1
            if len(self.tokens) > 1:
                self.tokens.pop(0)
        return self.tokens[0]


@dataclass(frozen=True)
class Answer:
    """A client's view of a whole answer."""

    status: int
    headers: Mapping[str, str]
    raw: bytes

    @property
    def json(self) -> Any:
        return codec.loads(self.raw)

    @property
    def events(self) -> list[dict[str, Any]]:
        return events(self.raw)

    @property
    def text(self) -> str:
        return "".join(
            each["delta"]["text"]
            for each in self.events
            if each["type"] == "content_block_delta" and each["delta"]["type"] == "text_delta"
        )

    @property
    def error(self) -> tuple[str, str]:
        """Type and message of a JSON error, or of the error event a stream ends with."""
        value = self.events[-1] if self.headers["Content-Type"].startswith("text/event-stream") else self.json
        assert value["type"] == "error", value
        assert value["request_id"] == self.headers["request-id"]
        return value["error"]["type"], value["error"]["message"]


@dataclass
class Proxy:
    """A running proxy."""

    server: ProxyServer
    switchboard: Switchboard
    hub: EventHub
    client: aiohttp.ClientSession
    credential: FixedCredential

    @property
    def url(self) -> str:
        assert self.server.url is not None
        return self.server.url

    def post(
        self,
        body: Any = REQUEST,
        path: str = "/v1/messages",
        *,
        headers: Mapping[str, str] | None = None,
        **options: Any,
    ) -> Any:
        """A request as an awaitable context manager of the client session; bytes go out as they are."""
        options |= {"data": io.BytesIO(body if isinstance(body, bytes) else codec.dumps(body))}
        given = {"x-api-key": TOKEN, "Content-Type": "application/json", **(headers or {})}
        sent = {name: value for name, value in given.items() if value}
        return self.client.post(self.url + path, headers=sent, **options)

    async def ask(self, body: Any = REQUEST, path: str = "/v1/messages", **options: Any) -> Answer:
        """The whole answer to a request."""
        async with self.post(body, path, **options) as response:
            return Answer(response.status, response.headers, await response.read())

    async def get(self, path: str, method: str = "GET", headers: Mapping[str, str] | None = None) -> Answer:
        """The answer to a request without a body."""
        given = {"x-api-key": TOKEN, **(headers or {})}
        async with self.client.request(method, self.url + path, headers=given, allow_redirects=False) as response:
            return Answer(response.status, response.headers, await response.read())

    def events(self, kind: type[E]) -> list[E]:
        """What was published, of one kind."""
        return [event for event in self.hub.read().events if isinstance(event, kind)]

    async def event(self, kind: type[E], count: int = 1) -> E:
        """The `count`-th event of a kind, waiting for it."""
        while len(found := self.events(kind)) < count:
            woken = asyncio.Event()
            self.hub.wake = woken.set
            self.hub.read()
            if len(self.events(kind)) < count:
                await woken.wait()
        return found[count - 1]


def profile(base_url: str, **fields: Any) -> Profile:
    """A profile for an upstream on loopback."""
    return Profile(**{"id": "one", "name": "One", "base_url": base_url, "outbound_proxy": "direct"} | fields)


@asynccontextmanager
async def running(
    *profiles: Profile,
    delays: Delays | None = None,
    credential: FixedCredential | None = None,
    settings: Mapping[str, Any] | None = None,
    recorder: Recorder | None = None,
) -> AsyncIterator[Proxy]:
    """The proxy in front of these profiles, the first of which is active."""
    hub = EventHub(time.time)
    key = credential or FixedCredential()
    switchboard = Switchboard(hub, lambda _: key)
    await switchboard.refresh(profiles)
    if profiles:
        await switchboard.activate(profiles[0])
    values = {"port": 0, "token": TOKEN, "delays": delays or Delays()} | dict(settings or {})
    server = ProxyServer(switchboard, hub, ServerSettings(**values), time.monotonic, new_id, recorder)
    await server.start()
    async with aiohttp.ClientSession() as client:
        try:
            yield Proxy(server, switchboard, hub, client, key)
        finally:
            await server.stop(drain_s=0.0)
            await switchboard.close()


async def read_until(response: aiohttp.ClientResponse, wanted: bytes) -> bytes:
    """The body up to and including `wanted`."""
    seen = b""
    while wanted not in seen:
        data = await response.content.readany()
        assert data, f"the body ended without {wanted!r}: {seen!r}"
        seen += data
    return seen


def joined(pieces: Iterable[str]) -> str:
    """Pieces of a script as one text."""
    return "".join(pieces)
