"""Where an upstream is: checking what the user typed, and joining it with the path of an endpoint.

Pure. What is wrong is said when a profile is saved or activated, never guessed at (D41, D42, D43, D49, D50).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from yarl import URL

_BAD_PERCENT: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
_UNPRINTABLE: Final = re.compile(r"[\x00-\x20\x7f]")
_HEADER_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HEADER_VALUE: Final = re.compile(r"[\t\x20-\x7e\x80-\xff]*")
SOCKS_SCHEMES: Final = frozenset({"socks4", "socks5", "socks5h"})
PROXY_SCHEMES: Final = frozenset({"http", "https"}) | SOCKS_SCHEMES
_ENDPOINT_TAILS: Final = ("/chat/completions", "/v1/messages")

# Ours to set: a wrong value breaks the request or its answer (hop-by-hop, framing, and a coding we could not undo).
RESERVED_HEADERS: Final = frozenset(
    {
        "host", "content-length", "transfer-encoding", "connection", "keep-alive", "te", "trailer", "upgrade",
        "proxy-connection", "proxy-authenticate", "accept-encoding", "content-encoding", "expect",
    }
)  # fmt: skip


class InvalidUpstreamError(ValueError):
    """The profile cannot be used as it stands; the message names the field and what it should be."""


def _checked_url(text: str, field: str, schemes: frozenset[str]) -> URL:
    kinds = "://, ".join(sorted(schemes)) + "://"
    if _UNPRINTABLE.search(text) or _BAD_PERCENT.search(text):
        raise InvalidUpstreamError(f"{field}: not a valid URL")
    try:
        url = URL(text)
        host, port = url.host, url.port
    except ValueError:
        raise InvalidUpstreamError(f"{field}: not a valid URL") from None
    if url.scheme not in schemes:
        raise InvalidUpstreamError(f"{field}: must start with {kinds}")
    if not host or not port:
        raise InvalidUpstreamError(f"{field}: has no host or no valid port")
    return url


def parse_base_url(text: str) -> URL:
    """The checked base URL of an upstream; a query is kept for every request, trailing slashes are not.

    Raises:
        InvalidUpstreamError: no http(s) scheme, no host, credentials or a fragment in it, or not a URL at all.
    """
    url = _checked_url(text.strip(), "base URL", frozenset({"http", "https"}))
    if url.raw_user is not None or url.raw_password is not None:
        raise InvalidUpstreamError("base URL: must not hold a user name or password; store the key as the credential")
    if url.raw_fragment:
        raise InvalidUpstreamError("base URL: must not have a #fragment")
    path = url.raw_path.rstrip("/")
    for tail in _ENDPOINT_TAILS:  # the whole endpoint was pasted
        path = path.removesuffix(tail)
    return _built(url, path, url.raw_query_string)


def _built(url: URL, path: str, query: str) -> URL:
    return URL.build(scheme=url.scheme, authority=url.raw_authority, path=path, query_string=query, encoded=True)


@lru_cache(maxsize=256)  # the same few for every request
def endpoint(base: URL, path: str, *queries: str) -> URL:
    """`base` with `path` after its own path, and with its query and `queries` at the end, where they belong (D42)."""
    query = "&".join(part for part in (base.raw_query_string, *queries) if part)
    return _built(base, base.raw_path.rstrip("/") + path, query)


def messages_endpoint(base: URL, tail: str = "", query: str = "") -> URL:
    """The Messages endpoint of an Anthropic-style upstream, whether or not its base URL ends in ``/v1``."""
    path = "/messages" if base.raw_path.rstrip("/").endswith("/v1") else "/v1/messages"
    return endpoint(base, path + tail, query)


def models_endpoint(base: URL) -> URL:
    """The model list of an Anthropic-style upstream."""
    return endpoint(base, "/models" if base.raw_path.rstrip("/").endswith("/v1") else "/v1/models", "limit=1000")


def parse_outbound_proxy(text: str) -> URL | None:
    """The URL of an explicit outbound proxy, or None for ``direct`` and ``system``.

    Raises:
        InvalidUpstreamError: anything else, such as a host without a scheme.
    """
    if text.strip().lower() in {"direct", "system", ""}:
        return None
    return _checked_url(text.strip(), "outbound proxy", PROXY_SCHEMES)


def check_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """The extra headers of a profile, as they will be sent.

    Raises:
        InvalidUpstreamError: a name that is not one, a reserved name, a value with control characters, or a name given twice.
    """
    seen: set[str] = set()
    for name, value in headers.items():
        folded = name.lower()
        if not _HEADER_NAME.fullmatch(name):
            raise InvalidUpstreamError(f"headers: {name!r} is not a header name")
        if folded in RESERVED_HEADERS:
            raise InvalidUpstreamError(f"headers: {name} cannot be set")
        if folded in seen:
            raise InvalidUpstreamError(f"headers: {name} is given twice")
        if not _HEADER_VALUE.fullmatch(value):
            raise InvalidUpstreamError(f"headers: the value of {name} has characters that cannot be sent")
        seen.add(folded)
    return dict(headers)
