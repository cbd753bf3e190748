"""Measures, colours and the style sheet: the native look, with a little more air.

Colours come from the palette, so that light and dark both work; only the colours of states are our own, chosen to be
readable on either.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QLabel

GAP: Final = 8
PAD: Final = 16
SIDEBAR_WIDTH: Final = 160
WINDOW_SIZE: Final = (1160, 740)

OK: Final = "#16a35c"
WARN: Final = "#c98a1b"
BAD: Final = "#e0392b"
BUSY: Final = "#2f8fe4"
OFF: Final = "#8b93a1"

# `{line}` and `{muted}` are mixed from the palette: Qt's own roles for lines differ wildly between styles.
_SHEET: Final = """
#sidebar {{ background: {side}; border: none; border-right: 1px solid {line}; padding: 10px 6px; outline: none; }}
#sidebar::item {{ padding: 8px 10px; margin: 1px 2px; border-radius: 6px; color: palette(text); }}
#sidebar::item:hover {{ background: {hover}; }}
#sidebar::item:selected {{ background: palette(highlight); color: palette(highlighted-text); }}
#header {{ background: {side}; border: none; border-bottom: 1px solid {line}; }}
#foot {{ background: {side}; border: none; border-top: 1px solid {line}; }}
#card {{ background: palette(base); border: 1px solid {line}; border-radius: 8px; }}
#plain {{ background: transparent; border: none; }}
#list {{ background: palette(base); border: 1px solid {line}; border-radius: 8px; outline: none; }}
#banner {{ background: rgba(224, 160, 27, 0.16); border: 1px solid rgba(224, 160, 27, 0.55); border-radius: 8px; }}
#failure {{ background: rgba(224, 57, 43, 0.09); border: 1px solid rgba(224, 57, 43, 0.45); border-radius: 8px; }}
#quote {{ background: {hover}; border: none; border-radius: 6px; padding: 6px; }}
QTableView#table {{ border: 1px solid {line}; border-radius: 8px; background: palette(base); outline: none;
    alternate-background-color: {stripe}; selection-background-color: palette(highlight); }}
QTableView#table QHeaderView::section {{ background: palette(base); border: none; border-bottom: 1px solid {line};
    padding: 6px 8px; color: {muted}; }}
QTableView#table QHeaderView {{ background: palette(base); border: none; border-top-left-radius: 8px;
    border-top-right-radius: 8px; }}
QTableView#table::item {{ padding: 0 8px; border: none; }}
QPushButton {{ padding: 5px 14px; }}
QLineEdit {{ padding: 3px 4px; }}
QLabel#problem {{ color: {bad}; }}
"""


def mix(palette: QPalette, share: float) -> QColor:
    """`share` of the text colour on the window's background: a line, a muted text, a hover."""
    text, ground = palette.color(QPalette.ColorRole.WindowText), palette.color(QPalette.ColorRole.Window)
    parts = zip(text.getRgb()[:3], ground.getRgb()[:3], strict=True)  # type: ignore[index]
    return QColor(*(round(one * share + other * (1 - share)) for one, other in parts))


def style_sheet(palette: QPalette) -> str:
    """The sheet for a window with this palette; made again when the palette changes."""
    return _SHEET.format(
        line=mix(palette, 0.16).name(),
        muted=mix(palette, 0.62).name(),
        hover=mix(palette, 0.08).name(),
        side=mix(palette, 0.03).name(),
        stripe=_stripe(palette).name(),
        bad=BAD,
    )


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
    label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
    label.setWordWrap(True)
    return label
