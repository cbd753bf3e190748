"""The icons: the four states for the tray, and small painted marks that follow the palette.

The drawings are SVG files under `resources/icons`: outlined, so that they stand out from light, dark and grey panels alike,
and told apart by shape as well as by colour. The masks are for panels that colour icons themselves (macOS).
"""

from __future__ import annotations

import sys
from functools import cache

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap

from tray_app.desktop.assets import icon_path
from tray_app.state import Look

TEMPLATES: bool = sys.platform == "darwin"
# A tray host is sent all of these and takes what fits its panel (at twice the density, what fits twice the size).
TRAY_SIZES = (16, 20, 22, 24, 32, 44, 48, 64)
SMALL = 20  # up to here by a drawing of its own, on a grid of 16 pixels
DOT_SIZES = (16, 32)  # logical size of a mark, and twice that for dense screens


@cache
def application() -> QIcon:
    """The program's own icon."""
    return QIcon(str(icon_path("dragoman")))


@cache
def tray(look: Look) -> QIcon:
    """The tray icon for a state, drawn for every size a panel has; on macOS a template that the menu bar tints."""
    if TEMPLATES:
        icon = QIcon(str(icon_path(f"tray-{look}-mask")))
        icon.setIsMask(True)
        return icon
    icon, drawing, small = QIcon(), tray_drawing(look), QIcon(str(icon_path(f"tray-{look}-small")))
    for size in TRAY_SIZES:
        icon.addPixmap((small if size <= SMALL else drawing).pixmap(QSize(size, size), 1.0))
    return icon


@cache
def tray_drawing(look: Look) -> QIcon:
    """The coloured drawing of a state, for any size but the smallest."""
    return QIcon(str(icon_path(f"tray-{look}")))


@cache
def dot(color: str, *, ring: bool = False) -> QIcon:
    """A filled circle (a ring for what is not there yet) as mark of a provider or a state."""
    icon = QIcon()
    for size in DOT_SIZES:
        pixmap = _dot_pixmap(size, QColor(color), ring=ring)
        icon.addPixmap(pixmap)
        icon.addPixmap(pixmap, QIcon.Mode.Selected)  # or styles would tint it, and its colour is its meaning
    return icon


def _dot_pixmap(size: int, color: QColor, *, ring: bool) -> QPixmap:
    from PySide6.QtCore import (
        Qt,
    )  # its hundreds of enumerations are made when it is first named: not before the tray icon

    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = painter.pen()
    pen.setColor(color)
    pen.setWidthF(size / 8)
    painter.setPen(pen if ring else Qt.PenStyle.NoPen)
    painter.setBrush(Qt.BrushStyle.NoBrush if ring else color)
    inset = size * 0.26
    painter.drawEllipse(QRectF(inset, inset, size - 2 * inset, size - 2 * inset))
    painter.end()
    return pixmap
