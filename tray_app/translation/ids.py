"""Tool-call ids in both directions (spec 10.6): legal and unique for the client, accepted and stable for the upstream.

Pure: the same history gives the same upstream ids on every turn; randomness for client ids is handed in. The response
side calls `client_id`, the request side allocates through `UpstreamIds`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Container
from typing import Final

from tray_app.translation.capabilities import Capabilities

CLIENT_ID_MAX_CHARS: Final = 64  # Anthropic's own limit
_KEEP_MIN_CHARS: Final = 20  # shorter upstream ids (call_0, functions.Bash:0) repeat from turn to turn
_MISTRAL_ID_CHARS: Final = 9
_HASHED_ID_CHARS: Final = 24
_BASE62: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_LEGAL: Final = re.compile(r"[A-Za-z0-9_-]+")
_WRAPPED: Final = re.compile(r"toolu_[0-9A-Za-z]{10}_([A-Za-z0-9_-]+)")


def client_id(upstream_id: str, seen: Container[str], new_id: Callable[[], str]) -> str:
    """The id the client gets for a new call (R-ID-1, P-40).

    `seen` holds the tool-use ids of the request's history and of this answer so far: a repeated id makes Claude Code
    drop the call without a word. `new_id` returns a fresh base62 string of at least 22 characters.
    """
    if _is_keepable(upstream_id) and upstream_id not in seen:
        return upstream_id
    fresh = new_id()
    wrapped = f"toolu_{fresh[:10]}_{_to_base64url(upstream_id)}"
    if upstream_id and len(wrapped) <= CLIENT_ID_MAX_CHARS:
        return wrapped
    return f"toolu_{fresh[:22]}"


def original_id(tool_use_id: str) -> str | None:
    """The upstream's own id inside one that `client_id` wrapped; None for any other id (R-ID-2)."""
    match = _WRAPPED.fullmatch(tool_use_id)
    return _from_base64url(match[1]) if match else None


class UpstreamIds:
    """Allocates an upstream id per tool call, in history order (R-ID-2, R-ID-3).

    Forward-only: what a call gets depends on the calls before it and never on later ones (R-PIP-1).
    """

    def __init__(self, capabilities: Capabilities) -> None:
        self._rule = capabilities.tool_id_rule
        self._max = capabilities.tool_id_max
        self._taken: set[str] = set()

    def next_turn(self) -> None:
        """Begin another assistant turn. Upstreams with their own ids may repeat them from turn to turn (Kimi)."""
        if self._rule == "own":
            self._taken.clear()

    def allocate(self, tool_use_id: str) -> str:
        """The upstream id of the next call, whose id is `tool_use_id` for the client."""
        chosen = self._preferred(tool_use_id)
        occurrence = 1
        while chosen in self._taken:
            occurrence += 1
            chosen = self._alternative(tool_use_id, occurrence)
        self._taken.add(chosen)
        return chosen

    def _preferred(self, tool_use_id: str) -> str:
        if self._rule == "openai":
            return self._legal(tool_use_id)
        if self._rule == "own":
            return original_id(tool_use_id) or tool_use_id or self._hashed("")
        return self._hashed(tool_use_id)

    def _alternative(self, tool_use_id: str, occurrence: int) -> str:
        """Another id for one that is taken (R-AST-5, R-ID-3)."""
        if self._rule == "mistral9":
            return self._hashed(f"{tool_use_id}#{occurrence - 1}")
        renamed = f"{self._preferred(tool_use_id)}_{occurrence}"
        return renamed if self._rule == "own" else self._legal(renamed)

    def _legal(self, text: str) -> str:
        plain = text.isascii() and text.isidentifier()  # nearly every id is, and it is known sooner than a match
        return text if len(text) <= self._max and (plain or _LEGAL.fullmatch(text)) else self._hashed(text)

    def _hashed(self, text: str) -> str:
        digits = _base62(hashlib.sha256(text.encode()).digest())
        if self._rule == "mistral9":
            return digits[:_MISTRAL_ID_CHARS]
        return f"call_{digits[:_HASHED_ID_CHARS]}"[: self._max]


def _is_keepable(upstream_id: str) -> bool:
    """Whether an upstream id may be shown as it is; one that looks wrapped would come back unwrapped."""
    legal = _KEEP_MIN_CHARS <= len(upstream_id) <= CLIENT_ID_MAX_CHARS and _LEGAL.fullmatch(upstream_id)
    return bool(legal) and original_id(upstream_id) is None


def _to_base64url(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _from_base64url(text: str) -> str | None:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None


def _base62(digest: bytes) -> str:
    number = int.from_bytes(digest, "big")
    digits = []
    while number:
        number, digit = divmod(number, 62)
        digits.append(_BASE62[digit])
    return "".join(reversed(digits)).zfill(_HASHED_ID_CHARS)
