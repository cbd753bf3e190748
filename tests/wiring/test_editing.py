"""The editor is opened, and answers find it."""

from __future__ import annotations

import pytest

from helpers.signals import Listener
from helpers.wired import Wired
from tray_app.editing import FieldProblem, SaveResult
from tray_app.profiles.model import DEMO_ID

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", r"raise\(\)", "systemTrayWindowChanged")


async def test_a_provider_is_added_in_the_editor(wired: Wired) -> None:
    """From the button on the page to the list, with a refusal on the way."""
    wired.wiring.open_window()
    wired.window.providers.addRequested.emit()
    editor, answers = wired.editor, Listener(wired.parts.controller.providers.saveFinished)
    editor.save.click()
    await answers.until()
    assert editor.form._fields["secret"]._problem.text() == "Needed"
    editor.form.key.setText("sk-1")
    editor.save.click()
    await answers.until(lambda result: result.id == "openai")
    assert wired.wiring._editing.editor is None
    wired.window.providers.editRequested.emit("openai")
    assert wired.editor.form.line("name").text() == "OpenAI"
    wired.editor.reject()
    wired.window.providers.deleteRequested.emit("openai")
    await wired.states.until(lambda state: state is wired.parts.controller.state and len(state.providers) == 1)


async def test_a_test_is_answered_where_it_was_asked_for(wired: Wired) -> None:
    """On the page, and in the editor while it is open."""
    wired.wiring.open_window()
    page = wired.window.providers
    page.test.click()
    report = await Listener(wired.parts.controller.providers.trialFinished).until()
    assert page._tested_id == DEMO_ID
    page.addRequested.emit()
    wired.editor.test.setEnabled(False)
    wired.parts.controller.providers.trialFinished.emit(report)
    assert wired.editor.test.isEnabled()
    wired.editor.reject()


async def test_an_answer_nobody_waits_for_is_not_lost(wired: Wired) -> None:
    """The editor was closed meanwhile: a refused save is a banner, a report goes nowhere."""
    wired.parts.controller.providers.saveFinished.emit(SaveResult(problems=(FieldProblem("name", "empty"),)))
    assert wired.parts.controller.state.problems[0].detail == "name: Needed"
    wired.parts.controller.providers.trialFinished.emit(object())
