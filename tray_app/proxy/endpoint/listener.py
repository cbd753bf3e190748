"""The HTTP listener: aiohttp's low-level server with our limits, and answers in our own shape where aiohttp gives up.

No application, router or middleware: the surface is nine routes in a table (`routes.py`). No access log: bodies and
headers of requests are nobody's business. Its counterpart is `server.py`.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final

from aiohttp import web

from tray_app.proxy.endpoint.call import JSON_TYPE, SERVER_NAME
from tray_app.translation import codec
from tray_app.translation.errors import ApiError

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]

HEADER_BYTES: Final = 1 << 16  # Claude Code's beta list alone nears 1 kB; agents add their own
KEEPALIVE_S: Final = 300.0
# How long a body that was refused is still read and thrown away, so that the client gets to see the 413.
LINGER_S: Final = 5.0

_log = logging.getLogger(__name__)


class _Connection(web.RequestHandler):
    """One client connection; bytes that are not HTTP get a JSON error instead of aiohttp's text page."""

    __slots__ = ()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """The answer to a request that could not be parsed; the connection closes after it."""
        _log.debug("unreadable request (%d): %s", status, type(exc).__name__)
        kind = "api_error" if status >= 500 else "invalid_request_error"
        request_id = self._manager.new_request_id() if isinstance(self._manager, Listener) else ""
        error = ApiError(kind, "the request is not valid HTTP", status=status)
        headers = {"request-id": request_id, "Server": SERVER_NAME}
        body = codec.dumps(error.body(request_id))
        response = web.Response(body=body, status=status, content_type=JSON_TYPE, headers=headers)
        response.force_close()
        return response


class Listener(web.Server):
    """Makes a connection object per client and hands its requests to one handler, which a disconnect cancels."""

    def __init__(self, handler: Handler, new_request_id: Callable[[], str]) -> None:
        # auto_decompress off: `bodies.py` bounds what comes out, and answers what it cannot undo in our shape.
        super().__init__(handler, handler_cancellation=True)
        self.new_request_id = new_request_id

    def __call__(self) -> web.RequestHandler:
        """The protocol object of one new connection."""
        options: dict[str, Any] = {
            "access_log": None,
            "auto_decompress": False,
            "keepalive_timeout": KEEPALIVE_S,
            "lingering_time": LINGER_S,
            "max_field_size": HEADER_BYTES,
            "max_line_size": HEADER_BYTES,
        }
        return _Connection(self, loop=self._loop, **options)
