"""Recorded messages as they may be shown: laid out for reading, bounded, and with every credential masked.

Pure, and slow for megabytes, so it is run on a thread; what it does to a text in one go is kept short for the sake of the
others. The values here are what views get. Counterpart: `recorder.py`, which holds what was recorded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Final

import msgspec

from tray_app.translation.redaction import mask_known, redact

SHOWN_CHARS: Final = 512 * 1024  # of a body; more is never read by eye
LINE_CHARS: Final = 8_000  # a longer line without a break (an image) says nothing and takes seconds to lay out
SLICE_CHARS: Final = 16_384  # masked in one go: some milliseconds, in which no other thread runs
FOLD_FROM: Final = 120  # lines shorter than this are read as they stand
FOLD: Final = "\n\u2060"  # a line break of ours, with a mark that takes no room, so that a copy can be without it
_FOLDED: Final = re.compile(r"\n\u2060 *")
_BREAK: Final = re.compile(r"(?<!\\)((?:\\\\)*\\n)(?=.)")


class Side(StrEnum):
    """The four messages of a request."""

    CLIENT_REQUEST = "client-request"
    UPSTREAM_REQUEST = "upstream-request"
    UPSTREAM_ANSWER = "upstream-answer"
    CLIENT_ANSWER = "client-answer"

    __hash__ = str.__hash__  # Enum's own is written in Python, and these are keys


class Draft(msgspec.Struct):
    """A message under way: its first line, its headers, the kept part of its body and the body's whole size in bytes."""

    line: str
    headers: tuple[tuple[str, str], ...]
    body: bytearray = msgspec.field(default_factory=bytearray)
    size: int = 0

    def copy(self) -> Draft:
        """The same at this moment."""
        return msgspec.structs.replace(self, body=bytearray(self.body))


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """A message to be shown. `text` is its body, None where none was kept; `size` is the whole body's, in bytes.

    `cut` says that there is more than `text`.
    """

    line: str
    headers: tuple[tuple[str, str], ...]
    text: str | None = None
    size: int = 0
    cut: bool = False


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a request. `bodies` says whether its bodies are kept at all."""

    id: str
    messages: dict[Side, Message]
    bodies: bool = False


def read(request_id: str, parts: Mapping[Side, Draft], secrets: Iterable[str], *, bodies: bool) -> Recorded:
    """The messages for the eye."""
    known = tuple(secrets)
    return Recorded(
        id=request_id,
        messages={side: _message(part, known, bodies=bodies) for side, part in parts.items()},
        bodies=bodies,
    )


def unfolded(text: str) -> str:
    """Without the line breaks that were put in for reading."""
    return _FOLDED.sub("", text)


def _message(part: Draft, secrets: tuple[str, ...], *, bodies: bool) -> Message:
    headers = tuple((name, redact(value, secrets)) for name, value in part.headers)
    message = Message(line=redact(part.line, secrets), headers=headers, size=part.size)
    if not bodies:
        return message
    text = mask_known(_laid_out(bytes(part.body)), secrets)
    lines = "\n".join(_shortened(line) for line in text.split("\n"))
    cut = len(part.body) < part.size or len(lines) > SHOWN_CHARS or len(unfolded(lines)) < len(text)
    shown = "".join(redact(piece) for piece in _slices(lines[:SHOWN_CHARS]))
    return msgspec.structs.replace(message, text=shown, cut=cut)


def _laid_out(body: bytes) -> str:
    """JSON with a line for each of its values; anything else, an event stream for one, as it came."""
    if body[:1] in {b"{", b"["}:
        try:
            body = msgspec.json.format(body, indent=2)
        except msgspec.DecodeError:  # cut, or not what it seemed
            return body.decode(errors="replace")
    return body.decode(errors="replace")


def _shortened(line: str) -> str:
    """A long line broken where its text has line breaks, and cut where it has none for long."""
    if len(line) <= FOLD_FROM:
        return line
    indent = " " * (len(line) - len(line.lstrip(" ")) + 2)
    pieces = _BREAK.sub(rf"\1{FOLD}{indent}", line).split("\n")
    return "\n".join(piece if len(piece) <= LINE_CHARS else f"{piece[:LINE_CHARS]}…" for piece in pieces)


def _slices(text: str) -> Iterator[str]:
    """The text in pieces that end at line ends, so that no credential is torn."""
    start = 0
    while start < len(text):
        end = text.find("\n", start + SLICE_CHARS)
        end = len(text) if end < 0 else end + 1
        yield text[start:end]
        start = end
