"""The load generator: clients that send bytes made beforehand over kept connections and hardly look at the answers."""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import dataclass, field
from typing import Final, cast

from performance.processes import BenchError
from performance.script import END_OF_CHUNKS

PATIENCE_S: Final = 60.0
LENGTH: Final = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
UNKNOWN: Final = 0
CHUNKED: Final = -1
FIRST_TEXT: Final = re.compile(rb'"text_delta"|"content":"')  # Anthropic's, and OpenAI's through the relay


@dataclass
class Job:
    """`requests` times the same request over `connections` connections; afterwards, what came of it.

    Attributes:
        first_ms: per request, the time to the first text.
        last: the whole last answer, if `keep`.
    """

    port: int
    request: bytes
    connections: int
    requests: int
    keep: bool = False
    first_ms: list[float] = field(default_factory=list)
    last: bytes = b""
    sent: int = 0


class Client(asyncio.Protocol):
    """One connection, which asks again as long as the job has requests left."""

    def __init__(self, job: Job) -> None:
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._job = job

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._ask()

    def _ask(self) -> None:
        if self._job.sent >= self._job.requests:
            self.done.set_result(None)
            self._transport.close()
            return
        self._job.sent += 1
        self._kept = bytearray()
        self._got = 0
        self._total = UNKNOWN
        self._waits_for_text = True
        self._asked = time.perf_counter()
        self._tail = b""
        self._transport.write(self._job.request)

    def data_received(self, data: bytes) -> None:
        self._got += len(data)
        self._tail = (self._tail + data[-5:])[-5:]
        if self._waits_for_text or self._job.keep:
            self._look_closely(data)
        if self._got == self._total or (self._total == CHUNKED and self._tail == END_OF_CHUNKS):
            self._job.last = bytes(self._kept)
            self._ask()

    def _look_closely(self, data: bytes) -> None:
        self._kept += data
        if self._total == UNKNOWN and (end := self._kept.find(b"\r\n\r\n")) >= 0:
            if not self._kept.startswith(b"HTTP/1.1 200"):
                self._fail(f"the answer is {bytes(self._kept[:600])!r}")
                self._transport.abort()
                return
            length = LENGTH.search(self._kept, 0, end)
            self._total = end + 4 + int(length[1]) if length else CHUNKED
        if self._waits_for_text and FIRST_TEXT.search(self._kept):
            self._waits_for_text = False
            self._job.first_ms.append((time.perf_counter() - self._asked) * 1_000)

    def connection_lost(self, exc: Exception | None) -> None:
        self._fail(f"the connection was closed in the middle of an answer ({exc})")

    def _fail(self, why: str) -> None:
        if not self.done.done():
            self.done.set_exception(BenchError(why))


async def drive(job: Job) -> Job:
    """Do it all; raises BenchError when an answer is no answer, or does not come."""
    loop = asyncio.get_running_loop()
    clients = [Client(job) for _ in range(min(job.connections, job.requests))]
    try:
        async with asyncio.timeout(PATIENCE_S):
            for client in clients:
                await loop.create_connection(lambda client=client: client, "127.0.0.1", job.port)  # type: ignore[misc]
            await asyncio.gather(*(client.done for client in clients))
    except TimeoutError:
        raise BenchError(f"{job.sent} of {job.requests} requests sent, then no answer in {PATIENCE_S:g} s") from None
    return job
