"""What the listener and the exchanges are told once: address, token, limits and patience."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from tray_app.proxy.endpoint.bodies import BODY_LIMIT_BYTES
from tray_app.proxy.exchange.watchdog import Delays

DEFAULT_PORT: Final = 8417


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSettings:
    """The local endpoint.

    Attributes:
        port: 0 takes any free one.
        ipv6: listen on ::1 as well (with `host` 127.0.0.1).
        reuse_port: share the port with other processes that do the same (Linux).
        token: the local token, or None to let every local program in.
        names: further Host names accepted when `host` is not loopback.
        prefixes: first path parts that are ignored.
        delays: patience of the exchanges; the profile's own timeouts replace theirs.
    """

    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    ipv6: bool = False
    reuse_port: bool = False
    token: str | None = field(default=None, repr=False)
    names: frozenset[str] = frozenset()
    prefixes: frozenset[str] = frozenset({"anthropic"})
    body_limit_bytes: int = BODY_LIMIT_BYTES
    delays: Delays = field(default_factory=Delays)
