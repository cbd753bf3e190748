"""Sizes of images and PDFs from their first bytes."""

from __future__ import annotations

import base64
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.builders import PDF, PNG
from tray_app.translation.media_sizes import decoded, image_size, pdf_pages


def b64(data: bytes) -> str:
    """Base64 text."""
    return base64.b64encode(data).decode()


def png(width: int, height: int) -> bytes:
    """The beginning of a PNG."""
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", width, height)


def jpeg(width: int, height: int, *segments: bytes) -> bytes:
    """The beginning of a JPEG with `segments` before its frame header."""
    return b"\xff\xd8" + b"".join(segments) + b"\xff\xc2\x00\x11\x08" + struct.pack(">HH", height, width)


def segment(marker: int, size: int) -> bytes:
    """A JPEG segment of `size` bytes of content."""
    return bytes([0xFF, marker]) + struct.pack(">H", size + 2) + bytes(size)


def webp(kind: bytes, body: bytes) -> bytes:
    """A WebP with one chunk."""
    return b"RIFF\x00\x00\x00\x00WEBP" + kind + b"\x00\x00\x00\x00" + body


IMAGES = [
    ("PNG", png(640, 480), (640, 480)),
    ("GIF", b"GIF89a" + struct.pack("<HH", 320, 200), (320, 200)),
    ("older GIF", b"GIF87a" + struct.pack("<HH", 320, 200), (320, 200)),
    ("JPEG", jpeg(1024, 768), (1024, 768)),
    ("JPEG with EXIF and a colour profile", jpeg(1024, 768, segment(0xE1, 60_000), segment(0xE2, 60_000)), (1024, 768)),
    ("JPEG with padding and a bare marker", jpeg(9, 8, b"\xff\x01", b"\xff"), (9, 8)),
    ("JPEG with a Huffman table first", jpeg(9, 8, segment(0xC4, 30)), (9, 8)),
    (
        "extended WebP",
        webp(b"VP8X", bytes(4) + (1919).to_bytes(3, "little") + (1079).to_bytes(3, "little")),
        (1920, 1080),
    ),
    ("lossless WebP", webp(b"VP8L", b"\x2f" + ((99 << 14) | 199).to_bytes(4, "little") + bytes(9)), (200, 100)),
    ("lossy WebP", webp(b"VP8 ", bytes(6) + struct.pack("<HH", 0x4000 | 400, 300)), (400, 300)),
]


@pytest.mark.parametrize(("data", "size"), [row[1:] for row in IMAGES], ids=[row[0] for row in IMAGES])
def test_r_cnt_3_reads_the_size_of_an_image(data: bytes, size: tuple[int, int]) -> None:
    """The four formats of the API, however the base64 is written."""
    assert image_size(b64(data)) == size
    assert image_size("data:image/x;base64," + b64(data)) == size
    assert image_size(base64.urlsafe_b64encode(data).decode().rstrip("=")) == size
    assert image_size(base64.encodebytes(data).decode()) == size


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"\x89PNG\r\n\x1a\n",
        b"GIF89a",
        webp(b"VP8X", b""),
        b"\xff\xd8",
        b"\xff\xd8\xff\xe0\x00\x00" + bytes(20),
        jpeg(5, 5)[:-1],
        png(0, 5),
    ],
)
def test_an_unreadable_image_has_no_size(data: bytes) -> None:
    """Cut or foreign data is unknown, not zero."""
    assert image_size(b64(data)) is None


def test_junk_is_no_base64() -> None:
    """What cannot be decoded is empty."""
    assert decoded("\u4e2d\u6587") == b""
    assert image_size("!!!") is None
    assert image_size(PNG) == (1, 1)


@given(st.binary(max_size=300))
def test_never_raises(data: bytes) -> None:
    """Any bytes at all have a size or none."""
    for head in (b"", b"\xff\xd8", b"\x89PNG\r\n\x1a\n", b"RIFF1234WEBPVP8 "):
        image_size(b64(head + data))


@given(st.text(max_size=100))
def test_never_raises_on_text(text: str) -> None:
    """Any text at all decodes to something."""
    assert isinstance(decoded(text), bytes)


def test_r_cnt_3_guesses_the_pages_of_a_pdf() -> None:
    """Page objects count, not the page tree; without readable ones the size does."""
    objects = b"%PDF-1.4 <</Type /Pages/Count 2>> <</Type/Page>> <</Type /Page /Parent 1 0 R>>"
    assert pdf_pages(b64(objects)) == 2
    assert pdf_pages(b64(b"%PDF-1.7" + bytes(250_000))) == 3
    assert pdf_pages(PDF) == 1
    assert pdf_pages("") == 1
