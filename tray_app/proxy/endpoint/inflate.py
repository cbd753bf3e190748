"""Bounded decompression of gzip and deflate, piece by piece: a small body cannot become a huge one unseen.

Used for request bodies (`bodies.py`) and for upstreams that send gzip without saying so (R-SSE-1).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any, Final

PIECE_BYTES: Final = 1 << 20
GZIP_MAGIC: Final = b"\x1f\x8b"
_GZIP: Final = 31  # zlib's window bits for "gzip header expected"
_ZLIB: Final = 15
_RAW: Final = -15  # some clients send "deflate" without the zlib header


class Inflater:
    """One compressed body. `pieces` yields at most `PIECE_BYTES` at a time; the caller stops when it has had enough."""

    def __init__(self, encoding: str) -> None:
        self._encoding = encoding
        self._zlib: Any = None

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """The plain bytes that `data` adds.

        Raises:
            zlib.error: `data` is not what the encoding says.
        """
        while data:
            if self._zlib is None:
                self._zlib = zlib.decompressobj(self._window(data))
            piece = self._zlib.decompress(data, PIECE_BYTES)
            data = self._zlib.unconsumed_tail
            if self._zlib.eof:  # gzip allows several members in a row
                data, self._zlib = self._zlib.unused_data, None
            if piece:
                yield piece

    def _window(self, head: bytes) -> int:
        if self._encoding == "gzip":
            return _GZIP
        return _ZLIB if head[0] & 0x0F == zlib.DEFLATED else _RAW

    @property
    def complete(self) -> bool:
        """Whether the body ended where the compression format says it ends."""
        return self._zlib is None
