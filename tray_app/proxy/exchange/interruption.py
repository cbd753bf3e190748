"""Ending a wait of our own task for a reason, and telling that apart from being cancelled by somebody else.

asyncio has one way to end a wait, `Task.cancel`, and three parties use it here: the watchdog, the drain, and the server when
the client disconnects. The first two leave their reason; if the client went in the same moment, that wins.
"""

from __future__ import annotations

import asyncio
from typing import Any

from tray_app.proxy.exchange.watchdog import Alarm
from tray_app.translation.errors import ApiError

Reason = ApiError | Alarm


class Interruption:
    """The interruptions of one task.

    Attributes:
        pending: the reason of a cancellation under way, or None.
    """

    def __init__(self) -> None:
        self.pending: Reason | None = None
        self._task: asyncio.Task[Any] | None = None
        self._cancels_before = 0

    def guard(self) -> None:
        """Interrupt the current task from now on."""
        self._task = asyncio.current_task()
        self._cancels_before = self._task.cancelling() if self._task is not None else 0

    def cause(self, reason: Reason) -> None:
        """Cancel the task and remember why; nothing happens while another reason is pending, or after its end."""
        if self.pending is None and self._task is not None and not self._task.done():
            self.pending = reason
            self._task.cancel()

    def take(self) -> Reason | None:
        """In the handler of `CancelledError`: the reason if the cancellation was ours alone, else None. Asked once."""
        reason, self.pending = self.pending, None
        if reason is None or self._task is None or self._task.uncancel() > self._cancels_before:
            return None
        return reason
