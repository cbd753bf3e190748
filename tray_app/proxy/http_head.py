"""The head of an HTTP/1.1 message as bytes: its first line and its headers, none of which can smuggle another one.

Used in both directions: `endpoint/connection.py` answers with it, `upstream/wire.py` asks with it.
"""

from __future__ import annotations

from collections.abc import Iterable

_FRAMING_LINE_ENDS = 2  # of the first line, and of the empty line


def head_bytes(first_line: str, headers: Iterable[tuple[str, str]]) -> bytes:
    """The head with its empty line.

    Raises:
        ValueError: a line end or a NUL in one of the parts.
    """
    lines = [f"{name}: {value}\r\n" for name, value in headers]
    text = f"{first_line}\r\n{''.join(lines)}\r\n"
    expected = len(lines) + _FRAMING_LINE_ENDS
    if text.count("\n") != expected or text.count("\r") != expected or "\0" in text:
        raise ValueError("a header has a line end in it")
    return text.encode("utf-8", "surrogateescape")
