"""Recorded messages for the eye."""

from __future__ import annotations

import json

from tray_app.proxy.recorded import LINE_CHARS, SHOWN_CHARS, Draft, Message, Side, read, unfolded

SIDE = Side.CLIENT_REQUEST


def shown(body: bytes, *secrets: str, size: int | None = None) -> Message:
    """A message with this body."""
    part = Draft("POST /", (), bytearray(body), len(body) if size is None else size)
    return read("a", {SIDE: part}, secrets, bodies=True).messages[SIDE]


def test_json_is_laid_out_and_comes_back_when_copied() -> None:
    """Long texts are broken where they have line breaks; escaped backslashes are none."""
    value = {"text": "one line\nanother " * 20, "path": "C:\\\\new" * 30, "n": 1}
    message = shown(json.dumps(value).encode())
    assert message.text is not None
    assert message.text.startswith('{\n  "text": "one line')
    assert message.text.count("\n") == 5 + 19
    assert json.loads(unfolded(message.text)) == value
    assert not message.cut


def test_what_is_no_json_is_shown_as_it_came() -> None:
    """An event stream, a torn object, bytes that are no text."""
    stream = b'data: {"a":1}\n\ndata: [DONE]\n\n'
    assert shown(stream).text == stream.decode()
    assert shown(b'{"a": 1').text == '{"a": 1'
    assert shown(b"\xff{").text == "\ufffd{"
    assert shown(b"").text == ""


def test_what_is_too_long_is_cut_and_says_so() -> None:
    """A line without a break, a text without an end, a body that was not kept whole."""
    image = shown(json.dumps({"data": "A" * (2 * LINE_CHARS)}).encode())
    assert image.text is not None
    assert len(image.text) < 2 * LINE_CHARS
    assert image.cut
    long = shown(b"word\n" * SHOWN_CHARS)
    assert long.text is not None
    assert len(long.text) == SHOWN_CHARS
    assert long.cut
    assert shown(b"abc", size=4).cut


def test_credentials_are_masked_wherever_they_are() -> None:
    """Known ones, and what looks like one, also far into a long body and in headers."""
    body = b"word\n" * 20_000 + b"key sk-abcdef0123456789 and odd-one-1\n"
    message = shown(body, "odd-one-1")
    assert message.text is not None
    assert "sk-abc" not in message.text
    assert "odd-one" not in message.text
    part = Draft("POST /?api_key=abcdef123", (("X-Note", "sk-abcdef0123456789"),))
    head = read("a", {SIDE: part}, (), bodies=False).messages[SIDE]
    assert "abcdef" not in f"{head.line}{head.headers}"
    assert head.text is None
