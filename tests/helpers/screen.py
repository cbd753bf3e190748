"""Reads the screen of an Xvfb straight from the file it keeps its frame buffer in (``-fbdir``): no program, no delay.

The file is an X window dump: a header of big-endian 32-bit words, a colour table, then rows of 4-byte pixels.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

# Positions of the words of the header that matter here.
_HEADER_SIZE, _WIDTH, _HEIGHT, _BYTE_ORDER, _BITS_PER_PIXEL, _ROW_BYTES, _COLORS = 0, 4, 5, 7, 11, 12, 19
_WORDS = 25
_COLOR_BYTES = 12
_LITTLE_ENDIAN = 0


@dataclass(frozen=True)
class Box:
    """A rectangle of the screen, edges included, with the number of pixels that matched in it."""

    left: int
    top: int
    right: int
    bottom: int
    pixels: int

    @property
    def center(self) -> tuple[int, int]:
        return (self.left + self.right) // 2, (self.top + self.bottom) // 2


@dataclass(frozen=True)
class Screenshot:
    """One moment of the screen; `rows` are RGB bytes, top row first."""

    width: int
    height: int
    rows: tuple[bytes, ...]

    def pixel(self, x: int, y: int) -> str:
        return "#" + self.rows[y][3 * x : 3 * x + 3].hex()

    def find(self, color: str, at_least: int = 16, within: Box | None = None) -> Box | None:
        """The rectangle round all pixels of exactly this colour (``#rrggbb``); None if fewer than `at_least`."""
        wanted = bytes.fromhex(color.removeprefix("#"))
        hits = [(x, y) for y, row in enumerate(self.rows) for x in _columns(row, wanted) if _inside(within, x, y)]
        if len(hits) < at_least:
            return None
        columns, lines = [x for x, _ in hits], [y for _, y in hits]
        return Box(min(columns), min(lines), max(columns), max(lines), len(hits))

    def colors(self) -> dict[str, int]:
        """How often each colour occurs."""
        counts: dict[str, int] = {}
        for row in self.rows:
            for start in range(0, len(row), 3):
                key = "#" + row[start : start + 3].hex()
                counts[key] = counts.get(key, 0) + 1
        return counts

    def save_png(self, path: Path) -> Path:
        """Write the picture for a person to look at."""
        raw = b"".join(b"\0" + row for row in self.rows)
        head = struct.pack(">IIBBBBB", self.width, self.height, 8, 2, 0, 0, 0)
        chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(raw, 1)), (b"IEND", b""))
        path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks))
        return path


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _columns(row: bytes, wanted: bytes) -> list[int]:
    found, start = [], row.find(wanted)
    while start >= 0:
        if start % 3 == 0:
            found.append(start // 3)
            start = row.find(wanted, start + 3)
        else:
            start = row.find(wanted, start + 1)
    return found


def _inside(within: Box | None, x: int, y: int) -> bool:
    return within is None or (within.left <= x <= within.right and within.top <= y <= within.bottom)


def read_frame_buffer(path: Path) -> Screenshot:
    """The screen as it is now. Raises AssertionError if Xvfb was started with another depth than 24."""
    dump = path.read_bytes()
    words = struct.unpack_from(f">{_WORDS}I", dump)
    assert words[_BITS_PER_PIXEL] == 32, words
    start = words[_HEADER_SIZE] + words[_COLORS] * _COLOR_BYTES
    width, height, row_bytes = words[_WIDTH], words[_HEIGHT], words[_ROW_BYTES]
    order = (2, 1, 0) if words[_BYTE_ORDER] == _LITTLE_ENDIAN else (1, 2, 3)
    rows = []
    for line in range(height):
        pixels = dump[start + line * row_bytes : start + line * row_bytes + 4 * width]
        row = bytearray(3 * width)
        for channel, offset in enumerate(order):
            row[channel::3] = pixels[offset::4]
        rows.append(bytes(row))
    return Screenshot(width, height, tuple(rows))
