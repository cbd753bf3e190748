"""The colours of the charts: told apart by everybody, by hue and by lightness, on light and on dark ground.

Blue and orange are safe for every common kind of colour blindness; the two blues differ in lightness. Where high contrast is
asked for, patterns and outlines repeat what the colours say. A test works out the contrasts.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor, QPalette

from tray_app.ui import color_scheme, theme

FRESH: Final = 0  # tokens that were read
CACHED: Final = 1
OUT: Final = 2
_LIGHT: Final = ("#1f5a96", "#4a90d0", "#c2660f")
_DARK: Final = ("#8cc4f7", "#4387c7", "#dd8433")
_PATTERNS: Final = (Qt.BrushStyle.SolidPattern, Qt.BrushStyle.BDiagPattern, Qt.BrushStyle.Dense4Pattern)


def color(index: int, palette: QPalette) -> QColor:
    """One of the colours, for the ground of a card."""
    return QColor((_LIGHT if theme.card_color(palette).lightness() > 127 else _DARK)[index])


def brush(index: int, palette: QPalette) -> QBrush:
    """How a surface of that colour is filled."""
    return QBrush(color(index, palette), _PATTERNS[index] if color_scheme.is_high_contrast() else _PATTERNS[0])


def outline(palette: QPalette) -> QColor | None:
    """The colour round a surface, if there is any."""
    return palette.color(QPalette.ColorRole.WindowText) if color_scheme.is_high_contrast() else None
