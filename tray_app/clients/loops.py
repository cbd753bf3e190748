"""Tells whether an address leads back to ourselves: a profile or a client setting that does so would loop for ever."""

from __future__ import annotations

import ipaddress
from typing import Final
from urllib.parse import urlsplit

_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


def is_self(url: str, port: int) -> bool:
    """Whether `url` names this machine by a loopback or wildcard address and our port. Looks nothing up."""
    try:
        parts = urlsplit(url)
        target = parts.port or _DEFAULT_PORTS.get(parts.scheme)
        return target == port and _is_loopback(parts.hostname or "")
    except ValueError:  # no address at all leads nowhere
        return False


def _is_loopback(host: str) -> bool:
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    address = mapped or address
    return address.is_loopback or address.is_unspecified
