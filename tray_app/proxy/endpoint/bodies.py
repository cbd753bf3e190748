"""Reading a request's body: bounded while it arrives, decoded, or refused in our own error shape.

aiohttp would buffer a body whole before it measures it and answer in HTML; here the limit holds for the decoded bytes and
nothing beyond it is kept (R-LIS-5, R-LIS-6, D39, D55).
"""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator
from typing import Final

from aiohttp import HttpVersion11, web

from tray_app.proxy.endpoint.inflate import Inflater
from tray_app.translation.errors import ApiError

BODY_LIMIT_BYTES: Final = 32 << 20  # Anthropic's own limit, decoded
_PLAIN: Final = frozenset({"", "identity"})
_ENCODINGS: Final = {"gzip": "gzip", "x-gzip": "gzip", "deflate": "deflate"}


async def read_body(request: web.BaseRequest, limit: int = BODY_LIMIT_BYTES) -> bytes:
    """The decoded body.

    Raises:
        ApiError: 413 over `limit` bytes, 415 for an encoding we cannot undo, 400 for a body that is not what it says.
    """
    encoding = request.headers.get("Content-Encoding", "").strip().lower()
    if encoding in _PLAIN:
        if (request.content_length or 0) > limit:
            raise _too_large(limit)
        pieces = _arriving(request)
    elif encoding in _ENCODINGS:
        pieces = _inflated(request, Inflater(_ENCODINGS[encoding]))
    else:
        raise ApiError(
            "invalid_request_error", f"Content-Encoding {encoding[:40]}: use gzip, deflate or none", status=415
        )
    await _invite(request)
    body = bytearray()
    async for piece in pieces:
        if len(body) + len(piece) > limit:
            raise _too_large(limit)
        body += piece
    return bytes(body)


async def _invite(request: web.BaseRequest) -> None:
    """Tell a client that asks first to go on (R-LIS-7): whoever is refused before has sent no body at all."""
    if request.version >= HttpVersion11 and request.headers.get("Expect", "").lower() == "100-continue":
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        request.writer.output_size = 0  # the answer proper has not begun


async def _arriving(request: web.BaseRequest) -> AsyncIterator[bytes]:
    try:
        async for data in request.content.iter_any():
            yield data
    except web.RequestPayloadError as error:
        raise ApiError("invalid_request_error", f"the request body is broken: {error}") from None


async def _inflated(request: web.BaseRequest, inflater: Inflater) -> AsyncIterator[bytes]:
    try:
        async for data in _arriving(request):
            for piece in inflater.pieces(data):
                yield piece
    except zlib.error:
        raise ApiError("invalid_request_error", "the compressed request body is broken") from None
    if not inflater.complete:
        raise ApiError("invalid_request_error", "the compressed request body is cut short")


def _too_large(limit: int) -> ApiError:
    return ApiError("request_too_large", f"the request body is over {limit >> 20} MiB")
