"""The load generator against the scripted upstream itself: requests are counted, answers read to their end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from performance.load import Job, drive
from performance.processes import BenchError
from performance.script import plan_of, request, text, text_of
from performance.upstream import Upstream


@pytest.fixture
async def port() -> AsyncIterator[int]:
    """A running upstream."""
    server = await asyncio.get_running_loop().create_server(Upstream, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()


@pytest.mark.parametrize(("model", "stream"), [("burst-300", True), ("trickle-5-1", True), ("plain-500", False)])
async def test_every_answer_is_whole(port: int, model: str, stream: bool) -> None:
    """Several connections share the requests; each connection is kept."""
    body = request(port, "t", model, stream=stream)
    job = await drive(Job(port, body, connections=2, requests=5, keep=True))
    assert job.sent == 5
    assert text_of(job.last, translated=False) == text(plan_of(body))
    assert len(job.first_ms) == (5 if stream else 0)


async def test_a_big_request_arrives(port: int) -> None:
    """It comes in many pieces."""
    job = await drive(Job(port, request(port, "t", "plain-500", stream=False, prompt=500_000), 1, 2))
    assert job.sent == 2


async def test_a_refusal_is_an_error() -> None:
    """With the words of the answer."""

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno")
        writer.close()

    server = await asyncio.start_server(refuse, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(BenchError, match="401 Unauthorized"):
            await drive(Job(port, request(port, "t", "plain-500", stream=False), 1, 1))
