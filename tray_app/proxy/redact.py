"""What of a request may be seen outside the exchange: errors, client names and headers with every credential masked.

The patterns are the translation's (`translation/redaction.py`); this module applies them to HTTP values and to the
events, so that nothing unmasked can reach the screen, the ledger or a log.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from tray_app.proxy.events import ErrorInfo
from tray_app.translation.errors import ApiError
from tray_app.translation.redaction import MASK, bound, redact

CLIENT_CHARS: Final = 80
_SECRET_HEADERS: Final = frozenset(
    {"authorization", "proxy-authorization", "x-api-key", "api-key", "cookie", "set-cookie", "x-goog-api-key"}
)


def client_name(headers: Mapping[str, str]) -> str:
    """The client's user agent as it may be shown: masked, printable, at most `CLIENT_CHARS` characters."""
    text = redact(headers.get("User-Agent", ""))
    return bound("".join(c for c in text if c.isprintable()), CLIENT_CHARS)


def safe_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers for a log: those that carry credentials keep only their name."""
    return {name: MASK if name.lower() in _SECRET_HEADERS else redact(value) for name, value in headers.items()}


def error_info(error: ApiError, secrets: Iterable[str] = ()) -> ErrorInfo:
    """An error as an event may carry it."""
    known = tuple(secrets)
    text = error.upstream_text
    return ErrorInfo(
        type=error.type,
        message=bound(redact(error.message, known)),
        status=error.status,
        fault=error.fault.value,
        upstream_status=error.upstream_status,
        upstream_text=None if text is None else bound(redact(text, known)),
    )
