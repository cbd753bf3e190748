"""Lines over columns."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from tray_app.ui.charts import palette
from tray_app.ui.charts.data import ChartData, Series
from tray_app.ui.charts.lines import Lines

DATA = ChartData(
    places=("a", "b", "c", "d"),
    labels=("a", "", "", "d"),
    series=(
        Series("Median", palette.FRESH, (1.0, None, 2.0, 4.0)),
        Series("95 %", palette.OUT, (2.0, None, 3.0, None)),
    ),
)


@pytest.fixture
def lines(qtbot: QtBot) -> Lines:
    """Two lines with gaps."""
    made = Lines("Waits")
    qtbot.addWidget(made)
    made.resize(400, 200)
    made.show_data(DATA)
    return made


def test_a_line_breaks_off_where_nothing_is_known(lines: Lines) -> None:
    """It does not run through what is not there."""
    runs = lines.runs(DATA.series[0], lines.plot())
    assert [len(run) for run in runs] == [1, 2]
    assert runs[1][1].y() == pytest.approx(lines.plot().top(), abs=1)
    assert runs[0][0].x() == pytest.approx(lines.column(0).center().x())


def test_the_first_is_full_and_the_other_hollow(lines: Lines) -> None:
    """Seen in the middle of a dot."""
    picture = lines.grab().toImage()
    ratio = picture.devicePixelRatio()
    full, hollow = (
        picture.pixelColor((lines.runs(series, lines.plot())[0][0] * ratio).toPoint()) for series in DATA.series
    )
    assert full == QColor(palette.color(palette.FRESH, lines.palette()))
    assert hollow != QColor(palette.color(palette.OUT, lines.palette()))
