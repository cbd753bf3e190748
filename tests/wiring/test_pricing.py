"""The prices in the window: looked at, added, overridden, deleted."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.signals import Listener
from helpers.wired import Wired
from tray_app.history.prices import packaged_prices
from tray_app.state import ProblemKind
from tray_app.ui.dialogs.price_form import PriceForm
from tray_app.ui.dialogs.prices import PricesDialog

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", r"raise\(\)", "systemTrayWindowChanged")


def opened(wired: Wired) -> PricesDialog:
    """The table, from the Overview page."""
    wired.wiring.open_window()
    wired.window.overview.pricesRequested.emit()
    dialog = wired.wiring._pricing.dialog
    assert dialog is not None
    return dialog


def form(wired: Wired) -> PriceForm:
    """The form that is open."""
    found = wired.wiring._pricing.form
    assert found is not None
    return found


async def test_a_price_is_added_overridden_and_deleted(wired: Wired) -> None:
    """The table follows, and so does what requests cost from then on."""
    dialog, prices = opened(wired), wired.parts.controller.prices
    dialog.addRequested.emit()
    form(wired).lines["model"].setText("my-*")
    for name in ("input", "output"):
        form(wired).lines[name].setText("1.5")
    answers = Listener(prices.saveFinished)
    form(wired).save.click()
    await answers.until()
    assert wired.wiring._pricing.form is None
    assert [price.model for price in prices.own] == ["my-*"]
    assert dialog.model.index(0, 0).data() == "my-*"
    dialog.editRequested.emit(packaged_prices()[1], None)
    assert form(wired).lines["model"].text() == packaged_prices()[1].model
    answers = Listener(prices.saveFinished)
    form(wired).save.click()
    await answers.until()
    assert [price.model for price in prices.own] == ["my-*", packaged_prices()[1].model]
    answers = Listener(prices.saveFinished)
    dialog.deleteRequested.emit(0)
    await answers.until()
    assert [price.model for price in prices.own] == [packaged_prices()[1].model]


async def test_what_cannot_be_kept_is_said_where_it_was_asked_for(wired: Wired, tmp_path: Path) -> None:
    """In the form, or below the table."""
    dialog = opened(wired)
    dialog.addRequested.emit()
    answers = Listener(wired.parts.controller.prices.saveFinished)
    form(wired).save.click()
    assert len((await answers.until()).problems) == 3
    assert form(wired).isVisible()
    form(wired).reject()
    (tmp_path / "config").mkdir(exist_ok=True)
    (tmp_path / "config" / "prices.toml").write_text("# by hand\n")
    answers = Listener(wired.parts.controller.prices.saveFinished)
    dialog.deleteRequested.emit(0)
    await answers.until()
    assert "another program" in dialog.problem.text()
    assert ProblemKind.SAVE_FAILED not in {problem.kind for problem in wired.parts.controller.state.problems}


async def test_there_is_one_table_and_the_settings_open_it_too(wired: Wired) -> None:
    """Closing the window closes it."""
    dialog = opened(wired)
    wired.window.settings.pricesRequested.emit()
    assert wired.wiring._pricing.dialog is dialog
    dialog.addRequested.emit()
    wired.wiring.close_window()
    assert (wired.wiring._pricing.dialog, wired.wiring._pricing.form) == (None, None)
