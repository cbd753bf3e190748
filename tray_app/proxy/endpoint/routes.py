"""The HTTP surface as a table: which path means what, and which methods it takes (spec section 1).

Pure: a path in, a `Route` out. Tolerant where clients differ (trailing and doubled slashes, a base URL with or without
``/v1``, the prefix ``/anthropic``), strict in everything else. Its counterpart is `server.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import unquote

from tray_app.translation.errors import ApiError

READ: Final = ("GET", "HEAD")

# path below the prefix and /v1 -> name, methods
_TABLE: Final[dict[tuple[str, ...], tuple[str, tuple[str, ...]]]] = {
    (): ("root", READ),
    ("healthz",): ("healthz", READ),
    ("api", "hello"): ("hello", READ),
    ("messages",): ("messages", ("POST",)),
    ("messages", "count_tokens"): ("count_tokens", ("POST",)),
    ("models",): ("models", READ),
}
UNKNOWN: Final = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Where a request goes. `pinned` is the profile id of ``/p/<id>/…``; `tail` the model id of ``/models/<id>``."""

    name: str
    methods: tuple[str, ...] = ()
    pinned: str | None = None
    tail: str = ""


@lru_cache(maxsize=256)  # clients use a handful of paths
def match(path: str, prefixes: frozenset[str] = frozenset({"anthropic"})) -> Route:
    """The route of a raw (still percent-encoded) path; the name is `UNKNOWN` when there is none (R-LIS-1)."""
    parts = [part for part in path.split("/") if part]
    pinned = None
    if len(parts) >= 2 and parts[0] == "p":
        pinned, parts = unquote(parts[1]), parts[2:]
    if parts and parts[0] in prefixes:
        parts = parts[1:]
    while parts and parts[0] == "v1":  # twice when a base URL that ends in /v1 meets a client that adds its own
        parts = parts[1:]
    if len(parts) > 1 and parts[0] == "models":
        return Route(name="model", methods=READ, pinned=pinned, tail=unquote("/".join(parts[1:])))
    name, methods = _TABLE.get(tuple(parts), (UNKNOWN, ()))
    return Route(name=name, methods=methods, pinned=pinned)


def check_method(route: Route, method: str, path: str) -> None:
    """Raise the 404 of an unknown path or the 405 of a wrong method (D34, D47)."""
    if route.name == UNKNOWN:
        raise ApiError("not_found_error", f"no such endpoint: {path[:200]}")
    if method not in route.methods:
        allowed = ", ".join(route.methods)
        raise ApiError("invalid_request_error", f"{method} is not allowed here; use {allowed}", status=405)
