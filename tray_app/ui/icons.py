"""The icons: the four states for the tray, and small painted marks that follow the palette.

The drawings are SVG files under `resources/icons`; the masks are for panels that colour icons themselves (macOS).
"""

from __future__ import annotations

import sys
from functools import cache

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap

from tray_app.desktop.assets import icon_path
from tray_app.state import Look

TEMPLATES: bool = sys.platform == "darwin"
DOT_SIZES = (16, 32)  # logical size of a mark, and twice that for dense screens


@cache
def application() -> QIcon:
    """The program's own icon."""
    return QIcon(str(icon_path("dragoman")))


@cache
def tray(look: Look) -> QIcon:
    """The tray icon for a state; on macOS a template that the menu bar tints."""
    if not TEMPLATES:
        return tray_drawing(look)
    icon = QIcon(str(icon_path(f"tray-{look}-mask")))
    icon.setIsMask(True)
    return icon


@cache
def tray_drawing(look: Look) -> QIcon:
    """The coloured drawing of a state."""
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
