"""Bars lying beside names: how much each of a few has of a sum. The numbers stand beside the bars, so no axis is needed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from tray_app.ui import theme
from tray_app.ui.charts import palette as colors
from tray_app.ui.charts.chart import HEIGHT

BAR_PX: Final = 8
MOST: Final = 5


@dataclass(frozen=True, slots=True)
class Share:
    """A name, its number (None: not known), and the number in words."""

    name: str
    value: float | None
    words: str


class Shares(QWidget):
    """At most `MOST` of them; whoever makes the list sums up the rest."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.shares: tuple[Share, ...] = ()
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_shares(self, shares: tuple[Share, ...], summary: str) -> None:
        """Show these, the largest first."""
        self.shares = shares
        self.setAccessibleDescription(summary)
        self.setToolTip("\n".join(f"{share.name}: {share.words}" for share in shares))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(280, HEIGHT + self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(180, self.sizeHint().height())

    def bars(self) -> list[QRectF]:
        """The rectangle of each bar; nothing known has none of any length."""
        highest = max((share.value or 0.0 for share in self.shares), default=0.0)
        return [
            QRectF(0, self._top(number) + self._line() + 2, self._length(share, highest), BAR_PX)
            for number, share in enumerate(self.shares)
        ]

    def _length(self, share: Share, highest: float) -> float:
        return self.width() * (share.value or 0.0) / highest if highest else 0.0

    def _line(self) -> int:
        return self.fontMetrics().height()

    def _top(self, number: int) -> float:
        return number * self.height() / MOST

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for number, (share, bar) in enumerate(zip(self.shares, self.bars(), strict=True)):
            self._paint_words(painter, share, self._top(number))
            painter.fillRect(QRectF(0, bar.top(), self.width(), BAR_PX), theme.mix(self.palette(), 0.08))
            painter.fillRect(bar, colors.color(colors.FRESH, self.palette()))
        if self.hasFocus():
            painter.setPen(theme.mix(self.palette(), 0.5))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.end()

    def _paint_words(self, painter: QPainter, share: Share, top: float) -> None:
        metrics: QFontMetrics = self.fontMetrics()
        number_width = metrics.horizontalAdvance(share.words) + 2
        painter.setPen(self.palette().windowText().color())
        place = QRectF(self.width() - number_width, top, number_width, self._line())
        painter.drawText(place, Qt.AlignmentFlag.AlignRight, share.words)
        room = self.width() - number_width - theme.GAP
        name = metrics.elidedText(share.name, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(0, top, room, self._line()), Qt.AlignmentFlag.AlignLeft, name)
