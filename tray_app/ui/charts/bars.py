"""Stacked bars: a column for an hour or a day, its parts on top of each other."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from tray_app.ui.charts.chart import Chart

SHARE: Final = 0.7  # of a column's strip that its bar fills
WIDEST: Final = 48.0
SEAM: Final = 1.0  # between two parts, so that they are told apart without their colours


class StackedBars(Chart):
    """The first series stands on the axis, the next on top of it."""

    def highest(self) -> float:
        columns = zip(*(series.values for series in self.data.series), strict=True)
        return max((sum(value or 0.0 for value in column) for column in columns), default=0.0)

    def parts(self, place: int, plot: QRectF) -> list[tuple[QRectF, int]]:
        """The rectangles of a column and their colours, from the bottom to the top."""
        strip, made, below = self.column(place), [], 0.0
        width = min(WIDEST, strip.width() * SHARE)
        left = self.snapped(strip.center().x() - width / 2)
        right = self.snapped(strip.center().x() + width / 2)
        for series in self.data.series:
            value = series.values[place] or 0.0
            if value > 0:
                top, bottom = self.level(below + value, plot), self.level(below, plot)
                seam = SEAM if below and bottom - top > 2 * SEAM else 0.0
                made.append((QRectF(left, top, right - left, max(1.0, bottom - top - seam)), series.color))
                below += value
        return made

    def paint_data(self, painter: QPainter, plot: QRectF) -> None:
        for place in range(len(self.data.places)):
            for part, color in self.parts(place, plot):
                self.fill(painter, part, color)
