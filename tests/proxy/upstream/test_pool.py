"""Pooled connections: held, retired, closed; and the outbound proxy they go through."""

from __future__ import annotations

import sys

import aiohttp
import pytest
from yarl import URL

from helpers.fake_upstream import FakeUpstream, answers
from helpers.proxy_stack import profile, running
from tray_app.proxy.tasks import spawn
from tray_app.proxy.upstream.addresses import InvalidUpstreamError
from tray_app.proxy.upstream.pool import Pool, system_proxy

BASE = URL("https://api.example.com/v1")


async def test_connections_are_shared_and_made_at_first_use() -> None:
    """Everybody holds the same session."""
    pool = Pool(BASE, "direct", 5.0)
    first, second = pool.hold(), pool.hold()
    assert first is second
    assert first.session.timeout == aiohttp.ClientTimeout(total=None, connect=5.0, sock_read=None, sock_connect=None)
    first.release()
    second.release()
    await pool.close()
    assert first.session.closed


async def test_a_reset_leaves_the_old_ones_to_those_who_use_them() -> None:
    """They close when the last one lets go."""
    pool = Pool(BASE, "direct", 5.0)
    old = pool.hold()
    pool.reset()
    new = pool.hold()
    assert new is not old
    assert not old.session.closed
    old.release()
    new.release()
    await spawn(pool.close(), name="close")
    assert new.session.closed
    await old.session.close()


async def test_after_closing_a_straggler_still_gets_connections_of_its_own() -> None:
    """An exchange that began before a switch may retry; what it used is closed at its end."""
    pool = Pool(BASE, "direct", 5.0)
    await pool.close()
    late = pool.hold()
    assert not late.session.closed
    late.release()
    await late.session.close()
    later = pool.hold()
    assert later is not late
    later.release()
    await later.session.close()


def test_system_proxies_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """R-UP-7: http_proxy and no_proxy are honoured, loopback is never sent through one."""
    monkeypatch.setenv("https_proxy", "http://proxy.test:8080")
    monkeypatch.setenv("no_proxy", "internal.test")
    assert system_proxy(BASE) == URL("http://proxy.test:8080")
    assert system_proxy(URL("https://internal.test/v1")) is None
    assert system_proxy(URL("https://127.0.0.1/v1")) is None
    monkeypatch.delenv("https_proxy")
    monkeypatch.setenv("all_proxy", "proxy.test:3128")
    assert system_proxy(BASE) == URL("http://proxy.test:3128")
    monkeypatch.delenv("all_proxy")
    assert system_proxy(BASE) is None


async def test_r_up_7_an_explicit_http_proxy_gets_the_request() -> None:
    """The proxy sees the whole address of the upstream."""
    async with FakeUpstream() as outbound:
        options = {"outbound_proxy": f"http://127.0.0.1:{outbound.port}"}
        async with running(profile("http://upstream.test/v1", **options)) as proxy:
            assert (await proxy.ask()).text == "Hello"
    assert outbound.received[0].target == "http://upstream.test/v1/chat/completions"


async def test_the_environments_proxy_is_used_only_when_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """`direct` means direct, `system` what the environment says."""
    async with FakeUpstream(answers(407)) as outbound:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{outbound.port}")
        async with running(profile("http://upstream.invalid/v1", outbound_proxy="direct")) as proxy:
            assert (await proxy.ask()).status == 502
        assert not outbound.received
        async with running(profile("http://upstream.invalid/v1", outbound_proxy="system")) as proxy:
            await proxy.ask()
    assert outbound.received


async def test_socks_without_its_package_is_a_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Said at the first request, with the name of what is missing."""
    monkeypatch.setitem(sys.modules, "aiohttp_socks", None)
    with pytest.raises(InvalidUpstreamError, match="aiohttp-socks"):
        Pool(BASE, "socks5://127.0.0.1:1080", 1.0).hold()
    async with running(profile("http://upstream.test/v1", outbound_proxy="socks5h://127.0.0.1:1080")) as proxy:
        answer = await proxy.ask()
    assert (answer.status, "aiohttp-socks" in answer.error[1]) == (502, True)


async def test_socks_uses_a_connector_of_its_own() -> None:
    """The names are resolved by the proxy in either spelling."""
    pytest.importorskip("aiohttp_socks")
    for scheme in ("socks5", "socks5h"):
        pool = Pool(BASE, f"{scheme}://127.0.0.1:1080", 1.0)
        held = pool.hold()
        assert type(held.session.connector).__name__ == "ProxyConnector"
        assert held.proxy is None
        held.release()
        await pool.close()
