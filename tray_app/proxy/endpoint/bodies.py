"""Reading a request's body: bounded while it arrives, decoded, or refused in our own error shape.

The limit holds for the decoded bytes and
nothing beyond it is kept (R-LIS-5, R-LIS-6, D39, D55).
"""

from __future__ import annotations

import zlib
from typing import Final

from aiohttp import StreamReader

from tray_app.proxy.endpoint.connection import BrokenBodyError
from tray_app.proxy.endpoint.inflate import Inflater
from tray_app.proxy.endpoint.request import Request
from tray_app.translation.errors import ApiError

BODY_LIMIT_BYTES: Final = 32 << 20  # Anthropic's own limit, decoded
_PLAIN: Final = frozenset({"", "identity"})
_ENCODINGS: Final = {"gzip": "gzip", "x-gzip": "gzip", "deflate": "deflate"}


async def read_body(request: Request, limit: int = BODY_LIMIT_BYTES) -> bytes:
    """The decoded body.

    Raises:
        ApiError: 413 over `limit` bytes, 415 for an encoding we cannot undo, 400 for a body that is not what it says.
    """
    encoding = request.headers.get("Content-Encoding", "").strip().lower()
    if encoding in _PLAIN:
        if request.content_length > limit:
            raise _too_large(limit)
        inflater = None
    elif encoding in _ENCODINGS:
        inflater = Inflater(_ENCODINGS[encoding])
    else:
        raise ApiError(
            "invalid_request_error", f"Content-Encoding {encoding[:40]}: use gzip, deflate or none", status=415
        )
    request.invite()
    try:
        body = await _bounded(request.content, inflater, limit)
    except BrokenBodyError as error:
        raise ApiError("invalid_request_error", f"the request body is broken: {error}") from None
    except zlib.error:
        raise ApiError("invalid_request_error", "the compressed request body is broken") from None
    if inflater is not None and not inflater.complete:
        raise ApiError("invalid_request_error", "the compressed request body is cut short")
    return body


async def _bounded(content: StreamReader, inflater: Inflater | None, limit: int) -> bytes:
    pieces: list[bytes] = []
    size = 0
    while not content.at_eof():
        data = await content.readany()
        for piece in (data,) if inflater is None else inflater.pieces(data):
            size += len(piece)
            if size > limit:
                raise _too_large(limit)
            pieces.append(piece)
    return b"".join(pieces)


def _too_large(limit: int) -> ApiError:
    return ApiError("request_too_large", f"the request body is over {limit >> 20} MiB")
