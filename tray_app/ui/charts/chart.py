"""What all charts over columns share: the grid, the axes, the key, the column under the mouse or chosen by the arrow keys.

The picture is said in words to screen readers, as a whole and column by column. A kind of chart paints its own data in
`paint_data`. Edges lie on whole pixels of the screen at every scale.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from tray_app.ui import theme
from tray_app.ui.charts import palette as colors
from tray_app.ui.charts.data import ChartData, ticks

HEIGHT: Final = 176
MARK_PX: Final = 9
_KEYS: Final = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class Chart(QWidget):
    """Columns in a row."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.data = ChartData()
        self.ticks: tuple[float, ...] = ()
        self.chosen: int | None = None
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_data(self, data: ChartData) -> None:
        """Show these numbers."""
        if data == self.data:
            return
        self.data = data
        self.ticks = ticks(self.highest())
        self.chosen = None
        self.setAccessibleDescription(data.summary)
        self.update()

    def highest(self) -> float:
        """The number the axis must reach."""
        return max((value or 0.0 for series in self.data.series for value in series.values), default=0.0)

    def paint_data(self, painter: QPainter, plot: QRectF) -> None:
        """Paint the numbers into `plot`."""
        raise NotImplementedError

    # -- geometry

    def sizeHint(self) -> QSize:
        return QSize(320, HEIGHT + self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.sizeHint().height())

    def plot(self) -> QRectF:
        """Where the data is painted: what the labels leave."""
        line = self.fontMetrics().height()
        left = max((self.fontMetrics().horizontalAdvance(self.data.show(tick)) for tick in self.ticks), default=0)
        return QRectF(left + theme.GAP, line * 1.9, self.width() - left - theme.GAP - 2, self.height() - line * 3.3)

    def column(self, place: int) -> QRectF:
        """The strip of a column."""
        plot, width = self.plot(), self.plot().width() / max(1, len(self.data.places))
        return QRectF(plot.left() + place * width, plot.top(), width, plot.height())

    def level(self, value: float, plot: QRectF) -> float:
        """Where a number lies."""
        return self.snapped(plot.bottom() - plot.height() * value / self.ticks[-1])

    def snapped(self, place: float) -> float:
        """The nearest edge between two pixels of the screen."""
        ratio = self.devicePixelRatioF()
        return round(place * ratio) / ratio

    # -- choosing a column

    def choose(self, place: int | None) -> None:
        """Mark a column and say what is in it."""
        if place == self.chosen:
            return
        self.chosen = place
        words = self.data.summary if place is None else self.data.column(place)
        self.setAccessibleDescription(words)
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        plot, place = self.plot(), event.position()
        if not self.data.places or not plot.left() <= place.x() < plot.right():
            self.choose(None)
            QToolTip.hideText()
            return
        self.choose(int((place.x() - plot.left()) / plot.width() * len(self.data.places)))
        self._tell(event.globalPosition().toPoint())

    def leaveEvent(self, event: QEvent) -> None:
        self.choose(None)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.choose(None)
        super().focusOutEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        last = len(self.data.places) - 1
        key = Qt.Key(event.key())
        if last < 0 or key not in {*_KEYS, Qt.Key.Key_Home, Qt.Key.Key_End}:
            super().keyPressEvent(event)
            return
        ends = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: last}
        start = last + 1 if self.chosen is None else self.chosen
        self.choose(ends[key] if key in ends else min(max(0, start + _KEYS[key]), last))
        assert self.chosen is not None
        self._tell(self.mapToGlobal(self.column(self.chosen).center().toPoint()))

    def _tell(self, place: QPoint) -> None:
        if self.chosen is not None:
            QToolTip.showText(place, self.data.column(self.chosen), self)

    # -- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.ticks:
            plot = self.plot()
            self._paint_choice(painter)
            self._paint_grid(painter, plot)
            self._paint_labels(painter, plot)
            self._paint_key(painter, plot)
            self.paint_data(painter, plot)
        if self.hasFocus():
            painter.setPen(theme.mix(self.palette(), 0.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.end()

    def _paint_choice(self, painter: QPainter) -> None:
        if self.chosen is not None:
            painter.fillRect(self.column(self.chosen), theme.mix(self.palette(), 0.06))

    def _paint_grid(self, painter: QPainter, plot: QRectF) -> None:
        pixel = 1 / self.devicePixelRatioF()
        height = self.fontMetrics().height()
        for tick in self.ticks:
            y = self.level(tick, plot)
            painter.fillRect(QRectF(plot.left(), y, plot.width(), pixel), theme.mix(self.palette(), 0.14))
            painter.setPen(theme.muted_color(self.palette()))
            place = QRectF(0, y - height / 2, plot.left() - theme.GAP, height)
            painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self.data.show(tick))

    def _paint_labels(self, painter: QPainter, plot: QRectF) -> None:
        painter.setPen(theme.muted_color(self.palette()))
        free = float(self.width())  # from the right, where now is; a label without room is left out
        for number, label in reversed(list(enumerate(self.data.labels))):
            width = self.fontMetrics().horizontalAdvance(label) + 2
            left = max(0.0, min(self.column(number).center().x() - width / 2, self.width() - width))
            if label and left + width <= free:
                place = QRectF(left, plot.bottom() + 4, width, self.fontMetrics().height())
                painter.drawText(place, Qt.AlignmentFlag.AlignHCenter, label)
                free = left - theme.GAP

    def _paint_key(self, painter: QPainter, plot: QRectF) -> None:
        """The names of the series, each with a mark of its colour."""
        left, height = plot.left(), self.fontMetrics().height()
        for series in self.data.series:
            self.paint_mark(painter, series.color, QRectF(left, (height - MARK_PX) / 2, MARK_PX, MARK_PX))
            left += MARK_PX + 6
            width = self.fontMetrics().horizontalAdvance(series.name) + 2
            painter.setPen(self.palette().windowText().color())
            painter.drawText(QRectF(left, 0, width, height), Qt.AlignmentFlag.AlignLeft, series.name)
            left += width + theme.PAD

    def paint_mark(self, painter: QPainter, color: int, place: QRectF) -> None:
        """The mark of a series in the key."""
        self.fill(painter, place, color)

    def fill(self, painter: QPainter, place: QRectF, color: int) -> None:
        """A surface in one of the colours."""
        painter.fillRect(place, colors.brush(color, self.palette()))
        edge: QColor | None = colors.outline(self.palette())
        if edge is not None:
            painter.setPen(edge)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(place.adjusted(0, 0, -1, -1))
