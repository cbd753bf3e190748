"""The listener: binding, states, locks and limits over real sockets, and the drain."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import aiohttp
import pytest

from helpers.answers import DONE, finish, say
from helpers.fake_upstream import FakeUpstream, Peer
from helpers.proxy_stack import REQUEST, TOKEN, profile, read_until, running
from tray_app.proxy.endpoint.guard import OpenBindError
from tray_app.proxy.endpoint.ports import PortTakenError
from tray_app.proxy.endpoint.settings import ServerSettings
from tray_app.proxy.events import RequestFailed, RequestRefused, ServerState, ServerStateChanged


def port_of(url: str) -> int:
    """The port in a URL."""
    return int(url.rpartition(":")[2])


# -- life


async def test_states_go_round_and_start_and_stop_are_idempotent() -> None:
    """STOPPED, STARTING, RUNNING, DRAINING, STOPPED; twice is the same as once."""
    async with running() as proxy:
        await proxy.server.start()
        url = proxy.url
        await proxy.server.stop()
        await proxy.server.stop()
        assert (proxy.server.state, proxy.server.url) == (ServerState.STOPPED, None)
        await proxy.server.start()
        changes = proxy.events(ServerStateChanged)
    states = [change.state.value for change in changes]
    assert states == ["starting", "running", "draining", "stopped", "starting", "running"]
    assert changes[1].url == url


async def test_a_taken_port_is_an_error_that_offers_another_and_nothing_starts_elsewhere() -> None:
    """It says who holds the port, where the system tells."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        async with running() as proxy:
            await proxy.server.stop()
            await proxy.server.use(ServerSettings(port=port, token=TOKEN))
            with pytest.raises(PortTakenError) as raised:
                await proxy.server.start()
            failed = proxy.events(ServerStateChanged)[-1]
            assert (failed.state, failed.error) == (ServerState.FAILED, str(raised.value))
            assert raised.value.free_port != port
            holder.close()
            await proxy.server.start()
            assert port_of(proxy.url) == port


async def test_a_bind_beyond_loopback_without_a_token_is_refused() -> None:
    """Nobody on the network gets in unasked."""
    async with running() as proxy:
        await proxy.server.stop()
        await proxy.server.use(ServerSettings(host="0.0.0.0", port=0, token=None))
        with pytest.raises(OpenBindError):
            await proxy.server.start()
        assert proxy.server.state is ServerState.FAILED
        await proxy.server.stop()
        assert proxy.server.state is ServerState.STOPPED


async def test_both_loopback_addresses_on_one_port() -> None:
    """::1 is served too when asked for."""
    async with running(settings={"ipv6": True}) as proxy:
        async with proxy.client.get(f"http://[::1]:{port_of(proxy.url)}/healthz") as response:
            assert response.status == 200


async def test_the_token_can_be_rotated_while_running() -> None:
    """The next request needs the new one."""
    async with running() as proxy:
        proxy.server.use_token("another-one")
        assert (await proxy.get("/v1/models")).status == 401
        assert "another-one" not in repr(proxy.server.settings)


async def test_other_settings_move_a_running_server() -> None:
    """A new address is bound, other changes keep the old one."""
    async with running() as proxy:
        before = proxy.url
        await proxy.server.use(ServerSettings(port=0, token="t2"))
        assert proxy.url == before
        await proxy.server.use(ServerSettings(port=0, token="t2", ipv6=True))
        assert proxy.server.state is ServerState.RUNNING


# -- the drain


async def _half_an_answer(peer: Peer) -> None:
    await peer.head()
    await peer.send(say("half"))
    await peer.gone.wait()


async def test_d54_r_liv_5_a_late_stream_is_told() -> None:
    """Stopping ends it with a proper error event, and the upstream is closed."""
    async with FakeUpstream(_half_an_answer) as upstream, running(profile(upstream.url)) as proxy:
        async with proxy.post() as response:
            await read_until(response, b"half")
            stopping = asyncio.ensure_future(proxy.server.stop(drain_s=0.05))  # noqa: TID251
            rest = await response.read()
            await stopping
        failed = await proxy.event(RequestFailed)
    assert b'"type":"overloaded_error"' in rest
    assert b"shutting down" in rest
    assert b"message_stop" not in rest
    assert not failed.cancelled


async def test_d54_a_request_that_was_not_answered_yet_gets_a_503() -> None:
    """Its client may try again elsewhere or later."""
    asked = asyncio.Event()

    async def script(peer: Peer) -> None:
        asked.set()
        await peer.gone.wait()

    async with FakeUpstream(script) as upstream, running(profile(upstream.url)) as proxy:
        answer = asyncio.ensure_future(proxy.ask())  # noqa: TID251
        await asked.wait()
        await proxy.server.stop(drain_s=0.0)
        assert (await answer).status == 503


