"""The provider editor."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLabel
from pytestqt.qtbot import QtBot

from tray_app.editing import FieldProblem, PresetChoice, ProfileDraft, SaveResult
from tray_app.proxy.events import TrialOutcome, TrialReport, TrialStep
from tray_app.ui.dialogs.provider_editor import ProviderEditor

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
DRAFT = ProfileDraft(name="One", base_url="https://one.example/v1")
PRESETS = (PresetChoice(id="one", name="One", draft=DRAFT),)
REPORT = TrialReport(steps=(TrialStep(name="reachable", outcome=TrialOutcome.OK),))


@pytest.fixture
def editor(qtbot: QtBot) -> ProviderEditor:
    """An editor for a new provider."""
    made = ProviderEditor(None, PRESETS)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    made.open()
    return made


def test_saving_hands_over_draft_and_key(editor: ProviderEditor, qtbot: QtBot) -> None:
    """Once: the button waits for the answer. Then the key is wiped."""
    editor.form.key.setText("sk-1")
    with qtbot.waitSignal(editor.saveRequested) as caught:
        qtbot.mouseClick(editor.save, Qt.MouseButton.LeftButton)
    assert caught.args == [DRAFT, "sk-1"]
    assert not editor.save.isEnabled()
    editor.show_result(SaveResult(id="one"))
    assert editor.result() == QDialog.DialogCode.Accepted
    assert editor.form.key.text() == ""


def test_a_refused_save_keeps_what_was_typed(editor: ProviderEditor, qtbot: QtBot) -> None:
    """The key too, or it would have to be fetched again."""
    editor.form.key.setText("sk-1")
    qtbot.mouseClick(editor.save, Qt.MouseButton.LeftButton)
    editor.show_result(SaveResult(problems=(FieldProblem("name", "empty"),)))
    assert editor.isVisible()
    assert editor.save.isEnabled()
    assert editor.form.key.text() == "sk-1"


def test_cancelling_wipes_the_key(editor: ProviderEditor, qtbot: QtBot) -> None:
    """By button or by Escape."""
    editor.form.key.setText("sk-1")
    qtbot.keyClick(editor, Qt.Key.Key_Escape)
    assert not editor.isVisible()
    assert editor.form.key.text() == ""


def test_a_test_needs_no_saving(editor: ProviderEditor, qtbot: QtBot) -> None:
    """Its report is shown, until something is changed."""
    editor.form.key.setText("sk-1")
    with qtbot.waitSignal(editor.testRequested) as caught:
        qtbot.mouseClick(editor.test, Qt.MouseButton.LeftButton)
    assert caught.args == [DRAFT, "sk-1"]
    assert not editor.test.isEnabled()
    editor.show_report(REPORT)
    assert editor.test.isEnabled()
    assert "Reachable" in [label.text() for label in editor.trial.findChildren(QLabel)]
    qtbot.keyClicks(editor.form.line("name"), "x")
    qtbot.waitUntil(lambda: editor.trial.findChildren(QLabel) == [])


def test_a_draft_that_cannot_be_tested_frees_the_button(editor: ProviderEditor, qtbot: QtBot) -> None:
    """And says why."""
    qtbot.mouseClick(editor.test, Qt.MouseButton.LeftButton)
    editor.show_result(SaveResult(problems=(FieldProblem("secret", "empty"),)))
    assert editor.test.isEnabled()
    assert editor.form._fields["secret"]._problem.text() == "Needed"
