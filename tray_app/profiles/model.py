"""A provider profile: where requests go and how, with nothing secret in it.

Values only (frozen msgspec structs: decoding a file checks every type and names the field that is wrong). The store
that reads and writes them is `store.py`; the secrets they refer to are in `secrets.py`.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated, Any, Final

import msgspec

Slug = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
Seconds = Annotated[float, msgspec.Meta(ge=0.1, le=86_400)]

DEMO_ID: Final = "demo"


class ApiKind(StrEnum):
    """What the upstream speaks."""

    OPENAI_CHAT = "openai-chat"
    ANTHROPIC = "anthropic"


class KeyringCredential(msgspec.Struct, frozen=True, tag="keyring"):
    """The key is in the OS keyring under the profile's id."""


class EnvironmentCredential(msgspec.Struct, frozen=True, tag="environment"):
    """The key is the value of an environment variable, read at each request."""

    variable: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,127}$")]


class CommandCredential(msgspec.Struct, frozen=True, tag="command"):
    """The key is the stdout of a command (no shell), kept for `ttl_s` seconds."""

    argv: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    ttl_s: Seconds = 300.0
    timeout_s: Seconds = 30.0


class NoCredential(msgspec.Struct, frozen=True, tag="none"):
    """A local server that wants no key."""


Credential = KeyringCredential | EnvironmentCredential | CommandCredential | NoCredential


class ModelMap(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Which upstream model answers for the model the client asked for (R-MOD-1, in this order).

    `exact` by id, `globs` by the first matching pattern, then the role named in the id (opus, sonnet, haiku), then
    `default`; an id that nothing matches passes through.
    """

    exact: dict[str, str] = {}
    globs: tuple[tuple[str, str], ...] = ()
    opus: str = ""
    sonnet: str = ""
    haiku: str = ""
    default: str = ""


class Timeouts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Seconds. One watchdog per exchange looks at them; nothing here starts a timer per chunk."""

    connect_s: Seconds = 10.0
    first_byte_s: Seconds = 290.0  # Claude Code waits 360 s for headers; we answer before it gives up
    idle_s: Seconds = 300.0
    silence_s: Seconds = 570.0  # only comments and pings: Claude Code cuts at 600 s without a real event


class RetryPolicy(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Retries before the first byte reached the client; statuses are the client's own business unless opted in."""

    connect: Annotated[int, msgspec.Meta(ge=0, le=5)] = 1
    statuses: Annotated[int, msgspec.Meta(ge=0, le=5)] = 0
    fallback: tuple[Slug, ...] = ()


class Profile(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One provider as the user set it up.

    `outbound_proxy` is ``system``, ``direct`` or an http(s)/socks5 URL. `capabilities` overrides single keys of the
    capability record (spec section 4). `base_url` is what comes before ``/chat/completions`` (or ``/v1/messages`` for
    Anthropic upstreams), for example ``https://api.openai.com/v1``.
    """

    id: Slug
    name: Name
    api: ApiKind = ApiKind.OPENAI_CHAT
    base_url: str
    credential: Credential = NoCredential()
    models: ModelMap = ModelMap()
    headers: dict[str, str] = {}
    outbound_proxy: str = "system"
    timeouts: Timeouts = Timeouts()
    retry: RetryPolicy = RetryPolicy()
    capabilities: dict[str, Any] = {}
    color: Annotated[str, msgspec.Meta(pattern=r"^#[0-9a-fA-F]{6}$")] = "#5b7cfa"
    notes: Annotated[str, msgspec.Meta(max_length=4000)] = ""
    preset: str = ""


def slug(name: str, taken: frozenset[str] | set[str] = frozenset()) -> str:
    """A free profile id made from a display name: lower case letters, digits and dashes."""
    base = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:48] or "provider"
    candidate, number = base, 2
    while candidate in taken or candidate == DEMO_ID:
        candidate, number = f"{base}-{number}", number + 1
    return candidate
