"""Notices become notifications as far as they are wanted, and a click opens what they are about."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from helpers.app_services import DRAFT, stack
from helpers.ui_values import UNREACHABLE, failed, started
from helpers.wired import Wired
from tray_app.desktop.notification_bus import Message
from tray_app.profiles.settings import Settings
from tray_app.proxy.hub import Batch
from tray_app.state import Notice, NoticeKind

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", r"raise\(\)", "systemTrayWindowChanged")
OFF = {name: False for name in Settings.__struct_fields__ if name.startswith("notify_")}


def heard(wired: Wired, monkeypatch: pytest.MonkeyPatch) -> list[Message]:
    """What is said from now on, besides the balloon."""
    said: list[Message] = []
    show = wired.wiring._notifying.notifications._show_balloon
    monkeypatch.setattr(
        wired.wiring._notifying.notifications, "_show_balloon", lambda message: (said.append(message), show(message))
    )
    return said


async def test_notifications_can_be_switched_off(qapp: QApplication, tmp_path: Path) -> None:
    """By kind."""
    async with stack(tmp_path, settings=Settings(**OFF)) as parts:
        quiet = Wired(parts)
        for kind in NoticeKind:
            parts.controller.activity.noticeRaised.emit(Notice(kind=kind, provider_id="one"))
        assert quiet.wiring._notifying.notifications._said == {}


async def test_a_click_opens_the_request(wired: Wired, monkeypatch: pytest.MonkeyPatch) -> None:
    """Forty failures are one message; its click shows the one it told of."""
    said = heard(wired, monkeypatch)
    for number in range(40):
        wired.wiring._arrived(Batch(0, (started(f"r{number}"), failed(f"r{number}")), 0))
    (message,) = said
    assert [action for action, _ in message.actions] == ["default", "provider"]
    wired.tray.messageClicked.emit()
    table = wired.window.requests.table
    assert wired.wiring._requests.row_of("r0") == table.model().mapToSource(table.currentIndex()).row()


async def test_the_second_button_opens_the_provider(wired: Wired, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a key or an address is put right."""
    await wired.parts.library.save(DRAFT, "sk-1")
    said = heard(wired, monkeypatch)
    for number in range(2):
        wired.wiring._arrived(Batch(0, (started(f"r{number}"), failed(f"r{number}", UNREACHABLE)), 0))
    wired.wiring._notifying._clicked(said[0].key, "provider")
    assert wired.window.providers.isVisible()
    assert wired.window.providers.selected is not None
    assert wired.window.providers.selected.id == "one"


async def test_what_has_no_request_opens_the_window(wired: Wired, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy that does not listen, and the note that something was copied."""
    said = heard(wired, monkeypatch)
    wired.parts.controller.activity.noticeRaised.emit(Notice(kind=NoticeKind.SERVER_FAILED, detail="taken"))
    assert said[0].actions == (("default", "Open Dragoman"),)
    wired.tray.messageClicked.emit()
    assert wired.window.isVisible()
    wired.wiring.close_window()
    wired.tray.middleClicked.emit()
    assert QGuiApplication.clipboard().text() == said[-1].body == wired.parts.server.url
    wired.tray.messageClicked.emit()
    assert wired.window.isVisible()


async def test_a_substitute_is_called_by_its_name(wired: Wired, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not by its id."""
    await wired.parts.library.save(DRAFT, "sk-1")
    wired.parts.controller.board.publish()
    said = heard(wired, monkeypatch)
    notice = Notice(kind=NoticeKind.FAILED_OVER, provider_id="x", provider_name="Ex", substitute_id="one", detail="503")
    wired.parts.controller.activity.noticeRaised.emit(notice)
    assert (said[0].title, said[0].body) == ("Ex failed; One takes over", "503")
