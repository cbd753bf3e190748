"""Readers without a screen get everything, in order, and nothing runs while nothing happens."""

from __future__ import annotations

import asyncio

from helpers.ledger_events import finished, started
from tray_app.proxy.events import Event
from tray_app.proxy.follower import following
from tray_app.proxy.hub import EventHub


class Reader:
    """Remembers what it was handed, batch by batch."""

    def __init__(self) -> None:
        self.batches: list[tuple[Event, ...]] = []
        self.come = asyncio.Event()

    def __call__(self, events: tuple[Event, ...]) -> None:
        self.batches.append(events)
        self.come.set()

    async def next(self) -> tuple[Event, ...]:
        async with asyncio.timeout(10):
            await self.come.wait()
        self.come.clear()
        return self.batches[-1]


async def test_a_burst_is_one_batch_for_every_reader() -> None:
    """What came before is not told; after a pause it goes on."""
    hub, one, two = EventHub(lambda: 0.0), Reader(), Reader()
    hub.publish(started("before"))
    with following(hub, (one, two), pace_s=0.01):
        for name in "ab":
            hub.publish(started(name))
        assert await one.next() == (started("a"), started("b"))
        hub.publish(finished("a"))
        assert await one.next() == (finished("a"),)
    assert one.batches[:2] == two.batches[:2]


async def test_the_rest_comes_at_the_end() -> None:
    """However short the time was, and then nobody listens any more."""
    hub, reader = EventHub(lambda: 0.0), Reader()
    with following(hub, (reader,), pace_s=3600):
        hub.publish(started("a"))
    assert reader.batches == [(started("a"),)]
    hub.publish(started("late"))
    await asyncio.sleep(0)
    assert len(reader.batches) == 1
    assert hub.wake is None
