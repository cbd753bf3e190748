"""The yardstick: a byte relay on aiohttp and asyncio, a program that passes everything on as it is and understands nothing.

What Dragoman costs beyond this is the price of translating. Its one argument is the upstream's address.
"""

from __future__ import annotations

import asyncio
import sys

import aiohttp
from aiohttp import web

from performance.processes import end_with_parent

BODY_LIMIT = 1 << 25


async def main(upstream: str) -> None:
    """Serve until ended."""
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector, auto_decompress=False) as session:

        async def handle(request: web.BaseRequest) -> web.StreamResponse:
            body = await request.content.read()
            headers = {"Content-Type": "application/json"}
            async with session.post(upstream, data=body, headers=headers) as answer:
                kept = {"Content-Type": answer.headers["Content-Type"]}
                response = web.StreamResponse(status=answer.status, headers=kept)
                response.content_length = answer.content_length
                await response.prepare(request)
                async for data in answer.content.iter_any():
                    await response.write(data)
                await response.write_eof()
                return response

        runner = web.ServerRunner(web.Server(handle, access_log=None))
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        sys.stdout.write(f"port {site.port}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    end_with_parent()
    asyncio.run(main(sys.argv[1]))
