"""Stacked bars."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from tray_app.ui.charts import palette
from tray_app.ui.charts.bars import SEAM, StackedBars
from tray_app.ui.charts.data import ChartData, Series

DATA = ChartData(
    places=("a", "b"),
    labels=("a", "b"),
    series=(Series("Cached", palette.CACHED, (30.0, 0.0)), Series("In", palette.FRESH, (10.0, None))),
)


@pytest.fixture
def bars(qtbot: QtBot) -> StackedBars:
    """Two columns, the second of them empty."""
    made = StackedBars("Tokens")
    qtbot.addWidget(made)
    made.resize(400, 200)
    made.show_data(DATA)
    return made


def test_the_axis_reaches_the_sum(bars: StackedBars) -> None:
    """Not just the highest part."""
    assert bars.ticks[-1] == 40.0


def test_parts_stand_on_each_other(bars: StackedBars) -> None:
    """With a seam between them, as high as their numbers, and nothing where there is nothing."""
    plot = bars.plot()
    (lower, cached), (upper, fresh) = bars.parts(0, plot)
    assert (cached, fresh) == (palette.CACHED, palette.FRESH)
    assert lower.bottom() == pytest.approx(plot.bottom(), abs=1)
    assert upper.bottom() == pytest.approx(lower.top() - SEAM)
    assert lower.height() == pytest.approx(plot.height() * 0.75, abs=1.5)
    assert lower.left() == upper.left()
    assert bars.parts(1, plot) == []


def test_a_little_is_still_seen(bars: StackedBars) -> None:
    """A number that is no whole pixel high is one."""
    bars.show_data(ChartData(places=("a", "b"), series=(Series("In", 0, (1e-9, 1.0)),)))
    ((part, _),) = bars.parts(0, bars.plot())
    assert part.height() == 1.0


def test_it_is_painted_in_its_colours(bars: StackedBars) -> None:
    """In the middle of the part."""
    picture = bars.grab().toImage()
    (part, color), _ = bars.parts(0, bars.plot())
    ratio = picture.devicePixelRatio()
    middle = part.center() * ratio
    assert picture.pixelColor(middle.toPoint()) == QColor(palette.color(color, bars.palette()))
