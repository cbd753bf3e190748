"""The form for one price."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tray_app.editing import FieldProblem, PriceDraft, SaveResult
from tray_app.ui.dialogs.price_form import PriceForm

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", r"raise\(\)")

DRAFT = PriceDraft(number=2, model="glm-*", profile="zai", input="0.5", output="2", since="2026-01-01")
PROVIDERS = (("one", "One"), ("zai", "Z.ai"))


@pytest.fixture
def form(qtbot: QtBot) -> PriceForm:
    """A price of the user's that is edited."""
    made = PriceForm(DRAFT, PROVIDERS)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)  # the test still looks at it
    qtbot.addWidget(made)
    made.open()
    return made


def test_what_is_shown_is_what_comes_back(form: PriceForm) -> None:
    """Nothing is lost on the way."""
    assert form.draft() == DRAFT
    form.lines["above"].setText("32000")
    form.provider.setCurrentIndex(0)
    assert form.draft() == replace(DRAFT, above="32000", profile="")


def test_a_provider_that_is_gone_stays_with_its_price(qtbot: QtBot) -> None:
    """By its id."""
    made = PriceForm(DRAFT, ())
    qtbot.addWidget(made)
    assert made.provider.currentText() == "zai"
    assert made.draft() == DRAFT


def test_problems_stand_beside_their_fields(form: PriceForm, qtbot: QtBot) -> None:
    """The cursor goes to the first one; what belongs to no field stands below all."""
    with qtbot.waitSignal(form.saveRequested) as caught:
        form.save.click()
    assert caught.args == [DRAFT]
    assert not form.save.isEnabled()
    form.show_result(
        SaveResult(problems=(FieldProblem("output", "money"), FieldProblem("file", "invalid", "prices.toml is gone")))
    )
    assert form.save.isEnabled()
    assert form.isVisible()
    assert form._fields["output"]._problem.text() == "An amount in dollars, such as 2.50"
    assert form._rest._problem.text() == "prices.toml is gone"
    assert form.focusWidget() is form.lines["output"]
    form.save.click()
    assert form._fields["output"]._problem.text() == ""


def test_it_closes_when_it_was_saved(form: PriceForm) -> None:
    """And only then."""
    form.show_result(SaveResult())
    assert not form.isVisible()
    assert form.result() == PriceForm.DialogCode.Accepted
