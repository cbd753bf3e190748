"""The bar of a request's time."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from tray_app.ui.timeline import Timeline


def test_parts_are_as_long_as_their_time(qtbot: QtBot) -> None:
    """Headers, first token, end; and the same in words."""
    bar = Timeline()
    qtbot.addWidget(bar)
    bar.show_times(1.0, 2.0, 10.0)
    assert [(left, width) for left, width, _ in bar.parts(100)] == [(0.0, 10.0), (10.0, 10.0), (20.0, 80.0)]
    assert bar.accessibleDescription() == "Arrived 0 ms · First byte 1.0 s · First token 2.0 s · End 10.0 s"
    assert not bar.grab().isNull()


def test_nothing_is_drawn_where_nothing_was_reached(qtbot: QtBot) -> None:
    """A request that waits, or was refused at the door."""
    bar = Timeline()
    qtbot.addWidget(bar)
    bar.show_times(None, None, None)
    assert bar.isHidden()
    bar.show_times(None, None, 0.0)
    assert bar.isHidden()
