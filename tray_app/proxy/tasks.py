"""Background tasks that cannot vanish: the only place of the program that creates one.

asyncio keeps only weak references to tasks, so a task nobody holds may be collected in mid-flight, and an exception nobody
asks for is reported late or never. `spawn` names the task, holds it until it ends and logs what it died of.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, TypeVar

_log = logging.getLogger(__name__)
_alive: set[asyncio.Task[Any]] = set()

T = TypeVar("T")


def spawn(work: Coroutine[Any, Any, T], *, name: str) -> asyncio.Task[T]:
    """Start `work` in the running loop. Its failure is logged once; cancelling it is not a failure."""
    task = asyncio.get_running_loop().create_task(work, name=name)
    _alive.add(task)
    task.add_done_callback(_ended)
    return task


def _ended(task: asyncio.Task[Any]) -> None:
    _alive.discard(task)
    if task.cancelled():
        return
    error = task.exception()
    if error is not None:
        _log.error("task %s failed", task.get_name(), exc_info=error)
