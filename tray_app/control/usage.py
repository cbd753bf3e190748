"""The usage ledger as the user meets it: fed with everything that happens, read for the Overview, written out as a file.

Nothing here waits for the disk: the ledger has its own thread, and its answers arrive by signal. Its trouble is a problem
on screen and never a client's.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Final

from PySide6.QtCore import Signal

from tray_app.control.activity import Activity
from tray_app.control.area import Area
from tray_app.control.board import Board
from tray_app.control.tally import local_midnight
from tray_app.history.export import Form, Kind, export
from tray_app.history.ledger import Ledger, LedgerError
from tray_app.history.overview import Span, overview
from tray_app.history.reads import UsageTotals, totals
from tray_app.history.record import local_day
from tray_app.profiles.files import FileError, write_atomic
from tray_app.proxy.events import RequestFailed, RequestFinished
from tray_app.proxy.hub import Batch
from tray_app.proxy.tasks import spawn
from tray_app.state import AppState, Problem, ProblemKind, Totals

ATTEMPTS: Final = 5  # to ask for the day's sums in a moment in which no request ends


class UsageControl(Area):
    """Feeds and asks the ledger. `now` is Unix time in seconds.

    Signals:
        changed(): a request has ended, so what was read before is out of date.
        overviewRead(Overview): the answer to `read`.
        unavailable(str): the other answer: why there is none.
        exported(str): the path of a file that was written.
    """

    changed = Signal()
    overviewRead = Signal(object)
    unavailable = Signal(str)
    exported = Signal(str)

    def __init__(self, board: Board, ledger: Ledger, activity: Activity, now: Callable[[], float]) -> None:
        super().__init__(board)
        self._ledger = ledger
        self._activity = activity
        self._now = now
        self._lost = 0
        self._opening: asyncio.Task[None] | None = None
        board.stateChanged.connect(self._take_settings)

    def open(self) -> None:
        """Open the ledger and count on from the sums of today."""
        loop = asyncio.get_running_loop()
        self._ledger.on_trouble = lambda: loop.call_soon_threadsafe(self._look)  # type: ignore[assignment]
        self._opening = spawn(self.guarded(self._open()), name="open ledger")

    def rest(self) -> None:
        """Tell of nothing more; the ledger goes on until it is stopped. Idempotent."""
        self._ledger.on_trouble = None
        if self._opening is not None:
            self._opening.cancel()

    def observe(self, batch: Batch) -> None:
        """Take in what the hub told, before anybody else asks for sums of it."""
        self._ledger.consume(batch.events)
        if self._ledger.status.lost != self._lost:
            self._look()
        if any(isinstance(event, RequestFinished | RequestFailed) for event in batch.events):
            self.changed.emit()

    def read(self, span: Span) -> None:
        """Ask for the sums of a span; answered by `overviewRead` or `unavailable`."""
        self._spawn("read ledger", self._read(span))

    def export(self, kind: Kind, form: Form, path: str) -> None:
        """Write everything the ledger holds into a file; answered by `exported` or a problem."""
        self._spawn("export ledger", self._export(kind, form, Path(path)))

    async def _open(self) -> None:
        status = await asyncio.wrap_future(self._ledger.begin())
        self._look()
        if status.open:
            with contextlib.suppress(LedgerError):  # closed since: the program is ending
                await self._go_on_from_today()

    async def _go_on_from_today(self) -> None:
        for _ in range(ATTEMPTS):
            counted, now = self._activity.counted, self._now()
            today = local_day(now)
            sums = await asyncio.wrap_future(self._ledger.read(lambda db, day=today: totals(db, day, day)))  # type: ignore[misc]
            if counted == self._activity.counted:
                self._activity.go_on_from(_today(sums, local_midnight(now)))
                return

    async def _read(self, span: Span) -> None:
        counted, now = self._activity.counted, self._now()
        try:
            found = await asyncio.wrap_future(self._ledger.read(lambda db: overview(db, span, now)))
        except LedgerError as error:
            self.unavailable.emit(str(error))
            return
        if counted == self._activity.counted:  # else the next reading will agree with what is counted here
            self._activity.go_on_from(_today(found.today, local_midnight(now)))
        self.overviewRead.emit(found)

    async def _export(self, kind: Kind, form: Form, path: Path) -> None:
        out = io.StringIO()
        question = self._ledger.read(lambda db: export(db, kind, form, date.min, date.max, out))
        try:
            await asyncio.wrap_future(question)
            await asyncio.to_thread(write_atomic, path, out.getvalue().encode())
        except LedgerError as error:
            raise FileError(str(error)) from error
        except OSError as error:
            raise FileError(f"{path} cannot be written: {error.strerror or error}") from error
        self._board.settle(ProblemKind.SAVE_FAILED)
        self.exported.emit(str(path))

    def _look(self) -> None:
        status = self._ledger.status
        self._lost = status.lost
        if status.problem or status.lost:
            self._board.report(Problem(ProblemKind.LEDGER, status.problem, status.lost))
        else:
            self._board.settle(ProblemKind.LEDGER)

    def _take_settings(self, state: AppState) -> None:
        self._ledger.retention_days = state.settings.retention_days


def _today(sums: UsageTotals, midnight: float) -> Totals:
    return Totals(
        since=midnight,
        since_midnight=True,
        requests=sums.requests,
        failures=sums.failed,
        input_tokens=sums.prompt_tokens,
        cached_tokens=sums.cache_read_tokens,
        output_tokens=sums.output_tokens,
        estimated=bool(sums.estimated),
        cost_usd=sums.cost_usd,
        unpriced=sums.unpriced,
    )
