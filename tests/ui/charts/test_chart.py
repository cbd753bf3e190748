"""What charts over columns share: geometry, words, mouse and keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tray_app.ui.charts.bars import StackedBars
from tray_app.ui.charts.chart import Chart
from tray_app.ui.charts.data import ChartData, Series

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", r"raise\(\)")  # what the offscreen platform cannot do

DATA = ChartData(
    summary="All in a sentence.",
    places=("00:00", "01:00", "02:00", "03:00"),
    labels=("", "one", "", "three"),
    series=(Series("In", 0, (1.0, 2.0, 0.0, 4.0)),),
)


@pytest.fixture
def chart(qtbot: QtBot) -> Chart:
    """Four columns, shown."""
    made = StackedBars("Tokens")
    qtbot.addWidget(made)
    made.resize(440, 200)
    made.show_data(DATA)
    made.show()
    return made


def test_columns_lie_side_by_side_over_the_axis(chart: Chart) -> None:
    """From the labels of the axis to the edge."""
    columns = [chart.column(place) for place in range(4)]
    assert columns[0].left() == pytest.approx(chart.plot().left())
    assert columns[3].right() == pytest.approx(chart.plot().right())
    assert chart.level(0.0, chart.plot()) == pytest.approx(chart.plot().bottom(), abs=1)
    assert chart.level(4.0, chart.plot()) == pytest.approx(chart.plot().top(), abs=1)


def test_it_is_said_as_a_whole_and_by_column(chart: Chart, qtbot: QtBot) -> None:
    """The arrows go through the columns, from the newest one; Home and End to the ends; leaving says the whole again."""
    assert (chart.accessibleName(), chart.accessibleDescription()) == ("Tokens", DATA.summary)
    chart.setFocus()
    for key, place in ((Qt.Key.Key_Left, 3), (Qt.Key.Key_Left, 2), (Qt.Key.Key_Home, 0), (Qt.Key.Key_Left, 0)):
        qtbot.keyClick(chart, key)
        assert chart.chosen == place
    qtbot.keyClick(chart, Qt.Key.Key_End)
    qtbot.keyClick(chart, Qt.Key.Key_Right)
    assert chart.chosen == 3
    assert chart.accessibleDescription() == "03:00\nIn: 4"
    chart.clearFocus()
    chart.choose(None)
    assert chart.accessibleDescription() == DATA.summary


def test_the_mouse_chooses_the_column_under_it(chart: Chart) -> None:
    """And none beside them or outside."""
    # Sent to the chart itself: a window that another test left over it would get what the pointer does.
    for point, place in ((chart.column(1).center(), 1), (QPointF(1, 100), None)):
        none = Qt.MouseButton.NoButton
        move = QMouseEvent(QEvent.Type.MouseMove, point, point, none, none, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(chart, move)
        assert chart.chosen == place


def test_other_keys_are_left_to_others(chart: Chart, qtbot: QtBot) -> None:
    """And without data there is nothing to choose."""
    qtbot.keyClick(chart, Qt.Key.Key_A)
    assert chart.chosen is None
    chart.show_data(ChartData())
    qtbot.keyClick(chart, Qt.Key.Key_End)
    assert chart.chosen is None
    assert not chart.grab().isNull()


def test_the_same_data_keeps_the_choice(chart: Chart) -> None:
    """A reading that brings nothing new does not disturb who is looking."""
    chart.choose(1)
    chart.show_data(DATA)
    assert chart.chosen == 1
    chart.show_data(ChartData(places=("a",), series=(Series("In", 0, (1.0,)),)))
    assert chart.chosen is None
