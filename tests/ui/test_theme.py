"""Colours come from the palette, and stay readable on it."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QPalette
from pytestqt.qtbot import QtBot

from tray_app.ui import theme

LIGHT = QPalette(QColor("#efefef"), QColor("#efefef"))
DARK = QPalette(QColor("#34373c"), QColor("#26282c"))


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_a_mix_lies_between_text_and_ground(qtbot: QtBot, palette: QPalette) -> None:
    """None of the text is the ground, all of it the text, more of it further away."""
    ground, text = palette.color(QPalette.ColorRole.Window), palette.color(QPalette.ColorRole.WindowText)
    assert theme.mix(palette, 0.0).rgb() == ground.rgb()
    assert theme.mix(palette, 1.0).rgb() == text.rgb()
    distances = [abs(theme.mix(palette, share).lightness() - ground.lightness()) for share in (0.1, 0.4, 0.8)]
    assert distances == sorted(distances)


def test_the_sheet_follows_the_palette(qtbot: QtBot) -> None:
    """Light and dark differ, and no placeholder is left."""
    light, dark = theme.style_sheet(LIGHT), theme.style_sheet(DARK)
    assert light != dark
    assert "{{" not in light
    assert "{line}" not in light


def test_stripes_are_faint_on_either(qtbot: QtBot) -> None:
    """A row is told from the next, no more."""
    for palette in (LIGHT, DARK):
        base = palette.color(QPalette.ColorRole.Base)
        assert 0 <= abs(theme._stripe(palette).lightness() - base.lightness()) <= 12


def test_labels(qtbot: QtBot) -> None:
    """A heading is bold and may be larger; a muted label steps back and wraps."""
    heading, muted = theme.heading("Title", 1.5), theme.muted("Note")
    assert heading.font().bold()
    assert heading.font().pointSizeF() == pytest.approx(muted.font().pointSizeF() * 1.5)
    assert muted.property("muted") == "true"
    assert muted.wordWrap()
