"""The page of the providers reaches those who act, and shows what comes of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtGui import QGuiApplication

from helpers.app_services import DRAFT, KEY
from helpers.wired import Wired
from tray_app.state import AppState

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", r"raise\(\)", "systemTrayWindowChanged")


def order(state: AppState) -> list[str]:
    """The ids, in order."""
    return [provider.id for provider in state.providers]


async def test_sorting_deleting_and_undoing(wired: Wired) -> None:
    """From the page to the file and back."""
    for name in ("One", "Two"):
        await wired.parts.library.save(replace(DRAFT, name=name), KEY)
    wired.wiring.open_window()
    page = wired.window.providers
    page._select("two")
    page._move(-1)
    await wired.states.until(lambda state: order(state) == ["demo", "two", "one"])
    page.card.delete.click()
    await wired.states.until(lambda state: state.deleted and order(state) == ["demo", "one"])
    assert page.undo.isVisibleTo(page)
    wired.states.seen.clear()
    page.undo.button.click()
    await wired.states.until(lambda state: state.deleted is None and order(state) == ["demo", "two", "one"])
    assert not page.undo.isVisibleTo(page)
    assert await wired.parts.secrets.get("two") == KEY


async def test_a_command_for_one_provider_is_copied(wired: Wired) -> None:
    """It pins the provider, whichever is active."""
    wired.wiring.open_window()
    wired.window.providers.card.commandCopyRequested.emit("bash")
    assert f"{wired.parts.server.url}/p/demo" in QGuiApplication.clipboard().text()
