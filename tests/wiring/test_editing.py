"""The editor is opened, and answers find it."""

from __future__ import annotations

import pytest

from helpers.fake_upstream import FakeUpstream, answers
from helpers.signals import Listener
from helpers.wired import Wired
from tray_app.editing import FieldProblem, SaveResult

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", r"raise\(\)", "systemTrayWindowChanged")


async def test_a_provider_is_added_in_the_editor(wired: Wired) -> None:
    """From the button on the page to the list, with a refusal on the way."""
    wired.wiring.open_window()
    wired.window.providers.addRequested.emit()
    editor, answers = wired.editor, Listener(wired.parts.controller.providers.saveFinished)
    editor.save.click()
    await answers.until()
    assert editor.form.basics.fields["secret"]._problem.text() == "Needed"
    editor.form.basics.keys.key.setText("sk-1")
    editor.save.click()
    await answers.until(lambda result: result.id == "openai")
    assert wired.wiring._editing.editor is None
    assert wired.window.providers.selected is not None
    assert wired.window.providers.selected.id == "openai"
    wired.window.providers.editRequested.emit("openai")
    assert wired.editor.form.line("name").text() == "OpenAI"
    wired.editor.reject()
    wired.window.providers.duplicateRequested.emit("openai")
    copy = wired.editor
    assert (copy.form.line("name").text(), copy.form.draft().id) == ("OpenAI (copy)", "")
    answers.seen.clear()
    copy.save.click()
    await answers.until(lambda result: result.problems)
    assert copy.form.basics.fields["secret"]._problem.text() == "Needed"
    copy.give_up()
    assert wired.parts.controller.state.active_id == "openai"


async def test_models_are_listed_in_the_editor(wired: Wired) -> None:
    """With the key that was typed."""
    async with FakeUpstream(answers(200, {"data": [{"id": "a"}]})) as upstream:
        wired.wiring.open_window()
        wired.window.providers.addRequested.emit()
        form, lists = wired.editor.form, Listener(wired.parts.controller.providers.modelsListed)
        form.basics.address.setEditText(upstream.url)
        form.basics.keys.key.setText("sk-1")
        form.basics.models.fetch.click()
        await lists.until()
        assert form.basics.models.boxes["opus"].itemText(0) == "a"
        assert upstream.received[0].headers["authorization"] == "Bearer sk-1"
        wired.editor.give_up()
        wired.parts.controller.providers.modelsListed.emit(lists.seen[0])


async def test_a_test_is_answered_where_it_was_asked_for(wired: Wired) -> None:
    """On the page, and in the editor while it is open."""
    wired.wiring.open_window()
    page = wired.window.providers
    page.card.test.click()
    report = await Listener(wired.parts.controller.providers.trialFinished).until()
    assert report.passed
    page.addRequested.emit()
    wired.editor.test.click()
    wired.parts.controller.providers.trialProgressed.emit(report.steps)
    wired.parts.controller.providers.trialFinished.emit(report)
    assert wired.editor.test.text() == "&Test"
    wired.editor.give_up()


async def test_an_answer_nobody_waits_for_is_not_lost(wired: Wired) -> None:
    """The editor was closed meanwhile: a refused save is a banner, a report goes nowhere."""
    wired.parts.controller.providers.saveFinished.emit(SaveResult(problems=(FieldProblem("name", "empty"),)))
    assert wired.parts.controller.state.problems[0].detail == "name: Needed"
    wired.parts.controller.providers.trialFinished.emit(object())
    wired.parts.controller.providers.trialProgressed.emit(())


async def test_one_editor_is_open_at_a_time(wired: Wired) -> None:
    """A second one would be forgotten behind the first."""
    wired.wiring.open_window()
    wired.wiring._editing.add()
    first = wired.editor
    wired.wiring._editing.add()
    assert wired.editor is first
    first.give_up()
    wired.wiring._editing.add()
    assert wired.editor is not first


async def test_another_language_puts_the_dialogs_away(wired: Wired) -> None:
    """They go with the old window; the next ones open as if nothing had been."""
    wired.wiring.open_window()
    wired.wiring._editing.add()
    wired.wiring._pricing.open()
    wired.wiring._retranslate()
    assert (wired.wiring._editing.editor, wired.wiring._pricing.dialog) == (None, None)
    wired.wiring._editing.add()
    assert wired.editor.isVisible()


async def test_a_provider_that_is_being_deleted_is_not_edited(wired: Wired) -> None:
    """Its line is clicked while it goes."""
    wired.wiring.open_window()
    wired.window.providers.editRequested.emit("gone")
    wired.window.providers.duplicateRequested.emit("gone")
    assert wired.wiring._editing.editor is None
