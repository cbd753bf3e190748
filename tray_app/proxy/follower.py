"""Hands what the hub publishes to readers without a screen, at a pace of its own: the request log, the usage ledger.

Nothing runs while nothing happens. After something did it waits for a moment, so that a burst of tokens is one look and not
hundreds; whoever follows sees everything at the latest then, and the rest when the following ends.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from tray_app.proxy.events import Event
from tray_app.proxy.hub import EventHub
from tray_app.proxy.tasks import spawn

PACE_S: Final = 0.2  # what a kill may cost the ledger

Reader = Callable[[tuple[Event, ...]], None]


@contextmanager
def following(hub: EventHub, readers: Sequence[Reader], pace_s: float = PACE_S) -> Iterator[None]:
    """Every event of the block reaches every reader, in order. Readers must return at once and not raise."""
    wake, cursor = asyncio.Event(), hub.cursor

    def hand_over() -> None:
        nonlocal cursor
        batch = hub.read(cursor)
        cursor = batch.cursor
        for read in readers:
            read(batch.events)

    async def follow() -> None:
        while True:
            await wake.wait()
            wake.clear()
            await asyncio.sleep(pace_s)
            hand_over()

    hub.wake = wake.set
    task = spawn(follow(), name="follow the hub")
    try:
        yield
    finally:
        hub.wake = None
        task.cancel()
        hand_over()
