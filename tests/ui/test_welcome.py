"""The first minutes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from helpers.ui_values import DEMO, app_state
from tray_app.state import TestMessage
from tray_app.ui.welcome import Welcome

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def welcome(qtbot: QtBot) -> Welcome:
    """On the screen, with the Demo in use."""
    made = Welcome()
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.render_state(app_state(providers=(DEMO,), active_id="demo"))
    made.show()
    return made


def heard(welcome: Welcome) -> str:
    """The answer that is shown."""
    return welcome.answer.text().replace("\u200b", "") if welcome.answer.isVisible() else ""


def test_every_step_has_its_button(welcome: Welcome, qtbot: QtBot) -> None:
    """What is asked for leaves by signals; copying is done when it is done."""
    with qtbot.waitSignal(welcome.testMessageRequested):
        qtbot.mouseClick(welcome.test, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(welcome.addRequested):
        qtbot.mouseClick(welcome.add, Qt.MouseButton.LeftButton)
    fish = next(action for action in welcome.copy.menu().actions() if action.text() == "fish")
    with qtbot.waitSignal(welcome.setupCopyRequested) as caught:
        fish.trigger()
    assert caught.args == ["fish"]
    assert welcome._steps[2]._number.text() == "✓"


def test_the_answer_is_seen_as_it_streams(welcome: Welcome) -> None:
    """Who speaks, then word by word; the step is done when the answer is whole."""
    assert heard(welcome) == ""
    welcome.show_message(TestMessage(running=True))
    assert (heard(welcome), welcome._speaker.text(), welcome.test.isEnabled()) == ("…", "Demo", False)
    welcome.show_message(TestMessage(text="Hel", running=True))
    assert (heard(welcome), welcome._steps[0]._number.text()) == ("Hel", "1")
    welcome.show_message(TestMessage(text="Hello."))
    assert (heard(welcome), welcome._steps[0]._number.text()) == ("Hello.", "✓")
    assert welcome.test.isEnabled()


def test_a_failure_is_told_instead(welcome: Welcome) -> None:
    """In the words of who refused; the step is not done."""
    welcome.show_message(TestMessage(text="Hel", problem="401: bad key"))
    assert (heard(welcome), welcome._steps[0]._number.text()) == ("401: bad key", "1")


def test_without_a_running_proxy_nothing_can_be_sent(welcome: Welcome) -> None:
    """The button waits, also after an answer."""
    welcome.render_state(app_state(url=None))
    assert not welcome.test.isEnabled()
    welcome.show_message(TestMessage(text="late"))
    assert not welcome.test.isEnabled()
    welcome.render_state(app_state())
    assert welcome.test.isEnabled()
