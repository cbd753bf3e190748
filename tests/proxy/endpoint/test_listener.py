"""The HTTP listener: what aiohttp would answer by itself has our shape too."""

from __future__ import annotations

import asyncio

from helpers.fake_upstream import FakeUpstream
from helpers.proxy_stack import profile, running


async def raw_exchange(port: int, data: bytes) -> bytes:
    """What the server answers to these bytes before it closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(data)
    answer = await reader.read()
    writer.close()
    return answer


async def test_bytes_that_are_not_http_get_a_json_error() -> None:
    """Even aiohttp's own refusals have our shape."""
    async with running() as proxy:
        answer = await raw_exchange(int(proxy.url.rpartition(":")[2]), b"BAD\x01 / HTTP/1.1\r\n\r\n")
    assert b" 400 " in answer.partition(b"\r\n")[0]
    assert b'"type":"error"' in answer
    assert b"request-id: req_" in answer


async def test_long_headers_pass() -> None:
    """Agents send many betas."""
    async with FakeUpstream() as upstream, running(profile(upstream.url)) as proxy:
        assert (await proxy.ask(headers={"anthropic-beta": ",".join(["some-beta-2026-01-01"] * 1500)})).status == 200
