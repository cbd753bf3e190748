"""The Overview page."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from helpers.readings import reading
from helpers.ui_values import DEMO, app_state
from tray_app.history.overview import Span
from tray_app.ui.pages.overview import EXPORTS, FULL_WIDTH, LESS_COLUMNS, OverviewPage

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def page(qtbot: QtBot) -> OverviewPage:
    """The page of somebody with providers of their own."""
    made = OverviewPage()
    qtbot.addWidget(made)
    made.render_state(app_state())
    made.resize(960, 640)
    made.show()
    return made


def test_a_reading_fills_the_page(page: OverviewPage) -> None:
    """Figures, charts with words for screen readers, and the table."""
    page.show_reading(reading())
    assert page.figures.isVisible()
    assert page.figures.cells[0][1].text() == "4"
    assert page.tokens.accessibleDescription().startswith("2.0k tokens together")
    assert page.costs.accessibleDescription() == "P: $0.94; Q: –"
    assert page.waits.accessibleDescription().startswith("Median between")
    assert page.model.rowCount() == 2
    assert not page.grab().isNull()


def test_an_empty_ledger_leads_to_a_test_message(page: OverviewPage, qtbot: QtBot) -> None:
    """Which needs a proxy that runs."""
    page.show_reading(reading(empty=True))
    assert page.test.isVisible()
    assert not page.figures.isVisible()
    with qtbot.waitSignal(page.testMessageRequested):
        page.test.click()
    page.render_state(app_state(url=None))
    assert not page.test.isEnabled()


def test_who_has_no_provider_is_welcomed(page: OverviewPage, qtbot: QtBot) -> None:
    """Until they have one, or come back after the first request; it does not vanish while its answer is read."""
    fresh = OverviewPage()
    qtbot.addWidget(fresh)
    fresh.render_state(app_state(providers=(DEMO,), active_id="demo"))
    fresh.show_reading(reading(empty=True))
    fresh.show()
    assert fresh.welcome.isVisible()
    fresh.show_reading(reading())
    assert fresh.welcome.isVisible()
    fresh.hide()
    fresh.show()
    assert not fresh.welcome.isVisible()
    assert fresh.figures.isVisible()
    assert not page.welcome.isVisible()


def test_who_has_asked_before_is_not_welcomed_again(qtbot: QtBot) -> None:
    """Not even for a moment, while the first reading is under way."""
    page = OverviewPage()
    qtbot.addWidget(page)
    page.render_state(app_state(providers=(DEMO,), active_id="demo"))
    page.show()
    assert not page.welcome.isVisible()
    assert not page.test.isVisible()
    page.show_reading(reading())
    assert not page.welcome.isVisible()
    assert page.figures.isVisible()


def test_spans_are_chosen_and_late_answers_ignored(page: OverviewPage, qtbot: QtBot) -> None:
    """A reading of another span than the chosen one is not shown."""
    page.show_reading(reading())
    with qtbot.waitSignal(page.spanChosen) as caught:
        page.spans.button(1).click()
    assert caught.args == [Span.WEEK]
    page.show_reading(reading(empty=True))
    assert page.figures.cells[0][1].text() == "4"
    page.show_reading(reading(Span.WEEK))
    assert len(page.tokens.data.places) == 7


def test_a_page_takes_the_span_of_another(page: OverviewPage, qtbot: QtBot) -> None:
    """When the window is made anew."""
    page.spans.button(2).click()
    other = OverviewPage()
    qtbot.addWidget(other)
    other.take_place_of(page)
    assert (other.span, other.spans.checkedId()) == (Span.MONTH, 2)


def test_becoming_visible_is_told(page: OverviewPage, qtbot: QtBot) -> None:
    """So that it can be brought up to date."""
    page.hide()
    with qtbot.waitSignal(page.shown):
        page.show()


def test_exports_and_prices_are_asked_for(page: OverviewPage, qtbot: QtBot) -> None:
    """Four kinds of file."""
    page.show_reading(reading())
    asked: list[tuple[str, str]] = []
    page.exportRequested.connect(lambda kind, form: asked.append((kind, form)))
    for action in page.export.menu().actions():
        action.trigger()
    assert tuple(asked) == EXPORTS
    with qtbot.waitSignal(page.pricesRequested):
        page.prices.click()


def test_without_a_ledger_it_says_why(page: OverviewPage) -> None:
    """And offers nothing that could not be seen afterwards; the next reading takes the words away."""
    page.show_unavailable("Nothing can be shown: the disk is full")
    assert page.note.isVisible()
    assert not page.test.isVisible()
    page.show_note("")
    page.show_reading(reading())
    assert not page.note.isVisible()
    assert page.figures.isVisible()


def test_clients_are_connected_beside_the_state(page: OverviewPage) -> None:
    """The card follows the state."""
    page.show_reading(reading())
    assert page.connect_card.isVisible()
    assert page.connect_card.copy_setup.isEnabled()


def test_a_narrow_page_keeps_the_names_of_the_models(page: OverviewPage, qtbot: QtBot) -> None:
    """Columns that say less give way."""
    page.show_reading(reading())
    page.resize(FULL_WIDTH - 1, 600)
    assert all(page.table.isColumnHidden(column) for column in LESS_COLUMNS)
    page.resize(FULL_WIDTH, 600)
    assert not any(page.table.isColumnHidden(column) for column in LESS_COLUMNS)


def test_everything_is_reached_by_the_keyboard(page: OverviewPage, qtbot: QtBot) -> None:
    """Charts too, which are read out column by column."""
    page.show_reading(reading())
    for widget in (*page.spans.buttons(), page.prices, page.export, page.tokens, page.costs, page.waits, page.table):
        assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        assert widget.accessibleName() or widget.text()  # type: ignore[attr-defined]
