"""What was found in a file of another program, and small helpers for its careful reading."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from tray_app.profiles.model import Profile

MAX_FOUND: Final = 200
MAX_TEXT: Final = 4_000  # characters: longer than any address, name or key


class NotReadableError(ValueError):
    """The file cannot be used; the message says why and never quotes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One provider. `secret` is its key, if the file holds it; it is in no representation of this value."""

    profile: Profile
    secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFile:
    """Everything usable in a file of `program`; `problems` are sentences about what is not."""

    program: str
    found: tuple[Found, ...] = ()
    problems: tuple[str, ...] = ()


def text(value: Any) -> str:
    """A string of bearable length without blanks round it, or nothing."""
    return value.strip() if isinstance(value, str) and len(value) <= MAX_TEXT else ""


def table(value: Any) -> dict[str, Any]:
    """An object, or an empty one."""
    return value if isinstance(value, dict) else {}


def rows(value: Any) -> list[Any]:
    """A list of bearable length, or an empty one."""
    return value[:MAX_FOUND] if isinstance(value, list) else []
