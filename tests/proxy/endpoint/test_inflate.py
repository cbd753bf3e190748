"""Bounded decompression."""

from __future__ import annotations

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tray_app.proxy.endpoint.inflate import PIECE_BYTES, Inflater


@given(st.binary(max_size=400), st.integers(1, 50), st.sampled_from(["gzip", "deflate"]))
def test_any_split_gives_the_same_bytes(data: bytes, size: int, encoding: str) -> None:
    """The pieces of the body may come in any size."""
    packed = gzip.compress(data) if encoding == "gzip" else zlib.compress(data)
    inflater = Inflater(encoding)
    plain = b"".join(
        piece for start in range(0, len(packed), size) for piece in inflater.pieces(packed[start : start + size])
    )
    assert plain == data
    assert inflater.complete


def test_pieces_are_bounded() -> None:
    """Ten megabytes come out one at a time, so that the caller can stop."""
    pieces = Inflater("gzip").pieces(gzip.compress(b"\0" * (10 << 20)))
    assert len(next(pieces)) <= PIECE_BYTES
    assert sum(len(piece) for piece in pieces) < 10 << 20


def test_garbage_raises() -> None:
    """zlib's own error, for the caller to put into words."""
    with pytest.raises(zlib.error):
        list(Inflater("gzip").pieces(b"not gzip"))


def test_a_cut_body_is_not_complete() -> None:
    """The end is where the format says it is."""
    inflater = Inflater("gzip")
    list(inflater.pieces(gzip.compress(b"x" * 100)[:-1]))
    assert not inflater.complete