async def test_a_stream_that_ends_in_time_is_left_alone() -> None:
    """The drain waits for it, and accepts nothing new meanwhile."""
    go_on = asyncio.Event()

    async def script(peer: Peer) -> None:
        await peer.head()
        await peer.send(say("half"))
        await go_on.wait()
        await peer.send(say(" and half"), finish(), DONE)
        await peer.end()

    async with FakeUpstream(script) as upstream, running(profile(upstream.url)) as proxy:
        url = proxy.url
        async with proxy.post() as response:
            await read_until(response, b"half")
            stopping = asyncio.ensure_future(proxy.server.stop(drain_s=30.0))  # noqa: TID251
            await proxy.event(ServerStateChanged, 3)
            with pytest.raises(aiohttp.ClientConnectorError):
                await proxy.client.get(f"{url}/healthz")
            go_on.set()
            assert b"message_stop" in await response.read()
        await stopping
        assert not proxy.events(RequestFailed)


# -- the locks, over HTTP


@pytest.mark.parametrize(
    ("headers", "status", "kind"),
    [
        ({"x-api-key": "wrong"}, 401, "authentication_error"),
        ({"Host": "evil.example"}, 403, "permission_error"),
        ({"Origin": "https://evil.example"}, 403, "permission_error"),
        ({"Content-Type": "text/plain"}, 415, "invalid_request_error"),
    ],
)
async def test_d46_what_a_lock_refuses_never_reaches_the_upstream(
    headers: dict[str, str], status: int, kind: str
) -> None:
    """It is refused, published and over."""
    async with FakeUpstream() as upstream, running(profile(upstream.url)) as proxy:
        answer = await proxy.ask(headers=headers)
        refused = await proxy.event(RequestRefused)
    assert (answer.status, answer.error[0], refused.status) == (status, kind, status)
    assert not any(name.lower().startswith("access-control") for name in answer.headers)
    assert not upstream.received


async def test_a_preflight_is_refused() -> None:
    """No CORS, ever."""
    async with running() as proxy:
        answer = await proxy.get("/v1/messages", "OPTIONS", {"Origin": "https://evil.example"})
    assert answer.status == 403


# -- the surface


async def test_r_lis_1_every_spelling_of_the_route_is_served() -> None:
    """With a query, a trailing slash, a doubled one, without /v1, with the prefix."""
    async with FakeUpstream() as upstream, running(profile(upstream.url)) as proxy:
        for path in ("/v1/messages?beta=true", "/v1/messages/", "//v1/messages", "/messages", "/anthropic/v1/messages"):
            assert (await proxy.ask(path=path)).status == 200, path


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("HEAD", "/", 200),
        ("GET", "/", 200),
        ("HEAD", "/api/hello", 200),
        ("GET", "/healthz", 200),
        ("GET", "/v1/models?limit=1000", 200),
        ("GET", "/v1/models/nope", 404),
        ("GET", "/v1/messages", 405),
        ("DELETE", "/v1/messages", 405),
        ("GET", "/v1/messages/batches", 404),
        ("GET", "/favicon.ico", 404),
    ],
)
async def test_r_lis_2_r_lis_3_p_108_every_answer_has_a_request_id_and_none_redirects(
    method: str, path: str, status: int
) -> None:
    """JSON in Anthropic's shape everywhere, never HTML, 204 or 3xx."""
    async with FakeUpstream() as upstream, running(profile(upstream.url)) as proxy:
        answer = await proxy.get(path, method)
    assert answer.status == status
    assert len(answer.headers["request-id"]) >= len("req_") + 24
    assert answer.headers["request-id"].startswith("req_")
    assert answer.headers["Content-Type"].startswith("application/json")
    if status >= 400:
        assert answer.error[0] in ("not_found_error", "invalid_request_error")
    if status == 405:
        assert answer.headers["Allow"] == "POST"
    if (method, path) == ("HEAD", "/"):
        assert answer.headers["Content-Length"] == "0"


async def test_r_lis_7_expect_100_continue() -> None:
    """curl sends it with large bodies."""
    async with FakeUpstream() as upstream, running(profile(upstream.url)) as proxy:
        assert (await proxy.ask(expect100=True)).status == 200


# -- bodies


async def test_d39_r_lis_6_a_huge_body_is_refused_by_its_length() -> None:
    """200 MB are announced and none of them is read: 413 at once."""
    async with running() as proxy:
        head = (
            f"POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nx-api-key: {TOKEN}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {200 << 20}\r\nConnection: close\r\n\r\n"
        )
        reader, writer = await asyncio.open_connection("127.0.0.1", port_of(proxy.url))
        writer.write(head.encode())
        status = await reader.readline()
        writer.close()
    assert b" 413 " in status


async def _pieces(count: int, size: int = 1 << 16) -> Any:
    for _ in range(count):
        yield b"x" * size


async def test_d39_a_huge_body_without_a_length_is_refused_while_it_arrives() -> None:
    """The limit holds for what arrives, not for what is announced."""
    async with running(settings={"body_limit_bytes": 1 << 20}) as proxy:
        headers = {"x-api-key": TOKEN, "Content-Type": "application/json"}
        async with proxy.client.post(f"{proxy.url}/v1/messages", data=_pieces(40), headers=headers) as response:
            assert response.status == 413
            assert (await response.json())["error"]["type"] == "request_too_large"


async def test_a_body_at_the_limit_passes() -> None:
    """32 MiB are Anthropic's own limit."""
    async with FakeUpstream() as upstream, running(profile(upstream.url)) as proxy:
        answer = await proxy.ask({**REQUEST, "padding": "x" * (4 << 20)})
    assert answer.status == 200
