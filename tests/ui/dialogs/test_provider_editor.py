"""The provider editor."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QDialog, QLabel, QMessageBox
from pytestqt.qtbot import QtBot

from tray_app.editing import FieldProblem, ModelList, PresetChoice, ProfileDraft, SaveResult
from tray_app.proxy.events import TrialOutcome, TrialReport, TrialStep
from tray_app.ui.dialogs.provider_editor import ProviderEditor

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
DRAFT = ProfileDraft(preset="one", name="One", base_url="https://one.example/v1")
PRESETS = (PresetChoice(id="one", name="One", draft=DRAFT),)
REPORT = TrialReport(steps=(TrialStep(name="reachable", outcome=TrialOutcome.OK),))


def opened(qtbot: QtBot, draft: ProfileDraft | None = None) -> ProviderEditor:
    """An editor on the screen."""
    made = ProviderEditor(draft, PRESETS)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    made.open()
    return made


@pytest.fixture
def editor(qtbot: QtBot) -> ProviderEditor:
    """For a new provider, with a key typed in."""
    made = opened(qtbot)
    made.form.basics.keys.key.setText("sk-1")
    return made


def key(editor: ProviderEditor) -> str:
    """What is in the field for the key."""
    return editor.form.basics.keys.key.text()


def labels(editor: ProviderEditor) -> list[str]:
    """Every word of the test."""
    return [label.text() for label in editor.trial.findChildren(QLabel)]


def answer(editor: ProviderEditor, words: str, qtbot: QtBot) -> None:
    """Press a button of the question that was asked."""
    box = editor.findChild(QMessageBox)
    assert box is not None
    button = next(button for button in box.buttons() if button.text().replace("&", "") == words)
    assert isinstance(button, QAbstractButton)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_saving_hands_over_draft_and_key(editor: ProviderEditor, qtbot: QtBot) -> None:
    """Once: the button waits for the answer. Then the key is wiped."""
    with qtbot.waitSignal(editor.saveRequested) as caught:
        qtbot.mouseClick(editor.save, Qt.MouseButton.LeftButton)
    assert caught.args == [DRAFT, "sk-1", True]
    assert not editor.save.isEnabled()
    editor.show_result(SaveResult(id="one"))
    assert editor.result() == QDialog.DialogCode.Accepted
    assert key(editor) == ""


def test_only_a_new_provider_is_offered_for_use(editor: ProviderEditor, qtbot: QtBot) -> None:
    """And the user may not want it; editing one switches nothing."""
    editor.use.setChecked(False)
    with qtbot.waitSignal(editor.saveRequested) as caught:
        editor.save.click()
    assert caught.args is not None
    assert caught.args[2] is False
    old = opened(qtbot, replace(DRAFT, id="one"))
    assert (old.windowTitle(), old.use.isVisible(), old.use.isChecked()) == ("Edit provider", False, False)


def test_a_refused_save_keeps_what_was_typed(editor: ProviderEditor, qtbot: QtBot) -> None:
    """The key too, or it would have to be fetched again."""
    qtbot.mouseClick(editor.save, Qt.MouseButton.LeftButton)
    editor.show_result(SaveResult(problems=(FieldProblem("name", "empty"),)))
    assert editor.isVisible()
    assert editor.save.isEnabled()
    assert key(editor) == "sk-1"


def test_closing_asks_when_something_would_be_lost(editor: ProviderEditor, qtbot: QtBot) -> None:
    """Keep editing keeps everything; discarding closes and wipes the key."""
    qtbot.keyClick(editor, Qt.Key.Key_Escape)
    answer(editor, "Keep editing", qtbot)
    assert (editor.isVisible(), key(editor)) == (True, "sk-1")
    qtbot.waitUntil(lambda: editor.findChild(QMessageBox) is None)
    qtbot.keyClick(editor, Qt.Key.Key_Escape)
    answer(editor, "Discard", qtbot)
    assert (editor.isVisible(), key(editor)) == (False, "")


def test_closing_an_untouched_editor_asks_nothing(qtbot: QtBot) -> None:
    """There is nothing to lose."""
    made = opened(qtbot)
    qtbot.keyClick(made, Qt.Key.Key_Escape)
    assert not made.isVisible()


def test_a_test_needs_no_saving(editor: ProviderEditor, qtbot: QtBot) -> None:
    """It is seen step by step; its report is shown until something is changed."""
    with qtbot.waitSignal(editor.testRequested) as caught:
        qtbot.mouseClick(editor.test, Qt.MouseButton.LeftButton)
    assert caught.args == [DRAFT, "sk-1"]
    assert labels(editor).count("Tools work") == 1
    editor.show_progress(REPORT.steps)
    editor.show_report(REPORT)
    assert editor.test.text() == "&Test"
    qtbot.waitUntil(lambda: labels(editor).count("Reachable") == 1)
    qtbot.keyClicks(editor.form.line("name"), "x")
    qtbot.waitUntil(lambda: labels(editor) == [])


@pytest.mark.parametrize("how", ["button", "change", "close"])
def test_a_test_can_be_given_up(editor: ProviderEditor, qtbot: QtBot, how: str) -> None:
    """By the same button, by changing something, by closing; what comes late is not shown."""
    editor.test.click()
    with qtbot.waitSignal(editor.cancelRequested):
        if how == "button":
            editor.test.click()
        elif how == "change":
            qtbot.keyClicks(editor.form.line("name"), "x")
        else:
            editor.give_up()
    editor.show_progress(REPORT.steps)
    editor.show_report(REPORT)
    if how != "close":
        qtbot.waitUntil(lambda: labels(editor) == [])


def test_a_draft_that_cannot_be_tested_frees_the_button(editor: ProviderEditor, qtbot: QtBot) -> None:
    """And says why."""
    qtbot.mouseClick(editor.test, Qt.MouseButton.LeftButton)
    editor.show_result(SaveResult(problems=(FieldProblem("secret", "empty"),)))
    assert editor.test.text() == "&Test"
    assert editor.form.basics.fields["secret"]._problem.text() == "Needed"


def test_models_are_asked_for_with_the_typed_key(editor: ProviderEditor, qtbot: QtBot) -> None:
    """Before anything is saved; Return in a field saves and does not fetch."""
    with qtbot.waitSignal(editor.listRequested) as caught:
        editor.form.basics.models.fetch.click()
    assert caught.args == [DRAFT, "sk-1"]
    editor.show_models(ModelList(models=("a", "b")))
    assert editor.form.basics.models.boxes["haiku"].count() == 2
    with qtbot.waitSignal(editor.saveRequested):
        qtbot.keyClick(editor.form.line("name"), Qt.Key.Key_Return)


def test_one_begins_at_the_preset_or_at_the_name(editor: ProviderEditor, qtbot: QtBot) -> None:
    """Not at the tabs."""
    assert editor.focusWidget() is editor.form.basics.preset
    old = opened(qtbot, replace(DRAFT, id="one"))
    assert old.focusWidget() is old.form.line("name")


def test_it_fits_on_the_screen(editor: ProviderEditor) -> None:
    """At 200 % a laptop has few pixels; the fields scroll."""
    available = editor.screen().availableSize()
    assert editor.height() <= available.height()
    assert editor.minimumSizeHint().height() < 420
