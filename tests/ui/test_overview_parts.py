"""The parts of the Overview page."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from helpers.ui_values import app_state
from tray_app.proxy.events import ServerState
from tray_app.ui.models.overview import Figure
from tray_app.ui.overview_parts import CELL_WIDTH, FEW, ChartCard, Figures, StateCard

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

SIX = tuple(Figure(f"Name {n}", f"{n}k", source="Reported by the provider: 1 requests") for n in range(6))


def test_the_card_says_what_where_and_for_whom(qtbot: QtBot) -> None:
    """And copies the address while there is one."""
    card = StateCard()
    qtbot.addWidget(card)
    card.render_state(app_state(running=2))
    assert card.state.text() == "Running"
    assert card.address.text() == "http://127.0.0.1:8417"
    assert card.provider.text() == "New requests go to One & Only"
    assert card.running.text() == "2 requests running"
    with qtbot.waitSignal(card.endpointCopyRequested):
        card.copy.click()
    card.render_state(app_state(server=ServerState.STOPPED, url=None, active_id=None))
    assert (card.state.text(), card.address.text(), card.provider.text()) == ("Stopped", "not listening", "No provider")
    assert not card.copy.isEnabled()


def test_figures_are_read_out_with_their_names(qtbot: QtBot) -> None:
    """And say where they come from."""
    figures = Figures()
    qtbot.addWidget(figures)
    figures.show_figures(SIX)
    _, value, _ = figures.cells[2]
    assert (value.text(), value.accessibleName()) == ("2k", "Name 2: 2k")
    assert "Reported" in value.toolTip()
    assert "Reported" in value.accessibleDescription()


def test_figures_stand_in_two_rows_where_there_is_less_room(qtbot: QtBot) -> None:
    """And in one again where there is more."""
    page, figures = QWidget(), Figures()
    qtbot.addWidget(page)
    QVBoxLayout(page).addWidget(figures)
    figures.show_figures(SIX)
    page.show()

    def tops() -> int:
        return len({value.mapTo(figures, value.rect().topLeft()).y() for _, value, _ in figures.cells})

    page.resize(CELL_WIDTH * 6 + 80, 200)
    qtbot.waitUntil(lambda: tops() == 1)
    page.resize(CELL_WIDTH * FEW + 80, 200)
    qtbot.waitUntil(lambda: tops() == 2)
    assert figures.minimumSizeHint().width() == CELL_WIDTH * FEW


def test_a_chart_has_a_heading(qtbot: QtBot) -> None:
    """Set by whoever knows what is shown."""
    card = ChartCard(QLabel())
    qtbot.addWidget(card)
    card.title.setText("Tokens")
    assert card.title.font().bold()
