"""The models of the four roles."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tray_app.editing import ModelList, ProfileDraft
from tray_app.ui.dialogs.field import form_layout
from tray_app.ui.dialogs.model_fields import ModelFields
from tray_app.ui.dialogs.tab import Tab

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
DRAFT = ProfileDraft(default_model="d", opus="o", sonnet="s", haiku="h")


@pytest.fixture
def models(qtbot: QtBot) -> Iterator[ModelFields]:
    """The fields on a tab, filled."""
    tab = Tab()
    qtbot.addWidget(tab)
    form = form_layout()
    made = ModelFields(tab, form)
    tab.body.addLayout(form)
    tab.show()
    made.show_draft(DRAFT)
    yield made
    assert tab.body.count()  # still there: nothing else holds it


def test_names_go_in_and_out(models: ModelFields) -> None:
    """All four."""
    assert models.apply(ProfileDraft()) == DRAFT


def test_the_list_of_the_provider_completes_what_is_typed(models: ModelFields, qtbot: QtBot) -> None:
    """Anywhere in the name, in either case; what stands there stays."""
    with qtbot.waitSignal(models.listRequested):
        qtbot.mouseClick(models.fetch, Qt.MouseButton.LeftButton)
    assert not models.fetch.isEnabled()
    models.show_models(ModelList(models=("vendor/Big-2", "vendor/small")))
    assert models.apply(ProfileDraft()) == DRAFT
    assert models.fetch.isEnabled()
    assert models._status.text() == "2 models to choose from"
    completer = models.boxes["opus"].completer()
    assert completer is not None
    completer.setCompletionPrefix("big")
    assert completer.completionCount() == 1


def test_a_refusal_is_shown_in_the_providers_words(models: ModelFields) -> None:
    """Until the next list."""
    models.show_models(ModelList(words="401: bad key"))
    assert models._refusal.isVisible()
    assert "bad key" in models._refusal.text().replace("\u200b", "")
    models.show_models(ModelList(models=("a",)))
    assert not models._refusal.isVisible()
