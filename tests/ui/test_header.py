"""The strip across the top."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from helpers.ui_values import app_state
from tray_app.proxy.events import ServerState
from tray_app.ui.header import Header


@pytest.fixture
def header(qtbot: QtBot) -> Header:
    """A header of a running proxy."""
    made = Header()
    qtbot.addWidget(made)
    made.render_state(app_state(running=2))
    return made


def test_it_says_what_happens(header: Header) -> None:
    """State and provider, then the running requests and the day."""
    assert header._status.text() == "Running on 127.0.0.1:8417 · One & Only"
    assert header._details.text() == "2 requests running · Today: no requests yet"


def test_the_switch_follows_the_state(header: Header, qtbot: QtBot) -> None:
    """Not the click."""
    with qtbot.waitSignal(header.stopRequested):
        qtbot.mouseClick(header.switch, Qt.MouseButton.LeftButton)
    assert header.switch.text() == "Stop proxy"
    header.render_state(app_state(server=ServerState.STOPPED, url=None))
    with qtbot.waitSignal(header.startRequested):
        qtbot.mouseClick(header.switch, Qt.MouseButton.LeftButton)
    header.render_state(app_state(server=ServerState.DRAINING, url=None))
    assert not header.switch.isEnabled()


def test_the_endpoint_is_copied_while_there_is_one(header: Header, qtbot: QtBot) -> None:
    """A button that would copy nothing is off."""
    with qtbot.waitSignal(header.endpointCopyRequested):
        qtbot.mouseClick(header.copy, Qt.MouseButton.LeftButton)
    header.render_state(app_state(url=None))
    assert not header.copy.isEnabled()
