"""The prices as a table: the user's own before those that come with the program. It formats and does nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont

from tray_app.history.prices import Price
from tray_app.ui import text
from tray_app.ui.models.lines import Column, LinesModel
from tray_app.ui.text import translate

LINE_ROLE: Final = Qt.ItemDataRole.UserRole + 1  # the PriceLine itself


@dataclass(frozen=True, slots=True)
class PriceLine:
    """A price and its place among the user's own (None: it comes with the program), with the name of its provider."""

    price: Price
    number: int | None = None
    provider: str = ""


def dollars(value: float | None) -> str:
    """An amount as it is in the table: all of its digits, or that it costs what input costs."""
    return translate("Prices", "as input") if value is None else f"{value:g}"


def _source(line: PriceLine) -> str:
    return translate("Prices", "Built in") if line.number is None else translate("Prices", "Yours")


COLUMNS: Final = (
    Column(lambda: translate("Prices", "Model"), lambda line: line.price.model, numeric=False),
    Column(
        lambda: translate("Prices", "Provider"), lambda line: line.provider or translate("Prices", "Any"), numeric=False
    ),
    Column(lambda: translate("Prices", "Input"), lambda line: dollars(line.price.input)),
    Column(lambda: translate("Prices", "Output"), lambda line: dollars(line.price.output)),
    Column(lambda: translate("Prices", "Cache read"), lambda line: dollars(line.price.cache_read)),
    Column(lambda: translate("Prices", "Cache write"), lambda line: dollars(line.price.cache_write)),
    Column(
        lambda: translate("Prices", "Above"),
        lambda line: text.count(line.price.above) if line.price.above else translate("Prices", "all"),
    ),
    Column(lambda: translate("Prices", "Valid from"), lambda line: line.price.since.isoformat(), numeric=False),
    Column(lambda: translate("Prices", "Source"), _source, numeric=False),
)
MODEL_COLUMN: Final = 0


class PricesModel(LinesModel):
    """A line for each price."""

    columns = COLUMNS

    def show_prices(self, own: tuple[Price, ...], packaged: tuple[Price, ...], names: Mapping[str, str]) -> None:
        """Show these; `names` are those of the providers by id, and one that is gone is told by its id."""
        lines = [PriceLine(price, number) for number, price in enumerate(own)] + list(map(PriceLine, packaged))
        self.beginResetModel()
        self.lines = tuple(
            PriceLine(line.price, line.number, names.get(line.price.profile, line.price.profile)) for line in lines
        )
        self.endResetModel()

    def more(self, line: PriceLine, column: Column, role: int) -> Any:
        if role == Qt.ItemDataRole.FontRole and line.number is not None:
            font = QFont()
            font.setBold(True)
            return font
        return line if role == LINE_ROLE else None
