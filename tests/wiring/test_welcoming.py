"""The welcome reaches those who act, and shows what comes of it."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from helpers.app_services import TOKEN
from helpers.signals import Listener
from helpers.wired import Wired
from tray_app.ui.welcome import Welcome
from tray_app.wiring.welcoming import connect_welcome

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", r"raise\(\)", "systemTrayWindowChanged")


async def test_the_first_three_steps_work(wired: Wired, qtbot: QtBot) -> None:
    """A streamed answer of the Demo, the editor, and a setup in the clipboard."""
    controller = wired.parts.controller
    welcome = Welcome()
    qtbot.addWidget(welcome)
    connect_welcome(welcome, controller.proxy, wired.wiring._editing, wired.wiring._clipboard)
    welcome.render_state(controller.state)
    messages = Listener(controller.proxy.testMessageChanged)
    welcome.test.click()
    whole = await messages.until(lambda message: message.text and not message.running)
    assert welcome.answer.text().replace("\u200b", "") == whole.text
    welcome.add.click()
    assert wired.editor.isVisible()
    wired.editor.reject()
    welcome.setupCopyRequested.emit("bash")
    assert TOKEN in QGuiApplication.clipboard().text()
