"""How large an image is in pixels and a PDF in pages, read from the first bytes of their base64 text.

Nothing is decoded beyond what the answer needs, no picture is opened; whatever cannot be read is None. The counterpart is
`tokens.py`, which turns sizes into tokens.
"""

from __future__ import annotations

import binascii
import re
from typing import Final

_HEAD_CHARS: Final = 256 * 1024  # a JPEG keeps its size behind EXIF and colour profiles, each up to 64 KiB
_URL_ALPHABET: Final = str.maketrans("-_", "+/")
_PAGE: Final = re.compile(rb"/Type\s*/Page(?![A-Za-z])")
_BYTES_PER_PAGE: Final = 100_000  # of a scanned page; decides only where the page objects are compressed away
_JPEG_SIZE_MARKERS: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_JPEG_BARE_MARKERS: Final = frozenset((0x01, *range(0xD0, 0xD9)))


def decoded(data: str, limit_chars: int | None = None) -> bytes:
    """The bytes of (the beginning of) base64 text; a `data:` prefix and the URL alphabet are tolerated, junk gives b""."""
    start = data.find(",", 0, 200) + 1 if data.startswith("data:") else 0
    part = data[start : None if limit_chars is None else start + limit_chars]
    text = "".join(part.translate(_URL_ALPHABET).split()).rstrip("=")
    text = text[: len(text) - (len(text) % 4 == 1)]  # one left-over character holds no byte
    try:
        return binascii.a2b_base64(text + "=" * (-len(text) % 4))
    except ValueError:
        return b""


def image_size(data: str) -> tuple[int, int] | None:
    """Width and height in pixels of a base64 PNG, JPEG, GIF or WebP; None when they cannot be read."""
    head = decoded(data, _HEAD_CHARS)
    size = _png(head) or _gif(head) or _webp(head) or _jpeg(head)
    return size if size and all(size) else None


def _png(head: bytes) -> tuple[int, int] | None:
    if not head.startswith(b"\x89PNG\r\n\x1a\n") or len(head) < 24:
        return None
    return int.from_bytes(head[16:20]), int.from_bytes(head[20:24])


def _gif(head: bytes) -> tuple[int, int] | None:
    if not head.startswith((b"GIF87a", b"GIF89a")) or len(head) < 10:
        return None
    return int.from_bytes(head[6:8], "little"), int.from_bytes(head[8:10], "little")


def _webp(head: bytes) -> tuple[int, int] | None:
    """The three kinds of WebP: extended, lossless, lossy."""
    if head[:4] != b"RIFF" or head[8:12] != b"WEBP" or len(head) < 30:
        return None
    if head[12:16] == b"VP8X":
        return 1 + int.from_bytes(head[24:27], "little"), 1 + int.from_bytes(head[27:30], "little")
    if head[12:16] == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    return int.from_bytes(head[26:28], "little") & 0x3FFF, int.from_bytes(head[28:30], "little") & 0x3FFF


def _jpeg(head: bytes) -> tuple[int, int] | None:
    """Walk the segments up to the frame header."""
    at = 2
    while head.startswith(b"\xff\xd8") and at + 9 <= len(head) and head[at] == 0xFF:
        marker = head[at + 1]
        if marker in _JPEG_SIZE_MARKERS:
            return int.from_bytes(head[at + 7 : at + 9]), int.from_bytes(head[at + 5 : at + 7])
        at += 2 if marker in _JPEG_BARE_MARKERS else _segment(head, at)
    return None


def _segment(head: bytes, at: int) -> int:
    """Bytes to the next marker; 0xFF before a marker is padding."""
    return 1 if head[at + 1] == 0xFF else 2 + int.from_bytes(head[at + 2 : at + 4])


def pdf_pages(data: str) -> int:
    """A guess at the pages of a base64 PDF, at least 1: its page objects, or its size where those are compressed."""
    content = decoded(data)
    return max(len(_PAGE.findall(content)), -(-len(content) // _BYTES_PER_PAGE), 1)
