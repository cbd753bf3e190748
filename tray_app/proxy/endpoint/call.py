"""One incoming request and the ways to answer it: JSON or an error in Anthropic's shape, with the headers every answer has.

Made by `server.py` after the route is known; used by everything that answers. Holds no upstream knowledge.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from tray_app.proxy.endpoint.bodies import read_body
from tray_app.proxy.endpoint.request import JSON_TYPE, SERVER_NAME, Reply, Request
from tray_app.proxy.endpoint.routes import Route
from tray_app.proxy.recorded import Side
from tray_app.proxy.recorder import Recording
from tray_app.proxy.redact import client_name
from tray_app.translation import codec
from tray_app.translation.errors import ApiError
from tray_app.translation.redaction import header_safe

EVENT_STREAM_TYPE: Final = "text/event-stream; charset=utf-8"


class VerbatimError(ApiError):
    """An Anthropic upstream's error that reaches the client byte for byte, because clients match its wording (R-PAS-3)."""

    def __init__(self, error: ApiError, body: bytes, headers: Mapping[str, str]) -> None:
        super().__init__(
            error.type,
            error.message,
            status=error.status,
            fault=error.fault,
            retry_after_s=error.retry_after_s,
            should_retry=error.should_retry,
            upstream_status=error.upstream_status,
            upstream_text=error.upstream_text,
        )
        self.raw_body = body
        self.raw_headers = headers


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """A request that passed the locks. `id` is its request id (``req_…``), `began` the monotonic second it arrived.

    `recording` is where its messages are kept for the screen, if anywhere.
    """

    request: Request
    route: Route
    id: str
    began: float
    body_limit: int
    recording: Recording | None = None

    async def body(self) -> bytes:
        """The decoded body; see `read_body` for what it raises."""
        body = await read_body(self.request, self.body_limit)
        if self.recording is not None:
            line = f"{self.request.method} {self.request.target}"
            self.recording.head(Side.CLIENT_REQUEST, line, self.request.headers)
            self.recording.body(Side.CLIENT_REQUEST, body)
        return body

    async def send(self, reply: Reply) -> None:
        """Send a whole answer.

        Raises:
            ConnectionError: the client is gone.
        """
        self.answered(reply.status, reply.headers)
        if self.recording is not None:
            self.recording.body(Side.CLIENT_ANSWER, reply.body)
        await self.request.send(reply)

    def answered(self, status: int, headers: Mapping[str, str]) -> None:
        """Record the head of what the client gets; a stream's body is recorded as it goes."""
        if self.recording is not None:
            self.recording.head(Side.CLIENT_ANSWER, str(status), headers)

    @property
    def client(self) -> str:
        """The client's name for the screen."""
        return client_name(self.request.headers)

    @property
    def betas(self) -> frozenset[str]:
        """The `anthropic-beta` flags, from one comma list or several headers; unknown ones included (section 2)."""
        lines = self.request.headers.getall("anthropic-beta", [])
        return frozenset(flag.strip() for line in lines for flag in line.split(",") if flag.strip())

    @property
    def session(self) -> str:
        """The client's session id, a key for upstream caches; empty if it sent none."""
        return self.request.headers.get("X-Claude-Code-Session-Id", "")

    def headers(self, extra: Mapping[str, str] | None = None) -> dict[str, str]:
        """The headers every answer has (R-LIS-2), and `extra`; empty values are left out."""
        given = {name: value for name, value in (extra or {}).items() if value}
        return {"request-id": self.id, "Server": SERVER_NAME, **given}

    def json(self, value: Any, *, status: int = 200, extra: Mapping[str, str] | None = None) -> Reply:
        """An answer with a JSON body."""
        return self.raw(codec.dumps(value), status=status, extra=extra)

    def raw(self, body: bytes, *, status: int = 200, extra: Mapping[str, str] | None = None) -> Reply:
        """An answer with a JSON body that is encoded already."""
        headers = self.headers({"Content-Type": JSON_TYPE, **(extra or {})})
        return Reply(status=status, headers=headers, body=body)

    def error(self, error: ApiError, extra: Mapping[str, str] | None = None) -> Reply:
        """An error as a plain HTTP answer (spec section 28)."""
        if isinstance(error, VerbatimError):
            return self.raw(error.raw_body, status=error.status, extra={**(extra or {}), **error.raw_headers})
        headers = {**retry_headers(error), **(extra or {})}
        if error.status == 405:
            headers["Allow"] = ", ".join(self.route.methods)
        if error.upstream_text:
            headers["x-upstream-error"] = header_safe(error.upstream_text)
        return self.json(_error_body(error, self.id), status=error.status, extra=headers)


def _error_body(error: ApiError, request_id: str) -> dict[str, Any]:
    """Anthropic's error object; a 503 has its words at the top as well.

    The TypeScript SDK makes its exception's text of them, else of the whole body, and Claude Code takes a text that holds
    ``"type":"overloaded_error"`` for a 529: at a terminal it then gives up after three attempts instead of ten.
    """
    body = error.body(request_id)
    return {**body, "message": error.message} if error.status == 503 else body


def retry_headers(error: ApiError) -> dict[str, str]:
    """`retry-after` in whole seconds, `retry-after-ms` where that loses something, `x-should-retry` (R-ERR-3, R-ERR-4)."""
    headers: dict[str, str] = {}
    if error.retry_after_s is not None:
        headers["retry-after"] = str(math.ceil(error.retry_after_s))
        if error.retry_after_s != math.ceil(error.retry_after_s):
            headers["retry-after-ms"] = str(math.ceil(error.retry_after_s * 1000))
    if error.should_retry is not None:
        headers["x-should-retry"] = str(error.should_retry).lower()
    return headers
