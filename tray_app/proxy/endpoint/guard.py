"""The four locks of the local endpoint (product description, section 2), as pure checks over a request's head.

Loopback bind, local token, loopback Host header, no browser Origin (and no body a web page could send without asking
first). What a lock refuses never reaches a handler, let alone the upstream. Its counterpart is `server.py`, which calls
`check_bind` once and `Guard.check` for every request.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import ip_address
from typing import Final

from tray_app.translation.errors import ApiError

LOOPBACK_NAMES: Final = frozenset({"localhost", "localhost."})
# Answered without a token: they say nothing but "a proxy is here", and clients send them before they show their key.
OPEN_ROUTES: Final = frozenset({"root", "hello", "healthz"})


class OpenBindError(ValueError):
    """A bind beyond loopback was asked for without a token; nobody may be let in unasked."""


@lru_cache(maxsize=256)  # asked for every request, with the same few answers
def is_loopback(host: str) -> bool:
    """Whether `host` (name or address, without port or brackets) can only mean this machine."""
    if host.lower() in LOOPBACK_NAMES:
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def check_bind(host: str, token: str | None) -> None:
    """Refuse to listen beyond loopback without the token lock.

    Raises:
        OpenBindError: `host` is not loopback and there is no token.
    """
    if token is None and not is_loopback(host):
        raise OpenBindError(f"refusing to listen on {host} without a token: anyone on the network could use your keys")


def host_name(header: str) -> str:
    """The host of a Host header, without port and brackets, lower case."""
    text = header.strip().lower()
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.partition(":")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """The locks on each request. `names` are further Host names accepted when the bind is not loopback.

    Behind a bind to a network interface any literal address is a fine Host: DNS rebinding needs a name.
    """

    token: str | None = field(repr=False)
    loopback_only: bool = True
    names: frozenset[str] = frozenset()

    def check(self, route: str, method: str, headers: Mapping[str, str]) -> None:
        """Let a request pass or say why not.

        Raises:
            ApiError: 403 (Host, Origin), 401 (token) or 415 (content type), in this order.
        """
        self._check_host(headers.get("Host", ""))
        if "Origin" in headers:
            raise ApiError("permission_error", "requests from web pages are refused (an Origin header was sent)")
        if route not in OPEN_ROUTES:
            self._check_token(headers)
        if method == "POST":
            _check_content_type(headers.get("Content-Type", ""))

    def _check_host(self, header: str) -> None:
        host = host_name(header)
        if not (is_loopback(host) or (not self.loopback_only and (host in self.names or _is_address(host)))):
            raise ApiError(
                "permission_error", "Host header: only a loopback name is accepted (127.0.0.1, localhost, [::1])"
            )

    def _check_token(self, headers: Mapping[str, str]) -> None:
        if self.token is not None and not _matches(self.token, _offered(headers)):
            raise ApiError(
                "authentication_error",
                "the local token is missing or wrong: send it as x-api-key or as Authorization: Bearer",
                should_retry=False,  # Claude Code repeats a 401 for minutes otherwise (R-ERR-10)
            )


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _offered(headers: Mapping[str, str]) -> tuple[str, ...]:
    scheme, _, bearer = headers.get("Authorization", "").partition(" ")
    return (headers.get("x-api-key", ""), bearer.strip() if scheme.lower() == "bearer" else "")


def _matches(token: str, offered: Iterable[str]) -> bool:
    wanted = token.encode()
    # No short cut: every candidate is compared, each in constant time.
    matches = [hmac.compare_digest(wanted, value.encode(errors="surrogateescape")) for value in offered]
    return any(matches)


def _check_content_type(header: str) -> None:
    if header.partition(";")[0].strip().lower() != "application/json":
        # A web page may send text/plain or a form across origins without a preflight, but never this type.
        raise ApiError("invalid_request_error", "Content-Type: application/json is required", status=415)
