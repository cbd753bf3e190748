"""What a chart shows, in numbers and in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tray_app.ui.charts.data import GRID_LINES, ChartData, Series, ticks

DATA = ChartData(
    places=("Monday", "Tuesday"),
    series=(Series("In", 0, (1.0, 2.0)), Series("Out", 2, (None, 0.5))),
    total="Together",
)


@pytest.mark.parametrize(
    ("highest", "marks"),
    [
        (0.0, (0.0, 1.0)),
        (float("inf"), (0.0, 1.0)),
        (4.0, (0.0, 1.0, 2.0, 3.0, 4.0)),
        (900_000.0, (0.0, 250_000.0, 500_000.0, 750_000.0, 1_000_000.0)),
        (0.3, (0.0, 0.1, 0.2, 0.3)),
    ],
)
def test_the_axis_has_round_numbers(highest: float, marks: tuple[float, ...]) -> None:
    """From nothing to at least the highest."""
    assert ticks(highest) == pytest.approx(marks)


@given(st.floats(1e-6, 1e15))
def test_the_axis_reaches_the_highest_and_not_much_more(highest: float) -> None:
    """Whatever it is, with few lines."""
    marks = ticks(highest)
    assert marks[0] == 0.0
    assert marks[-1] >= highest * 0.9998
    assert len(marks) <= GRID_LINES + 2
    assert marks[-2] < highest


def test_a_column_is_said_line_by_line() -> None:
    """What is not known is left out; the sum of the rest comes last."""
    assert DATA.column(0) == "Monday\nIn: 1\nTogether: 1"
    assert DATA.column(1) == "Tuesday\nIn: 2\nOut: 0.5\nTogether: 2.5"
