"""One message."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tray_app.proxy.recorded import FOLD, Message
from tray_app.ui.pages.message_pane import MessagePane

MESSAGE = Message(
    line="POST /v1", headers=(("Host", "x"), ("Accept", "y")), text=f'"a\\n{FOLD}  b"', size=2_000, cut=True
)


def pane(qtbot: QtBot, *, bodies: bool) -> MessagePane:
    """A pane with the message."""
    made = MessagePane(bodies=bodies)
    qtbot.addWidget(made)
    made.show_message("From the client", MESSAGE)
    return made


def labels(made: MessagePane) -> list[str]:
    """What is said above the text."""
    return [label.text() for label in made.findChildren(QLabel) if label.text()]


def test_headers_are_lines(qtbot: QtBot) -> None:
    """As on the wire."""
    made = pane(qtbot, bodies=False)
    assert made.text.toPlainText() == "Host: x\nAccept: y"
    assert labels(made) == ["From the client", "POST /v1"]
    assert made.text.accessibleName() == "From the client"


def test_a_body_says_its_size_and_is_copied_as_it_was(qtbot: QtBot) -> None:
    """Without the line breaks that were put in for reading."""
    made = pane(qtbot, bodies=True)
    assert labels(made) == ["From the client", "POST /v1", "2.0k bytes · cut"]
    made.copy.click()
    assert QGuiApplication.clipboard().text() == '"a\\nb"'


@pytest.mark.parametrize("bodies", [True, False])
def test_nothing_is_said_to_be_nothing(qtbot: QtBot, bodies: bool) -> None:
    """And cannot be copied."""
    made = pane(qtbot, bodies=bodies)
    made.show_message("To One", None)
    assert made.text.toPlainText() == ""
    assert made.text.placeholderText() == "Nothing"
    assert not made.copy.isEnabled()
    assert labels(made) == ["To One"]
