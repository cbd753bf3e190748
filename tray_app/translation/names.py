"""Tool names in both directions (spec 12.3): legal ones for the upstream, the client's own for the answer.

One `ToolNames` serves one request and knows nothing of other requests: equal names give equal results, so that history
converts to the same bytes on every turn. `resolve_client_name` is the response side's way back.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Final

from tray_app.translation.capabilities import Capabilities

_ILLEGAL: Final = re.compile(r"[^a-zA-Z0-9_-]")
_HASH_DIGITS: Final = 8
# What models put around a name they were given: a namespace in front, template tokens behind.
_NAMESPACE: Final = re.compile(r"^(?:functions\.|default_api[:.]|tool\.)+")
_TEMPLATE_TOKENS: Final = re.compile(r"<\|.*\Z", re.DOTALL)


class ToolNames:
    """The name table of one request (R-NAM-1, R-NAM-2): tools, tool_choice, history and references all ask it.

    Legal names are placed first and never change; a name that collides with one already placed gets a hash.
    """

    __slots__ = ("_letter_first", "_limit", "_upstream", "client")

    def __init__(self, names: Iterable[str], capabilities: Capabilities) -> None:
        self._limit = capabilities.tool_name_max
        self._letter_first = capabilities.tool_name_letter_first
        self._upstream: dict[str, str] = {}
        self.client: dict[str, str] = {}
        legal = {name: self._legal(name) for name in names}
        for name in sorted(legal, key=lambda name: legal[name] != name):
            self._place(name, legal[name])

    def upstream(self, client_name: str) -> str:
        """The name to send for `client_name`; a name not seen before is placed now."""
        known = self._upstream.get(client_name)
        return self._place(client_name, self._legal(client_name)) if known is None else known

    def _place(self, name: str, legal: str) -> str:
        if legal in self.client:
            legal = _with_hash(legal, name, self._limit)
        self._upstream[name] = legal
        self.client[legal] = name
        return legal

    def _legal(self, name: str) -> str:
        plain = name.isascii() and name.isidentifier()  # nearly every name is
        legal = name if plain else _ILLEGAL.sub("_", name)
        if self._letter_first and not (legal[:1].isalpha() or legal.startswith("_")):
            legal = f"_{legal}"
        return legal if len(legal) <= self._limit else _with_hash(legal, name, self._limit)


def _with_hash(legal: str, name: str, limit: int) -> str:
    digits = hashlib.sha256(name.encode()).hexdigest()[:_HASH_DIGITS]
    return f"{legal[: limit - _HASH_DIGITS - 1]}_{digits}"


def legal_label(text: str, default: str) -> str:
    """`text` as a name of 1–64 legal characters, for labels that nobody maps back (R-STR-5); `default` if nothing is left."""
    return _ILLEGAL.sub("_", text)[:64] or default


def resolve_client_name(upstream_name: str, mapping: Mapping[str, str]) -> str:
    """The client's name for what the model called (R-NAM-3); a name nobody knows is returned as it came.

    The client itself must tell the model that there is no such tool, so an unknown name is never dropped (P-54).
    """
    if upstream_name in mapping:
        return mapping[upstream_name]
    bare = _NAMESPACE.sub("", _TEMPLATE_TOKENS.sub("", upstream_name).strip())
    if bare in mapping:
        return mapping[bare]
    alike = [client for upstream, client in mapping.items() if upstream.lower() == bare.lower()]
    return alike[0] if len(alike) == 1 else upstream_name
