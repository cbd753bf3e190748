"""The messages of a request side by side."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from helpers.ui_values import finished, started
from tray_app.proxy.recorded import Message, Recorded, Side
from tray_app.ui.models.request_log import RequestLog, RequestRow
from tray_app.ui.pages.message_view import ANSWER, REQUEST, MessageView

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the offscreen platform says so of every window
Make = Callable[[bool], MessageView]


def a_row() -> RequestRow:
    """A finished request."""
    log = RequestLog()
    log.feed((started("a"), finished("a")))
    return log[0]


def recorded(sides: tuple[Side, ...] = REQUEST, *, request_id: str = "a", text: str | None = None) -> Recorded:
    """Messages of a request; with `text` as their body."""
    messages = {side: Message(line=str(side), headers=(("Host", side),), text=text) for side in sides}
    return Recorded(id=request_id, messages=messages, bodies=text is not None)


@pytest.fixture
def make(qtbot: QtBot) -> Make:
    """Makes a view, shown, with a request."""

    def made(bodies: bool) -> MessageView:
        view = MessageView(bodies=bodies)
        qtbot.addWidget(view)
        view.show_row(a_row())
        view.show()
        return view

    return made


def texts(view: MessageView) -> list[str]:
    """What the panes show."""
    return [pane.text.toPlainText() for pane in view.panes]


def test_it_asks_when_it_can_be_seen(qtbot: QtBot) -> None:
    """Not before, and for what it shows."""
    view = MessageView(bodies=True)
    qtbot.addWidget(view)
    asked: list[tuple[object, ...]] = []
    view.wanted.connect(lambda *question: asked.append(question))
    view.show_row(a_row())
    assert asked == []
    view.show()
    assert asked == [("a", REQUEST, True)]
    view.answered.click()
    assert asked[-1] == ("a", ANSWER, True)
    view.render_capturing(True)
    assert len(asked) == 3


def test_client_and_provider_stand_side_by_side(make: Make) -> None:
    """The client's message at the left; an answer for another request comes too late."""
    view = make(False)
    view.show_recorded(recorded())
    assert texts(view) == ["Host: client-request", "Host: upstream-request"]
    assert [pane.text.accessibleName() for pane in view.panes] == ["From the client", "To One"]
    view.show_recorded(recorded(request_id="b", sides=ANSWER))
    assert texts(view) == ["Host: client-request", "Host: upstream-request"]
    view.answered.click()
    view.show_recorded(recorded(ANSWER))
    assert [pane.text.accessibleName() for pane in view.panes] == ["To the client", "From One"]


def test_missing_messages_are_explained(make: Make, qtbot: QtBot) -> None:
    """Forgotten, not recorded, not wanted; recording can be begun where it is missed."""
    view = make(True)
    for answer, capturing, words, offered in (
        (Recorded(id="a", messages={}), False, "any more", True),
        (recorded(), False, "not recorded. To see", True),
        (recorded(), True, "made room", False),
    ):
        view.render_capturing(capturing)
        view.show_recorded(answer)
        assert words in view._words.text()
        assert view._words.isVisible()
        assert view.record.isVisible() is offered
    view.show_recorded(recorded(text="body"))
    assert not view._words.isVisible()
    with qtbot.waitSignal(view.captureChosen) as chosen:
        view.record.clicked.emit()
    assert chosen.args == [True]


def test_a_search_goes_through_both_panes_and_round(make: Make, qtbot: QtBot) -> None:
    """Enter goes on; the number is of both."""
    view = make(True)
    view.show_recorded(recorded(text="word, word"))
    view.search()
    view.needle.setText("word")
    assert view._found.text() == "4 found"
    places = []
    for _ in range(5):
        places.append(
            [pane.text.textCursor().selectionEnd() for pane in view.panes if pane.text.textCursor().hasSelection()]
        )
        places[-1].append(int(view.panes[1].text.textCursor().hasSelection()))
        qtbot.keyClick(view.needle, Qt.Key.Key_Return)
    assert places == [[4, 0], [10, 0], [4, 1], [10, 1], [4, 0]]
    view.needle.setText("nowhere")
    assert view._found.text() == "0 found"
    view.needle.clear()
    assert view._found.text() == ""


def test_lines_wrap_in_both(make: Make) -> None:
    """One box for the two."""
    view = make(True)
    view.wrap.click()
    assert {pane.text.lineWrapMode() for pane in view.panes} == {view.panes[0].text.LineWrapMode.NoWrap}
