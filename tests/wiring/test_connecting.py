"""Claude Code is connected from the menu and from the card, after a look at what that changes."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QGuiApplication

from helpers.app_services import TOKEN
from helpers.signals import Listener
from helpers.wired import Wired
from tray_app.state import ClientLink
from tray_app.ui.connect_card import ConnectCard

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", r"raise\(\)", "systemTrayWindowChanged")


async def test_the_menu_connects_after_a_question(wired: Wired) -> None:
    """It opens the window for it; taking it back asks nothing."""
    clients, connecting = wired.parts.controller.clients, wired.wiring._connecting
    previews = Listener(clients.previewed)
    wired.tray.menu.claudeChosen.emit(True)
    await previews.until()
    assert wired.window.isVisible()
    assert wired.parts.controller.state.claude is ClientLink.DISCONNECTED
    wired.tray.menu.claudeChosen.emit(True)  # asked twice, shown once
    dialog = connecting.dialog
    assert dialog is not None
    dialog.accept_button.click()
    assert connecting.dialog is None
    await wired.states.until(lambda state: state.claude is ClientLink.CONNECTED)
    wired.tray.menu.claudeChosen.emit(False)
    await wired.states.until(
        lambda state: state is wired.parts.controller.state and state.claude is ClientLink.DISCONNECTED
    )


async def test_closing_is_a_no(wired: Wired) -> None:
    """Before the question is on screen, and after."""
    clients, connecting = wired.parts.controller.clients, wired.wiring._connecting
    previews = Listener(clients.previewed)
    connecting.choose(connect=True)
    wired.wiring.close_window()
    await previews.until()
    assert connecting.dialog is None
    connecting.choose(connect=True)
    await previews.until(lambda _: len(previews.seen) == 2)
    assert connecting.dialog is not None
    wired.wiring.close_window()
    assert connecting.dialog is None
    assert wired.parts.controller.state.claude is ClientLink.DISCONNECTED


async def test_a_card_is_of_use(wired: Wired) -> None:
    """What it copies is in the clipboard, what it asks for is done."""
    card, clipboard = ConnectCard(), QGuiApplication.clipboard()
    wired.wiring._connecting.attach(card)
    card.render_state(wired.parts.controller.state)
    card.copy_endpoint.click()
    assert clipboard.text() == wired.parts.server.url
    card.copy_setup.click()
    assert TOKEN in clipboard.text()
    card.copy_command.click()
    assert clipboard.text().endswith(" claude")
    assert "/p/demo'" in clipboard.text()
    previews = Listener(wired.parts.controller.clients.previewed)
    card.connect_claude.click()
    await previews.until()
    card.disconnect_claude.click()
    assert wired.wiring._connecting.dialog is not None
