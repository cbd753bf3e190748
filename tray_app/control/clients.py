"""Clients that are set up by editing their own settings: Claude Code, connected, disconnected, repaired, kept up to date.

Files are touched on a worker thread, one edit at a time. What is edited and how it is undone is `clients/claude_code.py`'s
business; the address and the token are the proxy's. Only the local token ever gets into a client's file.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import Signal

from tray_app.clients.claude_code import ClaudeCode, ClaudeCodeError, Repair
from tray_app.control.area import Area
from tray_app.control.board import Board
from tray_app.control.proxy import ProxyControl
from tray_app.state import ClientLink, ClientPreview, ProblemKind

T = TypeVar("T")


class ClientsControl(Area):
    """Connects clients.

    Signals:
        previewed(ClientPreview): the answer to `preview`.
    """

    previewed = Signal(object)

    def __init__(self, board: Board, claude: ClaudeCode, proxy: ProxyControl) -> None:
        self._link = ClientLink.UNKNOWN
        super().__init__(board)
        self._claude = claude
        self._proxy = proxy
        self._told = ("", "")
        self._one_at_a_time = asyncio.Lock()
        board.stateChanged.connect(self.follow)
        proxy.tokenRotated.connect(self.follow)

    def reading(self) -> dict[str, Any]:
        return {"claude": self._link}

    def preview(self) -> None:
        """Find out what connecting would change; answered by `previewed`."""
        self._spawn("preview of a client", self._preview())

    def connect_claude(self) -> None:
        """Let Claude Code talk to us from its next start on."""
        self._spawn("connect a client", self._connect())

    def disconnect_claude(self) -> None:
        """Put back what was there before; keys changed by hand since then stay."""
        self._spawn("disconnect a client", self._disconnect())

    def refresh(self) -> None:
        """Look at the file again: it may have been changed by hand."""
        self._spawn("look at a client", self.repair())

    def follow(self) -> None:
        """The address or the token may have changed: a connected client is told."""
        if self._link is ClientLink.CONNECTED and self._told != self._where():
            self.refresh()

    async def repair(self) -> None:
        """Finish or take back what a crash interrupted, and see how things are.

        Raises:
            ClaudeCodeError: the file or the journal cannot be used; nothing was changed.
        """
        self._told = self._where()
        try:
            found = await self._edit(self._claude.repair, *self._told)
        except ClaudeCodeError:
            self._link = ClientLink.UNKNOWN
            raise
        if found is Repair.CHANGED_BY_HAND:
            self._link = ClientLink.CHANGED
        else:
            self._link = ClientLink.CONNECTED if self._claude.connected else ClientLink.DISCONNECTED

    async def _preview(self) -> None:
        found = await self._edit(self._claude.preview, *self._where())
        changes = tuple((change.key, change.before, change.after) for change in found.changes)
        self.previewed.emit(ClientPreview(path=str(found.path), changes=changes, warnings=found.warnings))

    async def _connect(self) -> None:
        await self._edit(self._claude.apply, *self._where())
        await self.repair()
        self._board.settle(ProblemKind.CLIENT_FAILED)

    async def _disconnect(self) -> None:
        await self._edit(self._claude.undo)
        await self.repair()
        self._board.settle(ProblemKind.CLIENT_FAILED)

    def _where(self) -> tuple[str, str]:
        return self._proxy.endpoint(), self._proxy.client_token()

    async def _edit(self, work: Callable[..., T], *where: str) -> T:
        async with self._one_at_a_time:
            return await asyncio.to_thread(work, *where)
