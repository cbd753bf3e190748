"""Opens the table of prices and the form for one of them, and brings them the answers they wait for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from tray_app.control.controller import Controller
from tray_app.control.price_drafts import draft_from
from tray_app.editing import PriceDraft, SaveResult
from tray_app.history.prices import Price, packaged_prices
from tray_app.ui import problem_text
from tray_app.ui.dialogs.price_form import PriceForm
from tray_app.ui.dialogs.prices import PricesDialog


class Pricing(QObject):
    """Owns the two dialogs. `window` gives their parent."""

    def __init__(self, controller: Controller, window: Callable[[], QWidget | None], parent: QObject) -> None:
        super().__init__(parent)
        self._board = controller.board
        self._prices = controller.prices
        self._window = window
        self.dialog: PricesDialog | None = None
        self.form: PriceForm | None = None
        self._prices.changed.connect(self._show)
        self._prices.saveFinished.connect(self._save_finished)

    def open(self) -> None:
        """Show the table."""
        if self.dialog is not None:
            self.dialog.raise_()
            return
        dialog = PricesDialog(self._window())
        dialog.addRequested.connect(lambda: self._open_form(PriceDraft(since=date.today().isoformat())))  # noqa: DTZ011 - the user's own day
        dialog.editRequested.connect(self._edit)
        dialog.deleteRequested.connect(self._prices.delete)
        dialog.finished.connect(self._forget)
        self.dialog = dialog
        self._show()
        dialog.open()

    def close(self) -> None:
        """Give up what was not saved."""
        if self.form is not None:
            self.form.reject()
        if self.dialog is not None:
            self.dialog.reject()

    def _show(self) -> None:
        if self.dialog is not None:
            self.dialog.show_prices(self._prices.own, packaged_prices(), dict(self._providers()))

    def _providers(self) -> list[tuple[str, str]]:
        return [(provider.id, provider.name) for provider in self._board.state.providers]

    def _edit(self, price: Price, number: int | None) -> None:
        self._open_form(draft_from(price, number))

    def _open_form(self, draft: PriceDraft) -> None:
        form = PriceForm(draft, self._providers(), self.dialog)
        form.saveRequested.connect(self._prices.save)
        form.finished.connect(self._forget_form)
        self.form = form
        form.open()

    def _save_finished(self, result: SaveResult) -> None:
        if self.form is not None:
            self.form.show_result(result)
        elif self.dialog is not None:
            self.dialog.show_problem("\n".join(map(problem_text.field_problem, result.problems)))

    def _forget(self) -> None:
        self.dialog = None

    def _forget_form(self) -> None:
        self.form = None
