"""Which upstream model answers for the model the client asked for (spec section 5): one pure function over plain values.

It knows nothing of profiles; the proxy hands it the profile's map. The answer still names the client's own id (R-MOD-3).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Final

from tray_app.translation.errors import ApiError

LONG_CONTEXT_SUFFIX: Final = "[1m]"


def resolve_model(
    asked: str,
    *,
    exact: Mapping[str, str],
    globs: Iterable[tuple[str, str]],
    roles: Mapping[str, str],
    default: str,
    providers: Collection[str] = (),
) -> str:
    """The upstream's id for `asked`: exact alias, first matching glob, role named in the id, default, or the id itself (R-MOD-1).

    `roles` maps a word that occurs in ids (opus, sonnet, haiku …) to a model; empty values count as absent. A selector
    ``provider/model`` or ``provider,model`` is taken apart only if its left part is one of `providers`: a slash is also an
    ordinary part of ids. The model it names was chosen on purpose, so only an exact alias is applied to it.

    Raises:
        ApiError: 404 `not_found_error` when nothing is left of the id (R-MOD-4).
    """
    model = _without_suffix(asked)
    if not model:
        raise ApiError("not_found_error", f"model: {asked}")
    chosen = _selected(model, providers)
    if chosen:
        return exact.get(chosen) or chosen
    return exact.get(model) or _by_glob(model, globs) or _by_role(model, roles) or default or model


def _without_suffix(asked: str) -> str:
    """Older clients append the suffix, newer ones send a beta instead (R-MOD-2)."""
    model = asked.strip()
    return model[: -len(LONG_CONTEXT_SUFFIX)].rstrip() if model.lower().endswith(LONG_CONTEXT_SUFFIX) else model


def _selected(model: str, providers: Collection[str]) -> str:
    for separator in ",/":
        left, found, right = model.partition(separator)
        if found and left in providers:
            return right
    return ""


def _by_glob(model: str, globs: Iterable[tuple[str, str]]) -> str:
    return next((target for pattern, target in globs if target and fnmatchcase(model.lower(), pattern.lower())), "")


def _by_role(model: str, roles: Mapping[str, str]) -> str:
    return next((target for role, target in roles.items() if target and role.lower() in model.lower()), "")
