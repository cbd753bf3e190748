"""The answer of `GET /v1/models` (section 31): from what the profile knows, never from the upstream, so it is instant.

Claude Code's model picker shows only ids with "claude" or "anthropic" in them, so every other model is offered under an
alias as well (P-119). `alias_of` makes it, `aliases` is the map back, which the caller resolves before any other rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from tray_app.translation.errors import ApiError, invalid

LIMIT_DEFAULT: Final = 20
LIMIT_MAX: Final = 1000
ALIAS_PREFIX: Final = "claude-"
# What Claude Code asks for by itself: the list of a profile that names no model, so hands every id on, and whose upstream
# lists none either. An empty list would hide such a profile from model pickers.
UNNAMED: Final = ("claude-opus-5-5", "claude-sonnet-5-5", "claude-haiku-5-5")
CREATED_AT: Final = "2026-01-01T00:00:00Z"  # the release dates of other people's models are not known here
_CREATED: Final = 1_767_225_600  # the same in Unix seconds
_SHOWN: Final = re.compile("claude|anthropic", re.IGNORECASE)
_NOT_IN_A_SLUG: Final = re.compile(r"[^A-Za-z0-9._-]+")


def alias_of(model: str) -> str:
    """The id under which Claude Code shows `model`: itself if it may, else ``claude-<slug>``."""
    if _SHOWN.match(model):
        return model
    return ALIAS_PREFIX + (_NOT_IN_A_SLUG.sub("-", model).strip("-") or "model")


def aliases(models: Iterable[str]) -> dict[str, str]:
    """Alias to upstream model, for the models that need one; one that is taken, by an alias or a real id, gets a number.

    An id that is there twice would hide a model, and send who pages through the list round in circles.
    """
    own = dict.fromkeys(models)
    found: dict[str, str] = {}
    for model in own:
        alias = alias_of(model)
        if alias != model:
            found[_free(alias, {*own, *found})] = model
    return found


def _free(alias: str, taken: set[str]) -> str:
    number, free = 2, alias
    while free in taken:
        free, number = f"{alias}-{number}", number + 1
    return free


def model_entry(
    model_id: str, *, display_name: str = "", context_window: int = 0, max_output: int = 0, created_at: str = CREATED_AT
) -> dict[str, Any]:
    """One entry in Anthropic's form; limits in tokens, left out when unknown (R-MDL-6)."""
    entry: dict[str, Any] = {
        "type": "model",
        "id": model_id,
        "display_name": display_name or model_id,
        "created_at": created_at,
    }
    limits = {"max_input_tokens": context_window, "max_tokens": max_output}
    return entry | {name: value for name, value in limits.items() if value}


def model_entries(models: Sequence[str]) -> list[dict[str, Any]]:
    """An entry per upstream model, then one per alias that shows the real name (R-MDL-2)."""
    own = [model_entry(model) for model in dict.fromkeys(models)]
    return own + [model_entry(alias, display_name=model) for alias, model in aliases(models).items()]


def models_page(entries: Sequence[Mapping[str, Any]], query: Mapping[str, str], openai: bool) -> dict[str, Any]:
    """One page of the list (R-MDL-1). With `openai` (no `anthropic-version` header) OpenAI's fields are added (R-MDL-3).

    Raises:
        ApiError: `limit` is no number from 1 to 1000, or `after_id` / `before_id` is not in the list.
    """
    default = LIMIT_MAX if openai else LIMIT_DEFAULT  # OpenAI's list has no pages
    first, last = _window(entries, query, _limit(query.get("limit"), default))
    data = [_with_openai_fields(entry) if openai else dict(entry) for entry in entries[first:last]]
    page: dict[str, Any] = {
        "data": data,
        "has_more": first > 0 if "before_id" in query else last < len(entries),
        "first_id": data[0]["id"] if data else None,
        "last_id": data[-1]["id"] if data else None,
    }
    return {"object": "list", **page} if openai else page


def _limit(text: str | None, default: int) -> int:
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= LIMIT_MAX):
        raise invalid("limit", f"Input should be a number from 1 to {LIMIT_MAX}")
    return int(text)


def _window(entries: Sequence[Mapping[str, Any]], query: Mapping[str, str], limit: int) -> tuple[int, int]:
    """First and one past the last entry of the page."""
    if "before_id" in query:
        last = _position(entries, "before_id", query["before_id"])
        return max(last - limit, 0), last
    first = _position(entries, "after_id", query["after_id"]) + 1 if "after_id" in query else 0
    return first, min(first + limit, len(entries))


def _position(entries: Sequence[Mapping[str, Any]], field: str, model_id: str) -> int:
    found = (number for number, entry in enumerate(entries) if entry["id"] == model_id)
    position = next(found, None)
    if position is None:
        raise invalid(field, "no model of this list has this id")
    return position


def find_model(entries: Sequence[Mapping[str, Any]], tail: str, openai: bool) -> dict[str, Any]:
    """The entry whose id is the (decoded) tail of the path, slashes included (R-MDL-5).

    Raises:
        ApiError: 404 `not_found_error`.
    """
    for entry in entries:
        if entry["id"] == tail:
            return _with_openai_fields(entry) if openai else dict(entry)
    raise ApiError("not_found_error", f"model: {tail[:200]}")


def _with_openai_fields(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {**entry, "object": "model", "created": _CREATED, "owned_by": "dragoman"}
