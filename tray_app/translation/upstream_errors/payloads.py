"""Finds what an upstream wanted to say in whatever shape it said it: the human message, the codes, a status (R-ERR-1).

Shapes only; what the words mean is `upstream_errors.py`. Reads, never judges, never raises.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from tray_app.translation import codec

_DEPTH: Final = 5  # nesting of real error bodies is 3; the bound protects from a hostile one
_MESSAGE_KEYS: Final = (
    "error", "message", "detail", "errors", "base_resp", "status_msg", "error_msg", "msg", "error_description", "title",
)  # fmt: skip
_CODE_KEYS: Final = ("code", "type", "status", "reason", "status_code", "error_type")
_NESTED_KEYS: Final = ("error", "innererror", "metadata", "details", "errors")
_TITLE: Final = re.compile(r"<(title|h1)\b[^>]*>(.*?)</\1\s*>", re.IGNORECASE | re.DOTALL)
_TAG: Final = re.compile(r"<(style|script)\b.*?</\1\s*>|<[^>]*>", re.IGNORECASE | re.DOTALL)
_MARKUP: Final = re.compile(r"\s*<(?:!doctype|html|head|body|h1|title|center|\?xml)\b", re.IGNORECASE)


class Report(msgspec.Struct, frozen=True):
    """What an upstream said. `codes` are all codes, types and status words, lower case, outermost first."""

    message: str
    codes: tuple[str, ...] = ()
    payload: Any = None

    @property
    def status(self) -> int | None:
        """The first code that is an HTTP error status (R-ERR-5)."""
        return next((int(code) for code in self.codes if _is_status(code)), None)


def read_body(body: bytes) -> Report:
    """The report in an error body of any kind: JSON, HTML, plain text, nothing, broken UTF-8."""
    text = body.decode("utf-8", "replace").lstrip("\ufeff").strip()
    try:
        payload = codec.loads(text)
    except codec.JSONError:
        payload = None
    return Report(message_of(payload, text), tuple(_codes(payload)), payload)


def read_payload(payload: Any) -> Report:
    """The report in a decoded value, for an error inside a 200 body or a stream."""
    return Report(message_of(payload), tuple(_codes(payload)), payload)


def message_of(payload: Any, text: str = "") -> str:
    """The human message in a decoded error value, else in the `text` of the body; empty when it says nothing."""
    if isinstance(payload, (dict, list)):
        return _message(payload, _DEPTH)
    return _message(payload, _DEPTH) or _plain(text)


def _message(value: Any, depth: int) -> str:
    if isinstance(value, str):
        return _unwrapped(value.strip(), depth)
    if depth and isinstance(value, dict):
        return _in_object(value, depth - 1)
    if depth and isinstance(value, list):
        return _in_list(value, depth - 1)
    return ""


def _in_object(value: Mapping[str, Any], depth: int) -> str:
    metadata = value.get("metadata")
    if isinstance(metadata, dict) and (raw := _message(metadata.get("raw"), depth)):
        return raw  # OpenRouter: the outer message is only "Provider returned error"
    return next((found for key in _MESSAGE_KEYS if (found := _message(value.get(key), depth))), "")


def _in_list(items: list[Any], depth: int) -> str:
    """FastAPI lists all its complaints; everybody else's first entry is the error."""
    complaints = [_complaint(item) for item in items if isinstance(item, dict) and isinstance(item.get("msg"), str)]
    if complaints:
        return "; ".join(complaints)
    return next((found for item in items if (found := _message(item, depth))), "")


def _complaint(item: Mapping[str, Any]) -> str:
    where = item.get("loc")
    path = ".".join(str(part) for part in where) if isinstance(where, list) else ""
    return f"{path}: {item['msg']}" if path else str(item["msg"])


def _unwrapped(text: str, depth: int) -> str:
    """A message that is itself JSON is opened, because gateways pack the inner error as a string (D30)."""
    if not depth or not text.startswith(("{", "[")):
        return _plain(text)
    try:
        return _message(codec.loads(text), depth - 1) or text
    except codec.JSONError:
        return text


def _plain(text: str) -> str:
    """The text itself, or the title of an HTML page."""
    if not _MARKUP.match(text):
        return text
    title = _TITLE.search(text)
    from html import unescape  # 0.7 MB of names of characters, for a page that rarely comes

    return " ".join(unescape(_TAG.sub(" ", title[2] if title else text)).split())


def _codes(value: Any, depth: int = _DEPTH) -> Iterator[str]:
    if isinstance(value, list) and depth:
        for item in value[:10]:
            yield from _codes(item, depth - 1)
    if isinstance(value, dict):
        yield from _own_codes(value)
        for key in _NESTED_KEYS if depth else ():
            yield from _codes(value.get(key), depth - 1)


def _own_codes(value: Mapping[str, Any]) -> Iterator[str]:
    for key in _CODE_KEYS:
        if (code := _code(value.get(key))) is not None:
            yield code
    base = value.get("base_resp")
    if isinstance(base, dict) and (code := _code(base.get("status_code"))) is not None:
        yield f"base_resp:{code}"  # MiniMax's numbers mean something else than other people's


def _code(value: Any) -> str | None:
    if isinstance(value, str):
        return value.strip().lower()[:100] or None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value)[:20] if isinstance(value, int) and not isinstance(value, bool) else None


def _is_status(code: str) -> bool:
    return len(code) == 3 and code.isascii() and code.isdigit() and "400" <= code <= "599"
