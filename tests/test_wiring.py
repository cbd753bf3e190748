"""Views and controller are connected: what is chosen happens, what happens is shown."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from helpers.app_services import TOKEN, Stack, stack
from helpers.signals import Listener
from helpers.ui_values import failed, started
from tray_app.profiles.model import DEMO_ID
from tray_app.profiles.settings import Settings
from tray_app.proxy.hub import Batch
from tray_app.state import FieldProblem, Look, Notice, NoticeKind, ProfileDraft, SaveResult
from tray_app.ui.dialogs.provider_editor import ProviderEditor
from tray_app.ui.main_window import MainWindow
from tray_app.ui.tray import Tray
from tray_app.wiring import Wiring

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", r"raise\(\)", "systemTrayWindowChanged")
DRAFT = ProfileDraft(name="One", base_url="https://one.example/v1")


class Wired:
    """A tray and its wiring over a started controller."""

    def __init__(self, parts: Stack, settings: Settings) -> None:
        self.parts = parts
        self.tray = Tray(is_available=lambda: True)
        self.wiring = Wiring(self.tray, parts.controller, parts.hub, settings)
        self.states = Listener(parts.controller.stateChanged)

    @property
    def window(self) -> MainWindow:
        assert self.wiring._window is not None
        return self.wiring._window

    @property
    def editor(self) -> ProviderEditor:
        assert self.wiring._editor is not None
        return self.wiring._editor


@pytest_asyncio.fixture
async def wired(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Wired]:
    """Everything connected, the window not opened yet; notifications go nowhere."""
    async with stack(tmp_path) as parts:
        made = Wired(parts, Settings())
        monkeypatch.setattr(made.wiring._notifications, "_send", None)
        made.wiring.start()
        await parts.controller.start()
        yield made
        made.wiring.stop()
        made.wiring.close_window()


async def test_the_tray_shows_the_state(wired: Wired) -> None:
    """Icon, menu and, once it is open, the window."""
    assert "Running on" in wired.tray._icon.toolTip()
    wired.tray.opened.emit()
    assert wired.window.header._status.text().startswith("Running on")
    assert wired.wiring._bridge._interval_ms < 1_000
    wired.wiring.close_window()
    assert wired.wiring._bridge._interval_ms == 1_000


async def test_the_menu_switches_starts_and_stops(wired: Wired) -> None:
    """Through the controller, and back to the mark."""
    await wired.parts.library.save(DRAFT, "sk-1")
    wired.tray.menu.providerChosen.emit("one")
    await wired.states.until(lambda state: state.active_id == "one")
    wired.tray.menu.stopRequested.emit()
    await wired.states.until(lambda state: state.look is Look.STOPPED)
    wired.tray.menu.startRequested.emit()
    await wired.states.until(lambda state: state is wired.parts.controller.state and state.url)
    wired.tray.menu.autostartChosen.emit(True)
    await wired.states.until(lambda state: state.autostart)


async def test_copying_fills_the_clipboard(wired: Wired) -> None:
    """Endpoint and setup, from the tray and from the window."""
    clipboard = QGuiApplication.clipboard()
    for ask in (wired.tray.menu.endpointCopyRequested.emit, wired.tray.endpointCopyRequested.emit):
        clipboard.clear()
        ask()
        assert clipboard.text() == wired.parts.server.url
    wired.tray.menu.setupCopyRequested.emit("fish")
    assert TOKEN in clipboard.text()
    wired.wiring.open_window()
    wired.window.requests.setupCopyRequested.emit("cmd")
    assert "set" in clipboard.text()


async def test_requests_reach_table_counter_and_notification(wired: Wired) -> None:
    """One batch, three readers."""
    wired.wiring._arrived(Batch(0, (started("a"), failed("a")), 0))
    assert wired.wiring._requests.rowCount() == 1
    assert wired.parts.controller.state.look is Look.TROUBLE
    wired.tray.menu.errorOpened.emit("a")
    assert wired.window.requests.table.currentIndex().row() == 0
    assert wired.parts.controller.state.look is Look.IDLE
    assert wired.wiring._notifications._said.keys() == {(NoticeKind.KEY_REJECTED, "one")}


async def test_notifications_can_be_switched_off(qapp: QApplication, tmp_path: Path) -> None:
    """By kind."""
    async with stack(tmp_path) as parts:
        quiet = Wired(parts, Settings(notify_upstream=False, notify_errors=False))
        for kind in NoticeKind:
            parts.controller.noticeRaised.emit(Notice(kind=kind, provider_id="one"))
        assert quiet.wiring._notifications._said == {}


async def test_a_provider_is_added_in_the_editor(wired: Wired) -> None:
    """From the button on the page to the list, with a refusal on the way."""
    wired.wiring.open_window()
    wired.window.providers.addRequested.emit()
    editor, answers = wired.editor, Listener(wired.parts.controller.saveFinished)
    editor.save.click()
    await answers.until()
    assert editor.form._fields["secret"]._problem.text() == "Needed"
    editor.form.key.setText("sk-1")
    editor.save.click()
    await answers.until(lambda result: result.id == "openai")
    assert wired.wiring._editor is None
    wired.window.providers.editRequested.emit("openai")
    assert wired.editor.form.line("name").text() == "OpenAI"
    wired.editor.reject()
    wired.window.providers.deleteRequested.emit("openai")
    await wired.states.until(lambda state: state is wired.parts.controller.state and len(state.providers) == 1)


async def test_a_test_is_answered_where_it_was_asked_for(wired: Wired) -> None:
    """On the page, and in the editor while it is open."""
    wired.wiring.open_window()
    page = wired.window.providers
    page.test.click()
    report = await Listener(wired.parts.controller.trialFinished).until()
    assert page._tested_id == DEMO_ID
    page.addRequested.emit()
    wired.editor.test.setEnabled(False)
    wired.parts.controller.trialFinished.emit(report)
    assert wired.editor.test.isEnabled()
    wired.editor.reject()


async def test_an_answer_nobody_waits_for_is_not_lost(wired: Wired) -> None:
    """The editor was closed meanwhile: a refused save is a banner, a report goes nowhere."""
    wired.parts.controller.saveFinished.emit(SaveResult(problems=(FieldProblem("name", "empty"),)))
    assert wired.parts.controller.state.problems[0].detail == "name: Needed"
    wired.parts.controller.trialFinished.emit(object())


async def test_what_the_hub_has_at_the_end_is_shown(wired: Wired) -> None:
    """The last batch is fetched before the bridge goes deaf."""
    wired.parts.hub.publish(started("late"))
    wired.wiring.stop()
    assert wired.wiring._requests.row_of("late") == 0


async def test_quitting_from_the_window(wired: Wired) -> None:
    """Goes to whoever owns the program."""
    wishes = Listener(wired.wiring.quitRequested)
    wired.wiring.open_window()
    wired.window.quitRequested.emit()
    assert wishes.seen == [()]
