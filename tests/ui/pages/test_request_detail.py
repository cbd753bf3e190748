"""The pane of one request."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from helpers.ui_values import failed, finished, progress, started
from tray_app.proxy.recorded import Message, Recorded, Side
from tray_app.ui.models.request_log import RequestLog
from tray_app.ui.pages.request_detail import RequestDetail

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the offscreen platform says so of every window
BODIES = 2


@pytest.fixture
def detail(qtbot: QtBot) -> RequestDetail:
    """The pane, shown."""
    made = RequestDetail()
    qtbot.addWidget(made)
    made.show()
    return made


def test_views_are_chosen_by_tabs(detail: RequestDetail) -> None:
    """One can be seen at a time; another pane can take the same one."""
    assert detail.summary.isVisible()
    detail.tabs.setCurrentIndex(BODIES)
    assert detail.bodies.isVisible()
    assert not detail.summary.isVisible()
    other = RequestDetail()
    other.take_place_of(detail)
    assert other.tabs.currentIndex() == BODIES


def test_messages_are_asked_for_once_in_each_state(detail: RequestDetail) -> None:
    """Not ten times a second while the answer grows; what comes is shown by the view that asked."""
    log = RequestLog()
    asked: list[tuple[object, ...]] = []
    detail.recordedWanted.connect(lambda *question: asked.append(question))
    detail.tabs.setCurrentIndex(BODIES)
    for event in (
        started("a"),
        progress("a", first_token_s=0.1, output_chars=1),
        progress("a", first_token_s=0.1, output_chars=9),
        finished("a"),
    ):
        log.feed((event,))
        detail.show_row(log[0], [])
    assert [question[0] for question in asked] == ["a"] * 3
    message = Message(line="POST /", headers=(), text="the body")
    detail.show_recorded(Recorded(id="a", messages={Side.CLIENT_REQUEST: message}, bodies=True))
    assert detail.bodies.panes[0].text.toPlainText() == "the body"
    assert detail.headers.panes[0].text.toPlainText() == ""


def test_there_is_something_to_search_in_the_messages_only(detail: RequestDetail) -> None:
    """The summary fits the eye."""
    assert not detail.search()
    detail.tabs.setCurrentIndex(1)
    assert detail.search()


def test_what_can_be_copied_depends_on_the_request(detail: RequestDetail, qtbot: QtBot) -> None:
    """An error where there is one."""
    log = RequestLog()
    log.feed((started("a"), failed("a"), started("b")))
    detail.show_row(log[0], [])
    assert not detail.copy_error.isVisible()
    detail.show_row(log[1], [])
    with qtbot.waitSignals([detail.errorCopyRequested, detail.curlCopyRequested]):
        detail.copy_error.click()
        detail.copy_curl.click()
