"""The HTTP listener: makes a connection object per client, knows them all, and ends them.

No application, router or middleware: the surface is nine routes in a table (`routes.py`). No access log: bodies and
headers of requests are nobody's business. Its counterpart is `server.py`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from tray_app.proxy.endpoint.connection import Connection, Handler
from tray_app.proxy.endpoint.request import JSON_TYPE, SERVER_NAME, Reply, last_words
from tray_app.translation import codec
from tray_app.translation.errors import ApiError


class Listener:
    """Hands the requests of all clients to one handler. Called for every new connection."""

    def __init__(self, handler: Handler, new_request_id: Callable[[], str]) -> None:
        self._handler = handler
        self._new_request_id = new_request_id
        self._connections: set[Connection] = set()
        self._changed = asyncio.Event()

    def __call__(self) -> Connection:
        """The protocol object of one new connection."""
        return Connection(self._handler, self._refusal, self._note)

    def _note(self, connection: Connection) -> None:
        if connection.lost:
            self._connections.discard(connection)
        else:
            self._connections.add(connection)
        self._changed.set()

    async def shutdown(self, seconds: float) -> None:
        """Close idle connections now and the others when they have been answered, after `seconds` in any case."""
        for connection in list(self._connections):
            connection.retire()
        try:
            async with asyncio.timeout(seconds):
                await self._until_empty()
        except TimeoutError:
            for connection in list(self._connections):
                connection.give_up()
            await self._until_empty()

    async def _until_empty(self) -> None:
        while self._connections:
            self._changed.clear()
            await self._changed.wait()

    def _refusal(self) -> bytes:
        """The answer to bytes that are not HTTP; the connection closes after it."""
        request_id = self._new_request_id()
        error = ApiError("invalid_request_error", "the request is not valid HTTP", status=400)
        headers = {"Content-Type": JSON_TYPE, "request-id": request_id, "Server": SERVER_NAME}
        return last_words(Reply(status=error.status, headers=headers, body=codec.dumps(error.body(request_id))))
