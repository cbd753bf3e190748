"""The client's side of a streamed answer: the 200 with its headers at the first byte, then whatever is ready, then the end.

Each write is whole before it can be interrupted (the bytes go to the transport before the wait for room), so that a ping or
an error event never lands inside another event. Back-pressure is the wait in `write`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from aiohttp import web

from tray_app.proxy.endpoint.call import EVENT_STREAM_TYPE, Call

# R-STM-10; no buffering by a reverse proxy, and no compression anywhere.
_STREAM_HEADERS: Final = {
    "Content-Type": EVENT_STREAM_TYPE,
    "Cache-Control": "no-cache",
    "X-Accel-Buffering": "no",
}


class Outlet:
    """Where a streamed answer is written.

    Attributes:
        blocked: a write waits because the client does not read.
    """

    def __init__(self, call: Call, headers: Callable[[], Mapping[str, str]]) -> None:
        self.blocked = False
        self._call = call
        self._headers = headers  # asked at the first byte, when more is known than at the beginning
        self._response: web.StreamResponse | None = None

    @property
    def response(self) -> web.StreamResponse | None:
        """The answer under way, or None as long as nothing was written and any status is possible."""
        return self._response

    async def write(self, data: bytes) -> None:
        """Send `data`; the first call commits the 200.

        Raises:
            ConnectionError: the client is gone.
        """
        if self._response is None:
            # Set before the first await: two writers must not both open.
            self._response = web.StreamResponse(headers=self._call.headers({**_STREAM_HEADERS, **self._headers()}))
            await self._response.prepare(self._call.request)
        self.blocked = True
        await self._response.write(data)
        self.blocked = False

    def cut(self) -> None:
        """Drop the connection of a client that reads nothing more."""
        transport = self._call.request.transport
        if transport is not None:
            transport.abort()
