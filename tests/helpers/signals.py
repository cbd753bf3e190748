"""Qt signals for tests that run on asyncio."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

TIMEOUT_S = 10.0


def _anything(value: Any) -> bool:
    return True


class Listener:
    """Remembers what a signal said, and waits for what it will say."""

    def __init__(self, signal: Any) -> None:
        self.seen: list[Any] = []
        self._changed = asyncio.Event()
        signal.connect(self._hear)

    def _hear(self, *values: Any) -> None:
        self.seen.append(values[0] if len(values) == 1 else values)
        self._changed.set()

    async def until(self, wanted: Callable[[Any], object] = _anything) -> Any:
        """The newest value that is wanted, now or later; raises TimeoutError."""
        async with asyncio.timeout(TIMEOUT_S):
            while True:
                for value in reversed(self.seen):
                    if wanted(value):
                        return value
                self._changed.clear()
                await self._changed.wait()
