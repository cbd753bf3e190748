"""Both ends read in pieces of a bounded size."""

from __future__ import annotations

import asyncio
import socket

from helpers.fake_upstream import HELLO, FakeUpstream, streams
from helpers.proxy_stack import profile, running
from tray_app.proxy.transports import READ_BYTES, read_in_pieces


class Reader(asyncio.Protocol):
    """Remembers how large the pieces were."""

    def __init__(self) -> None:
        self.sizes: list[int] = []
        self.all_here = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        read_in_pieces(transport)

    def data_received(self, data: bytes) -> None:
        self.sizes.append(len(data))

    def eof_received(self) -> None:
        self.all_here.set_result(None)


async def test_nothing_larger_is_read_at_once() -> None:
    """However much has arrived."""
    ours, theirs = socket.socketpair()
    transport, reader = await asyncio.get_running_loop().create_connection(Reader, sock=ours)
    theirs.setblocking(False)
    await asyncio.get_running_loop().sock_sendall(theirs, b"x" * 4 * READ_BYTES)
    theirs.close()
    await reader.all_here
    transport.close()
    assert sum(reader.sizes) == 4 * READ_BYTES
    assert max(reader.sizes) <= READ_BYTES


async def test_both_ends_of_the_proxy_do() -> None:
    """The client's connection and the upstream's, which both stay open after an answer."""
    async with FakeUpstream(streams(*HELLO)) as upstream, running(profile(upstream.url)) as proxy:
        await proxy.ask()
        assert proxy.server._listener is not None
        clients = [connection.transport for connection in proxy.server._listener._connections]
        assert proxy.switchboard.active is not None
        with_upstream = proxy.switchboard.active.pool.hold()
        connector = with_upstream.session.connector
        assert connector is not None
        upstreams = [protocol.transport for kept in connector._conns.values() for protocol, _ in kept]
        assert [transport.max_size for transport in (*clients, *upstreams)] == [READ_BYTES] * 2  # type: ignore[union-attr]
        with_upstream.release()
