"""Measures, colours and the style sheet: the native look, with a little more air.

Colours come from the palette, so that light, dark and high contrast all work; only the colours of states are our own, chosen
to be seen on any. A test works out the contrast of what is text (4.5 to 1) and of marks (3 to 1).
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QLabel

from tray_app.ui import color_scheme

GAP: Final = 8
PAD: Final = 16
SIDEBAR_WIDTH: Final = 160
# What Requests needs at least, so that the window does not grow with its first visit.
LARGEST_PAGE: Final = QSize(700, 290)
WINDOW_SIZE: Final = QSize(1160, 740)
FRAME: Final = QSize(16, 48)  # what a window manager puts round it, at most: a screen of 200 % may be small

OK: Final = "#16a35c"
WARN: Final = "#bd7d12"
BAD: Final = "#e84c3d"
BUSY: Final = "#2f8fe4"
OFF: Final = "#8b93a1"
READABLE: Final = 4.5  # the contrast that the web's accessibility guidelines ask of text
MUTED: Final = 0.62
_ALERTS: Final = ("#b3261e", "#ff9a90")  # of text on a light ground and on a dark one

# `{line}` and `{muted}` are mixed from the palette: Qt's own roles for lines differ wildly between styles.
_SHEET: Final = """
#sidebar {{ background: {side}; border: none; border-right: 1px solid {line}; padding: 10px 6px; outline: none; }}
#sidebar::item {{ padding: 8px 10px; margin: 1px 2px; border-radius: 6px; color: palette(text); }}
#sidebar::item:hover {{ background: {hover}; }}
#sidebar::item:selected {{ background: {selection}; color: palette(highlighted-text); }}
#header {{ background: {side}; border: none; border-bottom: 1px solid {line}; }}
#foot {{ background: {side}; border: none; border-top: 1px solid {line}; }}
#card {{ background: {card}; border: 1px solid {line}; border-radius: 8px; }}
#plain {{ background: transparent; border: none; }}
#list {{ background: {card}; border: 1px solid {line}; border-radius: 8px; outline: none; }}
#banner {{ background: rgba(224, 160, 27, 0.16); border: 1px solid rgba(224, 160, 27, 0.55); border-radius: 8px; }}
#failure {{ background: rgba(224, 57, 43, 0.09); border: 1px solid rgba(224, 57, 43, 0.45); border-radius: 8px; }}
#quote {{ background: {hover}; border: none; border-radius: 6px; padding: 6px; }}
QTableView#table {{ border: 1px solid {line}; border-radius: 8px; background: palette(base); outline: none;
    alternate-background-color: {stripe}; selection-background-color: {selection};
    selection-color: palette(highlighted-text); }}
QTableView#table QHeaderView::section {{ background: palette(base); border: none; border-bottom: 1px solid {line};
    padding: 6px 8px; color: {muted}; }}
QTableView#table QHeaderView {{ background: palette(base); border: none; border-top-left-radius: 8px;
    border-top-right-radius: 8px; }}
