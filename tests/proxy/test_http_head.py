"""Heads of messages."""

from __future__ import annotations

import pytest

from tray_app.proxy.http_head import head_bytes


def test_a_head_is_its_lines_and_an_empty_one() -> None:
    """Text beyond ASCII goes out as UTF-8, bytes that came undecoded go out as they were."""
    head = head_bytes("HTTP/1.1 200 OK", [("A", "é"), ("B", "\udcff")])
    assert head == b"HTTP/1.1 200 OK\r\nA: \xc3\xa9\r\nB: \xff\r\n\r\n"


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "a\n", "a\rb", "a\0b"])
def test_a_line_end_in_a_header_is_refused(value: str) -> None:
    """In a value, a name or the first line."""
    for first, headers in (("GET / HTTP/1.1", [("A", value)]), ("GET / HTTP/1.1", [(value, "a")]), (value, [])):
        with pytest.raises(ValueError, match="line end"):
            head_bytes(first, headers)
