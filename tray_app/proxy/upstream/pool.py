"""The connections to one upstream: a pooled HTTP session, made at first use and dropped on demand.

Keeps upstream connections alive between requests (the TLS handshake is most of a short request's time), never follows a
redirect, never stores a cookie, sets no read timeout (the exchange's watchdog does that, without a timer per chunk). Its
counterpart is `upstream.py`.
"""

from __future__ import annotations

import asyncio
import urllib.request
from typing import Final

import aiohttp
from yarl import URL

from tray_app.proxy.endpoint.guard import is_loopback
from tray_app.proxy.tasks import spawn
from tray_app.proxy.transports import READ_BYTES
from tray_app.proxy.upstream.addresses import SOCKS_SCHEMES, InvalidUpstreamError, parse_outbound_proxy
from tray_app.proxy.upstream.wire import HEADER_BYTES, Wire, use_protocol

# Kept idle for longer than a person reads an answer, and shorter than most load balancers keep it (60 s and more); a
# connection the upstream closed first costs one retry.
KEEPALIVE_S: Final = 55.0
DNS_CACHE_S: Final = 300


def system_proxy(url: URL) -> URL | None:
    """The proxy that the environment or the operating system names for `url`; loopback never goes through one (R-UP-7)."""
    host = url.host or ""
    if is_loopback(host) or urllib.request.proxy_bypass(f"{host}:{url.port}"):
        return None
    proxies = urllib.request.getproxies()
    found = proxies.get(url.scheme) or proxies.get("all")
    if not found:
        return None
    return parse_outbound_proxy(found if "://" in found else f"http://{found}")


def _socks_connector(proxy: URL) -> aiohttp.BaseConnector:
    try:
        from aiohttp_socks import ProxyConnector
    except ImportError:
        raise InvalidUpstreamError(
            "outbound proxy: SOCKS needs the package aiohttp-socks, which is not installed"
        ) from None
    # socks5h means "the proxy resolves the name", which is what this connector always does.
    plain = str(proxy).replace("socks5h://", "socks5://", 1)
    return ProxyConnector.from_url(plain, limit=0, keepalive_timeout=KEEPALIVE_S)


class Connections:
    """One session and how many exchanges use it: a retired one closes when the last of them lets go."""

    def __init__(self, session: aiohttp.ClientSession, base: URL, proxy: URL | None) -> None:
        self.session = session
        self.proxy = proxy  # http(s) proxy to name in each request; a SOCKS one lives in the connector
        self._target = aiohttp.ClientRequest(
            "POST", base, proxy=proxy, loop=asyncio.get_running_loop(), session=session
        )
        self._users = 0
        self._retired = False
        self._closing: asyncio.Task[None] | None = None

    async def connect(self) -> Wire:
        """A connection for one POST, from the pool if one is idle.

        Raises:
            TimeoutError: it took too long.
            aiohttp.ClientError, OSError: it cannot be made.
        """
        connector = self.session.connector
        assert connector is not None
        return Wire(await connector.connect(self._target, [], self.session.timeout), self._target)

    def hold(self) -> Connections:
        """Count one more user; each `hold` is paid back by one `release`."""
        self._users += 1
        return self

    def release(self) -> None:
        """Count one user less."""
        self._users -= 1
        self._close_if_unused()

    def retire(self) -> asyncio.Task[None] | None:
        """Close as soon as nobody uses it: the closing if that is now, None if it comes later."""
        self._retired = True
        self._close_if_unused()
        return self._closing

    def _close_if_unused(self) -> None:
        if self._retired and self._users == 0 and self._closing is None:
            self._closing = spawn(self.session.close(), name="close upstream session")


class Pool:
    """The connections of one upstream. `hold` gives the current ones, made at first use."""

    def __init__(self, base: URL, outbound_proxy: str, connect_s: float) -> None:
        self._base = base
        self._outbound = outbound_proxy
        self._explicit = parse_outbound_proxy(outbound_proxy)
        self._connect_s = connect_s
        self._current: Connections | None = None
        self._closed = False

    def hold(self) -> Connections:
        """The current connections, held for the caller, who must `release` them.

        Raises:
            InvalidUpstreamError: the outbound proxy cannot be used.
        """
        if self._current is None:
            self._current = self._connections()
        held = self._current.hold()
        if self._closed:  # an exchange that began before the switch may still retry: for it alone
            self.reset()
        return held

    def reset(self) -> asyncio.Task[None] | None:
        """Use fresh connections from now on (sleep, network change, VPN); running answers end on the old ones."""
        current, self._current = self._current, None
        return None if current is None else current.retire()

    async def close(self) -> None:
        """Let go of everything; what is in use closes when its exchange ends."""
        self._closed = True
        closing = self.reset()
        if closing is not None:
            await closing

    def _connections(self) -> Connections:
        proxy = system_proxy(self._base) if self._outbound.strip().lower() == "system" else self._explicit
        if proxy is not None and proxy.scheme in SOCKS_SCHEMES:
            return Connections(self._session(_socks_connector(proxy)), self._base, None)
        connector = aiohttp.TCPConnector(limit=0, ttl_dns_cache=DNS_CACHE_S, keepalive_timeout=KEEPALIVE_S)
        return Connections(self._session(connector), self._base, proxy)

    def _session(self, connector: aiohttp.BaseConnector) -> aiohttp.ClientSession:
        use_protocol(connector)
        return aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, connect=self._connect_s),
            read_bufsize=READ_BYTES,
            max_line_size=HEADER_BYTES,
            max_field_size=HEADER_BYTES,
        )
