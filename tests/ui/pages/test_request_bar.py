"""The bar above the requests."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from tray_app.ui.models.request_filter import StateChoice
from tray_app.ui.pages.request_bar import RequestBar


def test_choices_are_told_together(qtbot: QtBot) -> None:
    """State, provider and words; clearing tells that everything is wanted."""
    bar = RequestBar()
    qtbot.addWidget(bar)
    bar.offer_providers(("One", "Two"))
    told: list[tuple[object, ...]] = []
    bar.chosen.connect(lambda *values: told.append(values))
    bar.state.setCurrentIndex(3)
    bar.provider.setCurrentIndex(2)
    bar.search.setText("x")
    assert told[-1] == (StateChoice.TROUBLE, "Two", "x")
    bar.offer_providers(("One",))
    assert bar.provider.currentData() == "Two"
    bar.clear()
    assert told[-1] == (StateChoice.ALL, "", "")


def test_every_control_has_a_name_and_takes_the_focus(qtbot: QtBot) -> None:
    """For a screen reader and the Tab key."""
    bar = RequestBar()
    qtbot.addWidget(bar)
    assert all(w.accessibleName() for w in (bar.search, bar.state, bar.provider))
    assert all(w.text() for w in (bar.pause, bar.follow))
