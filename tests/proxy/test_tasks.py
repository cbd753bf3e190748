"""Background tasks: named, held, and heard when they die."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable

from tray_app.proxy.tasks import spawn


async def test_a_task_survives_the_garbage_collector() -> None:
    """asyncio keeps only weak references to tasks; we keep a strong one."""
    waiting: list[asyncio.Future[str]] = []

    async def work() -> str:
        future = asyncio.get_running_loop().create_future()
        waiting.append(future)
        return await future

    task = spawn(work(), name="patient")
    await asyncio.wait([task], timeout=0.01)
    gc.collect()
    waiting.pop().set_result("done")
    assert await task == "done"
    assert task.get_name() == "patient"


async def test_a_failure_is_logged_with_the_tasks_name(expect_log: Callable[[str], None]) -> None:
    """Nobody has to await it to learn of it."""
    expect_log("task doomed failed")

    async def work() -> None:
        raise ValueError("no")

    task = spawn(work(), name="doomed")
    await asyncio.wait([task])


async def test_being_cancelled_is_no_failure() -> None:
    """Stopping a task is how it ends."""
    task = spawn(asyncio.Event().wait(), name="stopped")
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()