QTableView#table::item {{ padding: 0 5px; border: none; }}
QPushButton {{ padding: 5px 14px; }}
QPushButton:checked {{ border: 1px solid {selection}; border-radius: 4px; background: {chosen}; }}
QPushButton#alert {{ background: rgba(224, 57, 43, 0.14); border: 1px solid {alert}; border-radius: 4px; }}
QPushButton#alert:focus {{ border-width: 2px; padding: 4px 13px; }}
QLineEdit {{ padding: 3px 4px; placeholder-text-color: {muted}; }}
QLabel#problem {{ color: {alert}; }}
QLabel[muted="true"] {{ color: {muted}; }}
"""
# The style draws frames in shades of the window, which do not exist on black: lines of our own in their place.
_CONTRAST_SHEET: Final = """
QPushButton {{ border: 1px solid {line}; border-radius: 4px; background: palette(button); }}
QPushButton:disabled {{ border-style: dashed; }}
QPushButton:focus, QLineEdit:focus, QComboBox:focus {{ border: 2px solid {focus}; }}
QPushButton:pressed, QPushButton:checked {{ background: palette(highlight); color: palette(highlighted-text); }}
QLineEdit, QComboBox {{ border: 1px solid {line}; border-radius: 4px; }}
QComboBox QLineEdit, QAbstractSpinBox QLineEdit {{ border: none; }}
QAbstractSpinBox {{ background: {hover}; }}
QScrollBar {{ background: palette(window); border: 1px solid {line}; }}
QScrollBar:vertical {{ width: 14px; }}
QScrollBar:horizontal {{ height: 14px; }}
QScrollBar::handle {{ background: {line}; min-width: 24px; min-height: 24px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QCheckBox::indicator {{ width: 11px; height: 11px; border: 2px solid {line}; border-radius: 2px; }}
QCheckBox::indicator:checked {{ background: {focus}; border-color: {focus}; }}
QCheckBox:focus {{ color: {focus}; }}
#sidebar:focus, #list:focus, QTableView#table:focus {{ border: 2px solid {focus}; }}
"""


def mix(palette: QPalette, share: float) -> QColor:
    """`share` of the text colour on the window's background: a line, a muted text, a hover.

    In high contrast what is mostly text does not step back.
    """
    if share > 0.5 and color_scheme.is_high_contrast():
        share = 1.0
    text, ground = palette.color(QPalette.ColorRole.WindowText), palette.color(QPalette.ColorRole.Window)
    parts = zip(text.getRgb()[:3], ground.getRgb()[:3], strict=True)  # type: ignore[index]
    return QColor(*(round(one * share + other * (1 - share)) for one, other in parts))


def style_sheet(palette: QPalette) -> str:
    """The sheet for a window with this palette; made again when the palette changes."""
    strict = color_scheme.is_high_contrast()
    colors = {
        "line": mix(palette, 1.0 if strict else 0.16),
        "muted": muted_color(palette),
        "hover": mix(palette, 0.25 if strict else 0.08),
        "side": mix(palette, 0.0 if strict else 0.03),
        "card": card_color(palette),
        "stripe": _stripe(palette),
        "alert": alert_color(palette),
        "selection": selection_color(palette),
        "chosen": mix(palette, 0.12),
        "focus": palette.color(QPalette.ColorRole.Link),
    }
    sheet = _SHEET + _CONTRAST_SHEET if strict else _SHEET
    return sheet.format(**{name: color.name() for name, color in colors.items()})


def muted_color(palette: QPalette) -> QColor:
    """Text that steps back, as far as it stays readable."""
    return mix(palette, MUTED)


def card_color(palette: QPalette) -> QColor:
    """The ground of a card. A dark one is lighter than the fields on it: their frames are drawn in darker shades."""
    base = palette.color(QPalette.ColorRole.Base)
    return base if base.lightness() > 127 or color_scheme.is_high_contrast() else mix(palette, 0.06)


def alert_color(palette: QPalette) -> QColor:
    """Text that says what is wrong."""
    return QColor(_ALERTS[palette.color(QPalette.ColorRole.Window).lightness() < 128])


def selection_color(palette: QPalette) -> QColor:
    """The ground of what is selected: the palette's own, darker where the text on it would be hard to read."""
    ground, text = palette.color(QPalette.ColorRole.Highlight), palette.color(QPalette.ColorRole.HighlightedText)
    for _ in range(20):
        if contrast(ground, text) >= READABLE:
            break
        ground = ground.darker(105) if text.lightness() > 127 else ground.lighter(105)
    return ground


def contrast(one: QColor, other: QColor) -> float:
    """From 1 (the same) to 21 (black on white), as WCAG 2 counts it."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: QColor) -> float:
    linear = [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (color.redF(), color.greenF(), color.blueF())
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _stripe(palette: QPalette) -> QColor:
    base = palette.color(QPalette.ColorRole.Base)
    return base.darker(102) if base.lightness() > 127 else base.lighter(112)


def bold(font: QFont, scale: float = 1.0) -> QFont:
    """A bold font, larger by `scale`."""
    made = QFont(font)
    made.setBold(True)
    made.setPointSizeF(font.pointSizeF() * scale)
    return made


def heading(words: str, scale: float = 1.0) -> QLabel:
    """A label that titles what follows."""
    label = QLabel(words)
    label.setFont(bold(label.font(), scale))
    return label


def muted(words: str = "") -> QLabel:
    """A label that steps back; wraps, and its text can be selected."""
    label = QLabel(words)
    label.setProperty("muted", "true")  # its colour is the style sheet's
    label.setWordWrap(True)
    return label
