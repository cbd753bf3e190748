"""What both ends of the proxy ask of the transports they are given."""

from __future__ import annotations

import asyncio
from typing import Final

READ_BYTES: Final = 1 << 16  # larger reads make the UI lag in a burst


def read_in_pieces(transport: asyncio.BaseTransport) -> None:
    """Let asyncio read at most `READ_BYTES` at once.

    Its own 256 KiB are made anew for every read, and are more than glibc keeps at hand: each read of a token cost three
    more calls of the system than the one that reads. Transports of other kinds have buffers of their own.
    """
    if hasattr(transport, "max_size"):
        transport.max_size = READ_BYTES
