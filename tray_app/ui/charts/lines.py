"""Lines over columns, with a gap where nothing is known: a full one with dots, a broken one with rings."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from tray_app.ui import theme
from tray_app.ui.charts import palette as colors
from tray_app.ui.charts.chart import Chart
from tray_app.ui.charts.data import Series

DOT_RADIUS: Final = 2.6
LINE_PX: Final = 1.8


class Lines(Chart):
    """The first series is drawn full, the others broken, so that they are told apart without their colours."""

    def runs(self, series: Series, plot: QRectF) -> list[list[QPointF]]:
        """The points of a series, those without a gap between them together."""
        made: list[list[QPointF]] = [[]]
        for place, value in enumerate(series.values):
            if value is None:
                made.append([])
            else:
                made[-1].append(QPointF(self.column(place).center().x(), self.level(value, plot)))
        return [run for run in made if run]

    def paint_data(self, painter: QPainter, plot: QRectF) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for series in reversed(self.data.series):
            for run in self.runs(series, plot):
                painter.setPen(self._pen(series.color))
                painter.drawPolyline(run)
                for point in run:
                    self._paint_dot(painter, point, series.color)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)

    def paint_mark(self, painter: QPainter, color: int, place: QRectF) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._pen(color))
        middle = place.center()
        painter.drawLine(QPointF(place.left() - 2, middle.y()), QPointF(place.right() + 2, middle.y()))
        self._paint_dot(painter, middle, color)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)

    def _full(self, color: int) -> bool:
        return bool(self.data.series) and color == self.data.series[0].color

    def _pen(self, color: int) -> QPen:
        style = Qt.PenStyle.SolidLine if self._full(color) else Qt.PenStyle.DashLine
        return QPen(colors.color(color, self.palette()), LINE_PX, style)

    def _paint_dot(self, painter: QPainter, place: QPointF, color: int) -> None:
        shown = colors.color(color, self.palette())
        painter.setPen(QPen(shown, LINE_PX))
        painter.setBrush(shown if self._full(color) else theme.card_color(self.palette()))
        painter.drawEllipse(place, DOT_RADIUS, DOT_RADIUS)
