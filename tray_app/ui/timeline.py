"""A request's time as a bar in three parts: until the headers, until the first token, until the end.

Painted by us; the same is said in words to screen readers and under the bar. Counterpart: `pages/request_detail.py`.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from tray_app.ui import text, theme
from tray_app.ui.text import translate

BAR_PX: Final = 10
COLORS: Final = (theme.OFF, theme.WARN, theme.BUSY)


class Timeline(QWidget):
    """The bar and the words under it."""

    def __init__(self) -> None:
        super().__init__()
        self._points: tuple[float, ...] = ()  # seconds, rising; the last one is the whole width
        self._colors: tuple[str, ...] = ()
        self._words: list[tuple[str, str]] = []
        self.setAccessibleName(translate("Requests", "Timeline"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_times(self, headers_s: float | None, first_token_s: float | None, total_s: float | None) -> None:
        """Seconds since the request arrived; None where it did not get so far."""
        reached = [
            (at, color) for at, color in zip((headers_s, first_token_s, total_s), COLORS, strict=True) if at is not None
        ]
        self._points = tuple(at for at, _ in reached)
        self._colors = tuple(color for _, color in reached)
        self._words = milestones(headers_s, first_token_s, total_s)
        spoken = text.SEPARATOR.join(f"{name} {value}" for name, value in self._words)
        self.setAccessibleDescription(spoken)
        self.setToolTip(spoken)
        self.setVisible(bool(self._points) and self._points[-1] > 0)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, BAR_PX + theme.GAP + self.fontMetrics().height() * 2)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def parts(self, width: float) -> list[tuple[float, float, str]]:
        """Left edge, width and colour of each part of a bar of that width."""
        made, before = [], 0.0
        for at, color in zip(self._points, self._colors, strict=True):
            end = width * at / self._points[-1]
            made.append((before, max(0.0, end - before), color))
            before = max(before, end)
        return made

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._points or not self._points[-1]:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for left, width, color in self.parts(self.width()):
            painter.setBrush(QColor(color))
            painter.drawRoundedRect(QRectF(left, 0, max(1.0, width - 1), BAR_PX), 2, 2)
        self._label(painter)
        painter.end()

    def _label(self, painter: QPainter) -> None:
        # In equal columns, not under their points: short parts would print over each other.
        column, height = self.width() / len(self._words), self.fontMetrics().height()
        for number, (name, value) in enumerate(self._words):
            place = QRectF(number * column, BAR_PX + theme.GAP, column, height)
            painter.setPen(theme.mix(self.palette(), 0.62))
            painter.drawText(place, Qt.AlignmentFlag.AlignLeft, name)
            painter.setPen(self.palette().windowText().color())
            painter.drawText(place.translated(0, height), Qt.AlignmentFlag.AlignLeft, value)


def milestones(headers_s: float | None, first_token_s: float | None, total_s: float | None) -> list[tuple[str, str]]:
    """The points of a request's life that were reached, with the time of each since it arrived."""
    points = (
        (translate("Requests", "Arrived"), 0.0),
        (translate("Requests", "First byte"), headers_s),
        (translate("Requests", "First token"), first_token_s),
        (translate("Requests", "End"), total_s),
    )
    return [(name, text.seconds(at)) for name, at in points if at is not None]
