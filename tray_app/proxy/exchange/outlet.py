"""The client's side of a streamed answer: the 200 with its headers at the first byte, then whatever is ready, then the end.

Each write is whole before it can be interrupted (the bytes go to the transport before the wait for room), so that a ping or
an error event never lands inside another event. Back-pressure is the wait in `write`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

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
        self._request = call.request
        self._headers = headers  # asked at the first byte, when more is known than at the beginning

    @property
    def opened(self) -> bool:
        """Something was written; before that any status is possible."""
        return self._request.answered

    async def write(self, data: bytes) -> None:
        """Send `data`; the first call commits the 200.

        Raises:
            ConnectionError: the client is gone.
        """
        if not self._request.answered:
            headers = self._call.headers({**_STREAM_HEADERS, **self._headers()})
            self._call.answered(200, headers)
            self._request.begin(200, headers)
        if data:
            self._request.push(data)
        self.blocked = True
        await self._request.drained()
        self.blocked = False

    @property
    def push(self) -> Callable[[bytes], bool]:
        """`write` once the answer has begun, without waiting for room: False if there is none for more."""
        return self._request.push

    def end(self) -> None:
        """The answer is whole.

        Raises:
            ConnectionError: the client is gone.
        """
        self._request.end()

    def cut(self) -> None:
        """Drop the connection of a client that reads nothing more."""
        self._request.cut()
