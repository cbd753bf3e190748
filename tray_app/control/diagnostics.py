"""Collects what helps to find out what is wrong, for the user to look at and to save where they choose. Sends nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Signal

from tray_app import diagnostics, machine
from tray_app.control.area import Area
from tray_app.control.board import Board
from tray_app.control.library import Library
from tray_app.control.proxy import ProxyControl
from tray_app.history.ledger import Ledger
from tray_app.proxy.hub import EventHub
from tray_app.state import DiagnosticPart


@dataclass(frozen=True, kw_only=True)
class Sources:
    """Where it is collected from."""

    log_file: Path
    home: Path
    environ: Mapping[str, str]
    hub: EventHub


class DiagnosticsControl(Area):
    """Collects and saves.

    Signals:
        collected(tuple[DiagnosticPart, ...]): the answer to `collect`.
        saved(str): the answer to `save`: what went wrong in the system's words, or nothing.
    """

    collected = Signal(object)
    saved = Signal(str)

    def __init__(self, board: Board, sources: Sources, library: Library, ledger: Ledger, proxy: ProxyControl) -> None:
        super().__init__(board)
        self._sources = sources
        self._library = library
        self._ledger = ledger
        self._proxy = proxy

    @property
    def log_folder(self) -> Path:
        """Where the log is."""
        return self._sources.log_file.parent

    def collect(self, screen: tuple[str, ...]) -> None:
        """Put the parts together; `screen` are lines that only the views can tell. Answered by `collected`."""
        self._spawn("collect diagnostics", self._collect(screen))

    def save(self, parts: tuple[DiagnosticPart, ...], file: Path) -> None:
        """Write them into a zip; answered by `saved`."""
        self._spawn("save diagnostics", self._save(parts, file))

    async def _collect(self, screen: tuple[str, ...]) -> None:
        sources, state, status = self._sources, self._board.state, self._ledger.status
        ledger = "open" if status.open else "closed"
        about = (*machine.facts(sources.environ), *screen, *diagnostics.program(state, f"{ledger} {status.problem}"))
        parts = (
            DiagnosticPart("system.txt", "\n".join(about) + "\n"),
            DiagnosticPart("settings.json", diagnostics.settings(state.settings)),
            DiagnosticPart("providers.json", diagnostics.providers(self._library.all)),
            DiagnosticPart("requests.jsonl", diagnostics.requests(sources.hub.read().events)),
            DiagnosticPart("log.txt", await asyncio.to_thread(diagnostics.log_tail, sources.log_file)),
        )
        secrets = filter(None, (self._proxy.token(),))
        self.collected.emit(diagnostics.clean(parts, sources.home, secrets))

    async def _save(self, parts: tuple[DiagnosticPart, ...], file: Path) -> None:
        try:
            await asyncio.to_thread(diagnostics.write, parts, file)
        except OSError as error:
            self.saved.emit(error.strerror or str(error))
        else:
            self.saved.emit("")
