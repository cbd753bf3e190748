"""Bars beside names."""

from __future__ import annotations

from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from tray_app.ui.charts import palette
from tray_app.ui.charts.shares import Share, Shares

SHARES = (Share("OpenRouter", 4.0, "$4.00"), Share("Z.ai", 1.0, "$1.00"), Share("Ollama", None, "–"))


def test_bars_are_as_long_as_their_numbers(qtbot: QtBot) -> None:
    """The largest fills the width; what is not known has none, but its name and words stand there."""
    chart = Shares("Cost")
    qtbot.addWidget(chart)
    chart.resize(200, 190)
    chart.show_shares(SHARES, "OpenRouter: $4.00; …")
    assert [bar.width() for bar in chart.bars()] == [200.0, 50.0, 0.0]
    assert (chart.accessibleName(), chart.accessibleDescription()) == ("Cost", "OpenRouter: $4.00; …")
    assert "Ollama: –" in chart.toolTip()
    picture = chart.grab().toImage()
    place = (chart.bars()[1].center() * picture.devicePixelRatio()).toPoint()
    assert picture.pixelColor(place) == QColor(palette.color(palette.FRESH, chart.palette()))


def test_nothing_at_all_has_no_bars(qtbot: QtBot) -> None:
    """Neither does what costs nothing."""
    chart = Shares("Cost")
    qtbot.addWidget(chart)
    assert chart.bars() == []
    chart.show_shares((Share("Demo", 0.0, "$0.00"),), "")
    assert [bar.width() for bar in chart.bars()] == [0.0]
    assert not chart.grab().isNull()
