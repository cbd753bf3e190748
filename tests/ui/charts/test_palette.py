"""The colours of the charts can be seen on their ground and told from each other."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication

from tray_app.ui import color_scheme, theme
from tray_app.ui.charts import palette

# Windows that other tests left behind are laid out again when the palette changes.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
MARK = 3.0  # the contrast that the web's accessibility guidelines ask of graphics
STACK = (palette.CACHED, palette.FRESH, palette.OUT)  # as they lie on each other


@pytest.fixture(params=["light", "dark", "contrast"])
def shown(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[QPalette]:
    """A theme in effect."""
    color_scheme.use(request.param)
    yield color_scheme.palette(request.param)
    color_scheme.use("system")


def test_every_colour_is_seen_on_a_card(shown: QPalette) -> None:
    """Three to one."""
    for index in STACK:
        assert theme.contrast(palette.color(index, shown), theme.card_color(shown)) >= MARK


def test_neighbours_differ_in_lightness(shown: QPalette) -> None:
    """For those who see no hue at all; a seam lies between them besides."""
    for one, other in pairwise(STACK):
        assert theme.contrast(palette.color(one, shown), palette.color(other, shown)) >= 1.4


def test_high_contrast_has_patterns_and_outlines(shown: QPalette) -> None:
    """And only that."""
    strict = color_scheme.is_high_contrast()
    assert (palette.outline(shown) is not None) is strict
    assert (len({palette.brush(index, shown).style() for index in STACK}) == len(STACK)) is strict
