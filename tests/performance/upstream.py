"""The scripted upstream: a program that answers chat completions from bytes made beforehand (see `script.py`).

As little as possible happens per request and per piece, so that it is never what is measured.
"""

from __future__ import annotations

import asyncio
import re
import sys
from typing import Final, cast

import uvloop

from performance.processes import end_with_parent
from performance.script import END_OF_CHUNKS, STREAM_HEAD, Plan, burst, ending, frame, piece, plan_of, whole

LENGTH: Final = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
STREAM: Final = re.compile(rb'"stream": ?true')


class Upstream(asyncio.Protocol):
    """One connection of the proxy under test."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._received = bytearray()
        self._missing = 0  # bytes of the request that are still to come; 0: its head is not complete yet
        self._pieces: list[bytes] = []
        self._timer: asyncio.TimerHandle | None = None

    def connection_lost(self, exc: Exception | None) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def data_received(self, data: bytes) -> None:
        self._received += data
        self._missing -= len(data)
        if self._missing > 0:
            return
        head = self._received.find(b"\r\n\r\n")
        if head < 0:
            self._missing = 0
            return
        length = LENGTH.search(self._received, 0, head)
        self._missing = head + 4 + (int(length[1]) if length else 0) - len(self._received)
        if self._missing <= 0:
            body, self._received, self._missing = self._received, bytearray(), 0
            self._answer(plan_of(body), stream=STREAM.search(body) is not None)

    def _answer(self, plan: Plan, *, stream: bool) -> None:
        if not stream:
            self._transport.write(whole(plan))
        elif not plan.pause_ms:  # also what is not streamed to the client: it may well be on this side
            for data in burst(plan):
                self._transport.write(data)
        else:
            self._pieces = [frame(piece(number)) for number in range(plan.count)]
            self._pieces.append(frame(ending(plan)) + END_OF_CHUNKS)
            self._pieces.reverse()
            self._transport.write(STREAM_HEAD)
            loop = asyncio.get_running_loop()
            self._trickle(loop, loop.time(), plan.pause_ms / 1_000)

    def _trickle(self, loop: asyncio.AbstractEventLoop, due: float, pause_s: float) -> None:
        self._transport.write(self._pieces.pop())
        self._timer = loop.call_at(due + pause_s, self._trickle, loop, due + pause_s, pause_s) if self._pieces else None


async def main() -> None:
    """Serve until ended."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Upstream, "127.0.0.1", 0, backlog=512)
    sys.stdout.write(f"port {server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    end_with_parent()
    uvloop.run(main())
