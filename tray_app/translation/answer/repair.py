"""Making an object of arguments that are not one, once the call has ended (R-ARG-6, R-ARG-7).

Each step is tried in order and only a result that parses counts. What cannot be read becomes ``{"__unparsed": text}``: the
client's tool reports it to the model. An empty object is never invented, it would run the tool with its defaults (P-51).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any, Final

from tray_app.translation.answer.arguments import ArgumentScanner, escape_control
from tray_app.translation.codec import JSONError, dumps_text, loads

UNPARSED: Final = "__unparsed"
_FENCE: Final = re.compile(r"```[A-Za-z]*\s*\n?(.*?)```", re.DOTALL)
_TRAILING_COMMA: Final = re.compile(r",(\s*[}\]])")
_STRING: Final = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_CONTROL: Final = re.compile(r"[\x00-\x1f]")
_BAD_ESCAPE: Final = re.compile(r'\\(?!["\\/bfnrt]|u[0-9a-fA-F]{4})')
_LITERAL_LIMIT: Final = 100_000  # characters given to ast.literal_eval, whose parser is recursive


def object_of(text: str, *, may_close: bool) -> dict[str, Any]:
    """The arguments object that `text` stands for; `may_close` allows missing brackets at its end (finish was normal)."""
    found = repaired(text, may_close=may_close)
    return {UNPARSED: text} if found is None else found


def repaired(text: str, *, may_close: bool) -> dict[str, Any] | None:
    """Like `object_of`, but None when nothing helps."""
    if not text.strip():
        return {}
    for candidate in _candidates(text, may_close):
        value = _parse(candidate)
        if value is not _FAILED:
            return _as_object(value)
    return None


class _Failed:
    """Marks a text that does not parse: None is a value."""


_FAILED: Final = _Failed()


def _parse(text: str) -> Any:
    try:
        return loads(text)
    except JSONError:
        return _FAILED


def _as_object(value: Any) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    if value is None or value == "":
        return {}
    if isinstance(value, str):  # an object encoded twice
        inner = _parse(value)
        if isinstance(inner, dict):
            return inner
    return {"value": value}


def _candidates(text: str, may_close: bool) -> Iterator[str]:
    yield text
    fenced = _FENCE.search(text)
    core = fenced[1] if fenced else text
    yield core
    yield from _balanced(core)
    start = core.find("{")
    if start < 0:
        return
    mended = _mend_strings(core[start:])
    yield mended
    yield _TRAILING_COMMA.sub(r"\1", mended)
    yield from _python_literal(core[start:])
    if may_close:
        yield from _closed(mended)


def _balanced(text: str) -> Iterator[str]:
    """The first balanced object in the text."""
    start = text.find("{")
    if start >= 0:
        scanner = ArgumentScanner()
        passed = scanner.feed(text[start:])
        if scanner.complete:
            yield passed


def _mend_strings(text: str) -> str:
    """Raw control characters and unknown escapes inside strings, made legal."""

    def mend(match: re.Match[str]) -> str:
        legal = _BAD_ESCAPE.sub(r"\\\\", match[0])
        return _CONTROL.sub(lambda control: escape_control(control[0]), legal)

    return _STRING.sub(mend, text)


def _python_literal(text: str) -> Iterator[str]:
    """Single quotes, True/False/None: what a model writes that has seen more Python than JSON."""
    end = text.rfind("}") + 1
    if 0 < end <= _LITERAL_LIMIT:
        try:
            value = ast.literal_eval(text[:end])
            if isinstance(value, dict) and all(isinstance(key, str) for key in value):
                yield dumps_text(value)
        except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
            return


def _closed(text: str) -> Iterator[str]:
    scanner = ArgumentScanner()
    passed = scanner.feed(text)
    closers = scanner.closers()
    if closers is not None:
        yield passed + closers
