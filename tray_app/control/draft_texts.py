"""The parts of a draft that are more than a line of text: numbers, tables and the TOML of capability overrides, both ways.

Pure. Each reader gives a value, or raises a `TextError` whose code the editor puts into words. Counterpart: `drafts.py`.
"""

from __future__ import annotations

import json
import math
import re
import tomllib
from collections.abc import Iterable, Mapping
from typing import Any, Final

from tray_app.editing import Pairs
from tray_app.translation.redaction import redact

MAX_ROWS: Final = 200
MAX_OVERRIDES: Final = 20_000  # characters; the whole record has some ninety keys
LONG_CONTEXT: Final = "[1m]"
_BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")
_PATTERN: Final = re.compile(r"[*?\[]")


class TextError(ValueError):
    """A text cannot be read; `code` says how, `detail` names the place."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code} {detail}")
        self.code = code
        self.detail = detail


def number(text: str) -> float:
    """Seconds.

    Raises:
        TextError: it is no number.
    """
    try:
        value = float(text.strip())
    except ValueError:
        raise TextError("number") from None
    if not math.isfinite(value):
        raise TextError("number")
    return value


def shown(value: float) -> str:
    """A number as people type it: 300, not 300.0."""
    return f"{value:g}" if value < 1_000_000 else str(value)


def table(rows: Pairs) -> dict[str, str]:
    """The rows that say something, each left side once.

    Raises:
        TextError: one side of a row is missing, or a left side stands twice; `detail` is that row's.
    """
    kept: dict[str, str] = {}
    for left, right in ((left.strip(), right.strip()) for left, right in rows):
        if not left and not right:
            continue
        if not left or not right:
            raise TextError("half", left or right)
        if left in kept:
            raise TextError("twice", left)
        kept[left] = right
    if len(kept) > MAX_ROWS:
        raise TextError("many", str(MAX_ROWS))
    return kept


def aliases(rows: Pairs) -> dict[str, str]:
    """What a client asks for and who answers; the ending ``[1m]`` is taken off, as it is from what the client asks.

    Raises:
        TextError: as for `table`.
    """
    return table(tuple((asked.strip().removesuffix(LONG_CONTEXT), model) for asked, model in rows))


def is_pattern(asked: str) -> bool:
    """Whether the left side of an alias stands for many ids."""
    return bool(_PATTERN.search(asked))


def headers(rows: Pairs) -> dict[str, str]:
    """Extra headers; their secrets belong into the keyring.

    Raises:
        TextError: as for `table`, or a value looks like a key.
    """
    kept = table(rows)
    for name, value in kept.items():
        if redact(f"{name}: {value}") != f"{name}: {value}":
            raise TextError("secret", name)
    return kept


def overrides(text: str) -> dict[str, Any]:
    """Capability overrides from TOML. Which keys there are is checked with the profile.

    Raises:
        TextError: it is no TOML, or holds what looks like a key.
    """
    if len(text) > MAX_OVERRIDES:
        raise TextError("long", str(MAX_OVERRIDES))
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TextError("toml", str(error)) from None
    for line in text.splitlines():
        if redact(line) != line:
            raise TextError("secret", line.partition("=")[0].strip())
    return values


def toml(values: Mapping[str, Any]) -> str:
    """Values as TOML, tables in line: a key a line; TOML has no null."""
    return "".join(f"{_key(name)} = {_value(value)}\n" for name, value in values.items() if value is not None)


def _key(name: str) -> str:
    return name if _BARE_KEY.fullmatch(name) else json.dumps(name)


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + _joined(f"{_key(name)} = {_value(item)}" for name, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    return json.dumps(value, ensure_ascii=False)  # strings, numbers and truth values are written alike in JSON and TOML


def _joined(parts: Iterable[str]) -> str:
    inside = ", ".join(parts)
    return f" {inside} " if inside else ""
