"""The prices as the user meets them: the packaged table, the user's own entries before it, and what follows from a change.

A change holds for requests that finish from then on; what is in the ledger stays as it was counted.
"""

from __future__ import annotations

import asyncio

from PySide6.QtCore import Signal

from tray_app.control.activity import Activity
from tray_app.control.area import Area
from tray_app.control.board import Board
from tray_app.control.drafts import DraftError
from tray_app.control.price_drafts import price_from
from tray_app.editing import FieldProblem, PriceDraft, SaveResult
from tray_app.history.ledger import Ledger
from tray_app.history.price_file import PriceFile
from tray_app.history.prices import Price, Prices, packaged_prices
from tray_app.profiles.files import FileError
from tray_app.state import Problem, ProblemKind


class PricesControl(Area):
    """Keeps the table that the ledger, the day's sums and the list of requests count with.

    Signals:
        changed(Prices): the table for requests that finish from now on.
        saveFinished(SaveResult): the answer to `save` and `delete`.
    """

    changed = Signal(object)
    saveFinished = Signal(object)

    def __init__(self, board: Board, file: PriceFile, ledger: Ledger, activity: Activity) -> None:
        super().__init__(board)
        self._file = file
        self._ledger = ledger
        self._activity = activity
        self.own: tuple[Price, ...] = ()
        self.current = Prices(packaged_prices())

    async def open(self) -> None:
        """Read the user's entries; what is wrong with the file is a problem on screen."""
        loaded = await asyncio.to_thread(self._file.load)
        if loaded.problem:
            self._board.report(Problem(ProblemKind.PRICES_UNREADABLE, loaded.problem))
        self._use(loaded.prices)

    def save(self, draft: PriceDraft) -> None:
        """Add or replace one of the user's entries; answered by `saveFinished`."""
        self._spawn("save price", self._save(draft))

    def delete(self, number: int) -> None:
        """Take one of the user's entries away; answered by `saveFinished`."""
        self._spawn("delete price", self._write((*self.own[:number], *self.own[number + 1 :])))

    async def _save(self, draft: PriceDraft) -> None:
        try:
            price = price_from(draft)
        except DraftError as error:
            self.saveFinished.emit(SaveResult(problems=error.problems))
            return
        number = len(self.own) if draft.number is None else draft.number
        await self._write((*self.own[:number], price, *self.own[number + 1 :]))

    async def _write(self, own: tuple[Price, ...]) -> None:
        try:
            await asyncio.to_thread(self._file.save, own)
        except FileError as error:
            self.saveFinished.emit(SaveResult(problems=(FieldProblem("file", "invalid", str(error)),)))
            return
        self._board.settle(ProblemKind.PRICES_UNREADABLE)
        self._use(own)
        self.saveFinished.emit(SaveResult())

    def _use(self, own: tuple[Price, ...]) -> None:
        self.own = own
        self.current = Prices(packaged_prices(), own)
        self._ledger.prices = self.current
        self._activity.use_prices(self.current)
        self.changed.emit(self.current)
