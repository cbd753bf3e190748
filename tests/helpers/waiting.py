"""Waits for what another process does: the only place of the tests that looks again and again."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
POLL_S = 0.02
TIMEOUT_S = 30.0  # a whole program may have to start meanwhile, on a machine that has other things to do


def until(condition: Callable[[], T | None], what: str, timeout_s: float = TIMEOUT_S) -> T:
    """The first truthy result of `condition`; raises TimeoutError naming `what`, with the last result."""
    pause = threading.Event()
    end = time.monotonic() + timeout_s
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > end:
            raise TimeoutError(f"{what}: not within {timeout_s:g} s (last seen: {result!r})")
        pause.wait(POLL_S)


async def soon(condition: Callable[[], object], what: str, timeout_s: float = TIMEOUT_S) -> None:
    """As `until`, for what this process does meanwhile on its own loop."""
    end = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"{what}: not within {timeout_s:g} s")
        await asyncio.sleep(POLL_S)
