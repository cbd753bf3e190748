"""Recorded messages come to the page that asks for them."""

from __future__ import annotations

import pytest

from helpers.app_services import ask
from helpers.signals import Listener
from helpers.wired import Wired
from tray_app.profiles.model import DEMO_ID

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", r"raise\(\)")  # what the offscreen platform cannot do
BODIES = 2


async def test_bodies_are_recorded_shown_and_forgotten(wired: Wired) -> None:
    """From the button that begins it to the mark that ends it."""
    control = wired.parts.controller
    control.providers.activate(DEMO_ID)
    wired.wiring.open_window()
    page = wired.window.requests
    wired.window.show_page(page)
    changed, found = Listener(control.settings.changeFinished), Listener(control.recordings.found)
    page.detail.bodies.record.clicked.emit()
    await changed.until()
    assert page.bar.capturing.isVisibleTo(page.bar)
    assert await ask(wired.parts) == 200
    wired.wiring._bridge.pull()
    page.detail.tabs.setCurrentIndex(BODIES)
    await found.until(lambda recorded: recorded.bodies)
    assert "Say hello" in page.detail.bodies.panes[0].text.toPlainText()
    changed.seen.clear()
    found.seen.clear()
    page.bar.capturing.click()
    await changed.until()
    await found.until(lambda recorded: not recorded.bodies)
    assert not page.bar.capturing.isVisibleTo(page.bar)
    assert page.detail.bodies.panes[0].text.toPlainText() == ""
    page.clear()
    page.recordedWanted.emit("a", (), False)
    assert (await found.until(lambda recorded: recorded.id == "a")).messages == {}
