"""What the areas of the controller share: work is a task on the loop, and what may go wrong ends as a problem on screen.

Methods that views reach return at once. Errors that nobody expects are not caught here: they reach the excepthook.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Coroutine
from typing import Any, Final

from PySide6.QtCore import QObject

from tray_app.clients.claude_code import ClaudeCodeError
from tray_app.control.board import Board
from tray_app.desktop.autostart import AutostartError
from tray_app.profiles.files import FileError
from tray_app.profiles.secrets import SecretsError
from tray_app.proxy.tasks import spawn
from tray_app.proxy.upstream.addresses import InvalidUpstreamError
from tray_app.state import Problem, ProblemKind

_log = logging.getLogger(__name__)

PROBLEM_OF: Final[dict[type[Exception], ProblemKind]] = {
    FileError: ProblemKind.SAVE_FAILED,
    SecretsError: ProblemKind.SAVE_FAILED,
    InvalidUpstreamError: ProblemKind.ACTIVATION_FAILED,
    AutostartError: ProblemKind.AUTOSTART_FAILED,
    ClaudeCodeError: ProblemKind.CLIENT_FAILED,
}


class Area(QObject):
    """A part of the controller."""

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self._board = board
        board.read_from(self.reading)

    def reading(self) -> dict[str, Any]:
        """The fields of the `AppState` that this area knows, as they are now."""
        return {}

    def _spawn(self, name: str, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = spawn(self.guarded(work), name=name)
        task.add_done_callback(lambda _: work.close())  # a task cancelled before its first step never gets to it
        self._board.publish()
        return task

    async def guarded(self, work: Awaitable[None]) -> None:
        """Do it; what is expected to go wrong becomes a problem on screen."""
        try:
            await work
        except tuple(PROBLEM_OF) as error:
            kind = next(kind for known, kind in PROBLEM_OF.items() if isinstance(error, known))
            self._board.report(Problem(kind, str(error)))
        except KeyError as error:
            _log.warning("there is no provider %s", error)  # deleted a moment ago, from another menu
        self._board.publish()
