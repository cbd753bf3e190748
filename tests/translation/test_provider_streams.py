"""Streams in the shapes of real providers (invented content), read whole, in single bytes, and with other framings."""

from __future__ import annotations

import gzip
import zlib

import pytest

from helpers.reading import RecordedStream, gist, pieces, read, stream_names
from tray_app.translation.answer.body import BodyReader


@pytest.fixture(params=stream_names())
def stream(request: pytest.FixtureRequest) -> RecordedStream:
    return RecordedStream(request.param)


def _said(stream: RecordedStream, data: bytes, size: int | None = None) -> dict[str, object]:
    answer = stream.context()
    return gist(read(pieces(data, size or len(data)), answer), answer)


def test_a_provider_stream_says_what_it_says(stream: RecordedStream) -> None:
    """Every recorded shape gives its text, reasoning, calls, finish and usage."""
    assert _said(stream, stream.data) == stream.said


def test_r_sse_10_p_55_single_bytes_say_the_same(stream: RecordedStream) -> None:
    """No cut changes anything, through characters, field names or line ends (P-55)."""
    assert _said(stream, stream.data, 1) == stream.said


@pytest.mark.parametrize("size", [2, 3, 7, 64, 1000])
def test_r_sse_10_any_read_size_says_the_same(stream: RecordedStream, size: int) -> None:
    """Reads of any size give the same answer."""
    assert _said(stream, stream.data, size) == stream.said


@pytest.mark.parametrize("line_end", [b"\r\n", b"\r"])
def test_p_57_other_line_ends_say_the_same(stream: RecordedStream, line_end: bytes) -> None:
    """CRLF and lone CR end lines as LF does, also when a read cuts them."""
    data = stream.data.replace(b"\n", line_end)
    assert _said(stream, data) == _said(stream, data, 1) == stream.said


def test_p_57_a_bom_and_leading_blanks_are_ignored(stream: RecordedStream) -> None:
    """A byte order mark at the start and blanks before a field name change nothing."""
    data = b"\xef\xbb\xbf" + stream.data.replace(b"data:", b" \tdata:")
    assert _said(stream, data, 1) == stream.said


def test_p_56_d13_no_space_after_the_colon_is_fine(stream: RecordedStream) -> None:
    """`data:{…}` is an event like any other (D13)."""
    assert _said(stream, stream.data.replace(b"data: ", b"data:")) == stream.said


def test_p_59_comments_anywhere_change_nothing(stream: RecordedStream) -> None:
    """Comments between and inside events are counted and ignored."""
    data = stream.data.replace(b"data: ", b": PROCESSING\ndata: ")
    reader = BodyReader()
    reader.feed(data)
    reader.close()
    assert reader.comments >= stream.comments + stream.data.count(b"data: ")
    assert _said(stream, data) == stream.said


def test_comments_are_counted(stream: RecordedStream) -> None:
    """Comments are a sign of life that the caller can see."""
    reader = BodyReader()
    reader.feed(stream.data)
    assert reader.comments == stream.comments


@pytest.mark.parametrize("size", [1, 50, 100_000])
def test_p_86_gzip_without_a_header_is_unpacked(stream: RecordedStream, size: int) -> None:
    """A body that begins 1f 8b is gzip, whatever the headers said."""
    assert _said(stream, gzip.compress(stream.data), size) == stream.said


def test_a_stream_of_flushed_gzip_is_read_as_it_comes(stream: RecordedStream) -> None:
    """What a server flushed is read at once, not only at the end."""
    packer = zlib.compressobj(wbits=31)
    reader = BodyReader()
    head = packer.compress(stream.data) + packer.flush(zlib.Z_SYNC_FLUSH)
    plain = BodyReader()
    assert reader.feed(head) == plain.feed(stream.data)
