"""What of a request may be seen outside the exchange: errors, client names and headers with every credential masked.

The patterns are the translation's (`translation/redaction.py`); this module applies them to HTTP values and to the
events, so that nothing unmasked can reach the screen, the ledger or a log.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from tray_app.proxy.events import ErrorInfo
from tray_app.translation.errors import ApiError
from tray_app.translation.redaction import MASK, bound, redact

CLIENT_CHARS: Final = 80
_READ_CHARS: Final = 1000  # of a user agent; more than this is no name
# "tokens" are counted in headers; a "token" is a credential.
_SECRET_NAME: Final = re.compile("authorization|api-?key|token(?!s)|secret|cookie|password|credential", re.IGNORECASE)


def client_name(headers: Mapping[str, str]) -> str:
    """The client's user agent as it may be shown: masked, printable, at most `CLIENT_CHARS` characters."""
    return _shown(headers.get("User-Agent", "")[:_READ_CHARS])


@lru_cache(maxsize=64)  # a machine has few clients
def _shown(user_agent: str) -> str:
    text = redact(user_agent)
    return bound("".join(c for c in text if c.isprintable()), CLIENT_CHARS)


def masked_headers(headers: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """All headers in their order; those that carry credentials keep only their name. Cheap: values are not searched."""
    shown = list(headers.items())
    for place in _secret_places(tuple([name for name, _ in shown])):
        shown[place] = (shown[place][0], MASK)
    return tuple(shown)


def credentials_in(headers: Mapping[str, str]) -> set[str]:
    """The credentials themselves, to be masked wherever else they stand; a scheme such as ``Bearer`` is not part of one."""
    return {value.rpartition(" ")[2] for name, value in headers.items() if _is_secret(name)}


@lru_cache(maxsize=64)  # clients and upstreams send the same names again and again
def _secret_places(names: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(place for place, name in enumerate(names) if _is_secret(name))


@lru_cache(maxsize=1_000)
def _is_secret(name: str) -> bool:
    return _SECRET_NAME.search(name) is not None


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
