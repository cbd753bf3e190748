"""Turns what the price form holds into a price, or into the list of fields that are wrong; and a price back into a draft.

Pure. The words for the codes are in `ui/text.py`.
"""

from __future__ import annotations

import math
from datetime import date
from typing import Final

from tray_app.control.drafts import DraftError
from tray_app.editing import FieldProblem, PriceDraft
from tray_app.history.prices import Price

MAX_USD: Final = 100_000.0  # a million tokens for more is a slip of the finger
MAX_TOKENS: Final = 100_000_000
MAX_PATTERN: Final = 200
NEEDED: Final = ("input", "output")
OPTIONAL: Final = ("cache_read", "cache_write")


def price_from(draft: PriceDraft) -> Price:
    """The price the draft describes.

    Raises:
        DraftError: fields are empty or malformed.
    """
    found = {name: _field(draft, name) for name in ("model", *NEEDED, *OPTIONAL, "above", "since")}
    problems = tuple(FieldProblem(name, value) for name, value in found.items() if isinstance(value, _Wrong))
    if problems:
        raise DraftError(problems)
    return Price(profile=draft.profile, **found)  # type: ignore[arg-type]  # each is of its field's type, see _field


def draft_from(price: Price, number: int | None) -> PriceDraft:
    """The price as the form shows it."""
    return PriceDraft(
        number=number,
        model=price.model,
        profile=price.profile,
        input=f"{price.input:g}",
        output=f"{price.output:g}",
        cache_read="" if price.cache_read is None else f"{price.cache_read:g}",
        cache_write="" if price.cache_write is None else f"{price.cache_write:g}",
        above=str(price.above or ""),
        since=price.since.isoformat(),
    )


class _Wrong(str):
    """The code of a problem, in place of a value."""

    __slots__ = ()


def _field(draft: PriceDraft, name: str) -> str | float | int | date | None:
    text = getattr(draft, name).strip()
    if name == "model":
        return _pattern(text)
    if name == "since":
        return _day(text)
    if name == "above":
        return _tokens(text)
    return _dollars(text, needed=name in NEEDED)


def _pattern(text: str) -> str:
    if not text:
        return _Wrong("empty")
    return text if text.isprintable() and len(text) <= MAX_PATTERN else _Wrong("pattern")


def _day(text: str) -> date | _Wrong:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return _Wrong("day")


def _tokens(text: str) -> int | _Wrong:
    if not text:
        return 0
    return int(text) if text.isascii() and text.isdecimal() and int(text) <= MAX_TOKENS else _Wrong("tokens")


def _dollars(text: str, *, needed: bool) -> float | _Wrong | None:
    if not text:
        return _Wrong("empty") if needed else None
    try:
        value = float(text.removeprefix("$").replace(",", "."))  # half of the world writes 2,50
    except ValueError:
        return _Wrong("money")
    return value if math.isfinite(value) and 0 <= value <= MAX_USD else _Wrong("money")
