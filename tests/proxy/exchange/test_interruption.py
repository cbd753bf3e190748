"""Whose cancellation it was: ours for a reason, or the client's going."""

from __future__ import annotations

import asyncio

from tray_app.proxy.exchange.interruption import Interruption, Reason
from tray_app.proxy.exchange.watchdog import Alarm
from tray_app.proxy.tasks import spawn


async def interrupted(*causes: Reason, also_cancelled: bool = False) -> list[Reason | str | None]:
    """What a guarded task finds out when these happen while it waits."""
    found: list[Reason | str | None] = []
    interruption = Interruption()

    async def work() -> None:
        interruption.guard()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            found.append(interruption.take())
            found.append(interruption.take())
        found.append("went on")

    task = spawn(work(), name="guarded")
    await asyncio.wait([task], timeout=0)
    for cause in causes:
        interruption.cause(cause)
    if also_cancelled:
        task.cancel()
    await asyncio.wait([task])
    interruption.cause(Alarm.IDLE)  # too late: nothing happens
    return found


async def test_our_own_reason_is_told_once() -> None:
    """And the task can go on working, it is not cancelled any more."""
    assert await interrupted(Alarm.IDLE) == [Alarm.IDLE, None, "went on"]


async def test_the_first_reason_counts() -> None:
    """A second alarm in the same moment changes nothing."""
    assert await interrupted(Alarm.USAGE, Alarm.IDLE) == [Alarm.USAGE, None, "went on"]


async def test_a_foreign_cancellation_has_no_reason() -> None:
    """The client went away."""
    assert (await interrupted(also_cancelled=True))[:2] == [None, None]


async def test_both_at_once_is_the_clients_going() -> None:
    """Nobody is there to be told the reason."""
    assert (await interrupted(Alarm.IDLE, also_cancelled=True))[:2] == [None, None]


def test_before_it_guards_anything_nothing_happens() -> None:
    """A drain may come before the exchange has begun."""
    interruption = Interruption()
    interruption.cause(Alarm.IDLE)
    assert interruption.pending is None
