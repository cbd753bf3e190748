"""What a profile must satisfy beyond the types of its fields: usable URLs, headers and overrides, said field by field.

Pure functions. The store uses them to report, the editor to mark fields, the proxy to refuse before the first request
(seed defects D41, D43, D49, D50).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

import msgspec

from tray_app.profiles.model import Profile
from tray_app.translation.capabilities import Capabilities

UPSTREAM_SCHEMES: Final = frozenset({"http", "https"})
PROXY_SCHEMES: Final = frozenset({"http", "https", "socks5", "socks5h"})
PROXY_WORDS: Final = frozenset({"system", "direct"})
# Computed per request or by the HTTP library; a fixed value would break the exchange (D49, D50).
RESERVED_HEADERS: Final = frozenset(
    {"host", "content-length", "transfer-encoding", "connection", "accept-encoding", "content-type", "content-encoding"}
)
# A profile holds nothing secret: these belong into the credential.
SECRET_HEADERS: Final = frozenset({"authorization", "proxy-authorization", "x-api-key", "api-key", "cookie"})
_HEADER_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, token
_HEADER_VALUE: Final = re.compile(r"[\t\x20-\x7e]*")
_SECRET_QUERY: Final = re.compile(r"(?:^|&)(?:api[-_]?)?(?:key|token)=", re.IGNORECASE)
_PLACE: Final = re.compile(r" - at `\$(.*)`$")


class InvalidProfileError(ValueError):
    """A field of a profile is wrong; the message is `<place>: <problem>`."""

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(f"{place}: {problem}")
        self.place = place
        self.problem = problem


def decode_profile(entry: Any, place: str) -> Profile:
    """A profile from its plain JSON form; `place` is where it stands, for the message.

    Raises:
        InvalidProfileError: a field has the wrong type or form.
    """
    try:
        return msgspec.convert(entry, Profile)
    except msgspec.ValidationError as error:
        raise _located(error, place) from None


def _located(error: msgspec.ValidationError, place: str) -> InvalidProfileError:
    text = str(error)
    found = _PLACE.search(text)
    return InvalidProfileError(place + (found[1] if found else ""), _PLACE.sub("", text))


def problems_of(profile: Profile) -> tuple[str, ...]:
    """What keeps this profile from working, each as `<field>: <problem>`; empty when it can be used."""
    return tuple(
        f"{field}: {problem}"
        for field, problem in (
            *_url_problems(profile.base_url),
            *_proxy_problems(profile.outbound_proxy),
            *_header_problems(profile.headers),
            *_capability_problems(profile.capabilities),
            *_fallback_problems(profile),
        )
    )


Problems = Iterator[tuple[str, str]]


def _url_problems(url: str) -> Problems:
    parts = _split(url)
    if parts is None or parts.scheme not in UPSTREAM_SCHEMES or not parts.hostname:
        yield "base_url", "must be an address such as https://api.example.com/v1"
    elif parts.username or parts.password:
        yield "base_url", "must not hold a user name or password; store the key as the credential"
    elif parts.fragment:
        yield "base_url", "must not hold a fragment (#)"
    elif _SECRET_QUERY.search(parts.query):
        yield "base_url", "must not hold a key; store it as the credential"


def _proxy_problems(proxy: str) -> Problems:
    if proxy in PROXY_WORDS:
        return
    parts = _split(proxy)
    if parts is None or parts.scheme not in PROXY_SCHEMES or not parts.hostname:
        yield "outbound_proxy", "must be system, direct, or an address such as http://127.0.0.1:7890"
    elif parts.password:
        yield "outbound_proxy", "must not hold a password; a profile keeps no secrets"


def _split(url: str) -> SplitResult | None:
    """The parts of an address whose host and port make sense, else None."""
    try:
        parts = urlsplit(url)
        usable = parts.port != 0 and not re.search(r"\s", url) and "%" not in parts.netloc
    except ValueError:  # a bracket or port that cannot be read
        return None
    return parts if usable else None


def _header_problems(headers: Mapping[str, str]) -> Problems:
    seen: set[str] = set()
    for name, value in headers.items():
        problem = _header_problem(name.lower(), value, seen)
        seen.add(name.lower())
        if problem:
            yield f"headers.{name}", problem


def _header_problem(name: str, value: str, seen: set[str]) -> str | None:
    if not _HEADER_NAME.fullmatch(name):
        return "is not a header name"
    if name in RESERVED_HEADERS:
        return "is set by Dragoman itself"
    if name in SECRET_HEADERS:
        return "would keep a secret in the profile; store the key as the credential"
    if name in seen:
        return "is given twice"
    if not _HEADER_VALUE.fullmatch(value):
        return "holds characters that cannot be sent in a header"
    return None


def _capability_problems(overrides: Mapping[str, Any]) -> Problems:
    for name, value in overrides.items():
        try:
            msgspec.convert({name: value}, Capabilities)
        except msgspec.ValidationError as error:
            located = _located(error, "")
            yield f"capabilities{located.place or f'.{name}'}", located.problem


def _fallback_problems(profile: Profile) -> Problems:
    if profile.id in profile.retry.fallback:
        yield "retry.fallback", "names the profile itself"
