"""What a chart shows, ready to be painted and read out: numbers in a row, their names, and how to say them.

Values only; the words come translated from whoever makes them. Counterparts: `ui/models/overview.py` (makes them) and the
other modules here (paint them).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

GRID_LINES: Final = 4
_STEPS: Final = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Series:
    """One row of numbers; None where there is nothing to say. `color` is an index into the colours of `palette.py`."""

    name: str
    color: int
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartData:
    """A chart. `places` name the columns in full, `labels` on the axis (empty where there is no room for one)."""

    summary: str = ""
    places: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    series: tuple[Series, ...] = ()
    show: Callable[[float], str] = field(default="{:g}".format)
    total: str = ""  # the name of the sum of a column, where it has one

    def column(self, place: int) -> str:
        """A column in words, a line each."""
        values = [(series.name, series.values[place]) for series in self.series]
        known = [value for _, value in values if value is not None]
        lines = [self.places[place]]
        lines += [f"{name}: {self.show(value)}" for name, value in values if value is not None]
        if self.total and known:
            lines.append(f"{self.total}: {self.show(sum(known))}")
        return "\n".join(lines)


def ticks(highest: float) -> tuple[float, ...]:
    """Round numbers from 0 to at least `highest`, for the lines of the grid."""
    if highest <= 0 or not math.isfinite(highest):
        return (0.0, 1.0)
    rough = highest / GRID_LINES
    unit = 10.0 ** math.floor(math.log10(rough))
    step = next(factor for factor in _STEPS if factor * unit >= rough * 0.9999) * unit
    return tuple(number * step for number in range(math.ceil(highest / step * 0.9999) + 1))
