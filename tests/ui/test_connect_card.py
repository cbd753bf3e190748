"""The card that connects clients."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from helpers.ui_values import app_state
from tray_app.state import AppState, ClientLink
from tray_app.ui.connect_card import ConnectCard


@pytest.fixture
def card(qtbot: QtBot) -> ConnectCard:
    """A card that shows a running proxy."""
    made = ConnectCard()
    qtbot.addWidget(made)
    made.render_state(app_state(claude=ClientLink.DISCONNECTED))
    return made


@pytest.mark.parametrize(
    ("link", "words", "connect", "disconnect"),
    [
        (ClientLink.UNKNOWN, "could not be read", True, False),
        (ClientLink.DISCONNECTED, "Not connected", True, False),
        (ClientLink.CONNECTED, "Connected: it uses", False, True),
        (ClientLink.CHANGED, "changed by hand", True, True),
    ],
)
def test_only_what_makes_sense_is_offered(
    card: ConnectCard, link: ClientLink, words: str, connect: bool, disconnect: bool
) -> None:
    """By the state of the link, which is said."""
    card.render_state(app_state(claude=link))
    assert words in card._claude.text()
    assert card.connect_claude.isVisibleTo(card) is connect
    assert card.disconnect_claude.isVisibleTo(card) is disconnect


def test_the_buttons_speak(card: ConnectCard, qtbot: QtBot) -> None:
    """With the shell that is chosen, and the provider that is active."""
    card.shell.setCurrentIndex(2)
    for button, signal, said in (
        (card.connect_claude, card.claudeConnectRequested, []),
        (card.disconnect_claude, card.claudeDisconnectRequested, []),
        (card.copy_endpoint, card.endpointCopyRequested, []),
        (card.copy_setup, card.setupCopyRequested, ["powershell"]),
        (card.copy_command, card.commandCopyRequested, ["one", "powershell"]),
    ):
        with qtbot.waitSignal(signal) as caught:
            button.click()
        assert caught.args == said


def test_nothing_works_before_it_is_ready(card: ConnectCard) -> None:
    """And without a provider there is no command for it."""
    card.render_state(AppState())
    buttons = (card.connect_claude, card.copy_setup, card.copy_command, card.copy_endpoint)
    assert [button.isEnabled() for button in buttons] == [False] * 4
    card.commandCopyRequested.connect(lambda *_: pytest.fail("there is no provider"))
    card._ask_command()
