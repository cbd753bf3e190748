"""The Settings page is connected: what is chosen there happens, and what is asked for is opened."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QApplication

from helpers.app_services import TOKEN, stack
from helpers.signals import Listener
from helpers.wired import Wired
from tray_app.ui import color_scheme, language

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", r"raise\(\)", "systemTrayWindowChanged")


async def test_a_refusal_is_shown_where_it_belongs(wired: Wired) -> None:
    """The way there and back."""
    wired.wiring.open_window()
    answers = Listener(wired.parts.controller.settings.changeFinished)
    wired.window.settings.changed.emit("port", 0)
    await answers.until()
    assert wired.window.settings.sections[0].fields["port"]._problem.text()


async def test_an_answer_without_a_window_is_not_missed(wired: Wired) -> None:
    """Autostart can be chosen in the tray's menu."""
    answers = Listener(wired.parts.controller.settings.changeFinished)
    wired.tray.menu.autostartChosen.emit(True)
    assert (await answers.until()).code == ""
    assert wired.parts.controller.state.autostart


async def test_the_token_is_shown_copied_and_renewed(wired: Wired) -> None:
    """What is shown is what clients must send."""
    wired.wiring.open_window()
    token = wired.window.settings.token
    token.reveal.click()
    assert token.line.text() == TOKEN
    token.copy.click()
    assert QGuiApplication.clipboard().text() == TOKEN
    wired.window.settings.tokenRenewRequested.emit()
    wired.parts.controller.proxy.stop()
    await wired.states.until(lambda state: state is wired.parts.controller.state and not state.url)
    assert wired.parts.controller.proxy.token() not in {"", TOKEN}


async def test_language_and_theme_are_chosen_on_the_page(wired: Wired) -> None:
    """The new window has the focus where the old one had it."""
    wired.wiring.open_window()
    page = wired.window.settings
    wired.window.show_page(page)
    field = page.sections[5].fields["language"]
    field.widget.setFocus()
    answers = Listener(wired.parts.controller.settings.changeFinished)
    field.changed.emit("language", "zh_CN")
    await answers.until(lambda result: result.setting == "language")
    assert wired.window.settings is not page
    assert wired.window.focusWidget().objectName() == "setting-language"
    wired.window.settings.changed.emit("theme", "dark")
    await answers.until(lambda result: result.setting == "theme")
    assert QGuiApplication.palette().window().color().lightness() < 128
    assert wired.window.settings.sections[5].fields["theme"].widget.currentData() == "dark"  # type: ignore[attr-defined]
    language.use("en")
    color_scheme.use("system")
    assert QGuiApplication.styleHints().colorScheme() is not Qt.ColorScheme.Dark


async def test_diagnostics_are_shown_then_saved(wired: Wired, tmp_path: Path) -> None:
    """Nothing is written before the user has seen it and chosen where."""
    wired.wiring.open_window()
    collected = Listener(wired.parts.controller.diagnostics.collected)
    wired.window.settings.diagnostics.bundle.click()
    await collected.until()
    dialog = wired.wiring._preferences.dialog
    assert dialog is not None
    assert "Qt 6" in dialog.text.toPlainText()
    saved = Listener(wired.parts.controller.diagnostics.saved)
    dialog.saveRequested.emit(str(tmp_path / "bundle.zip"))
    assert await saved.until() == ""
    assert "Saved as" in dialog.outcome.text()
    assert (tmp_path / "bundle.zip").exists()
    dialog.reject()
    assert wired.wiring._preferences.dialog is None
    wired.parts.controller.diagnostics.saved.emit("too late")


async def test_the_folder_of_the_log_is_opened(wired: Wired, monkeypatch: pytest.MonkeyPatch) -> None:
    """With whatever shows folders."""
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    wired.wiring.open_window()
    wired.window.settings.diagnostics.log.click()
    assert opened == [str(wired.parts.controller.diagnostics.log_folder)]


async def test_a_port_that_is_taken_at_the_start_is_one_press_from_a_free_one(
    qapp: QApplication, tmp_path: Path
) -> None:
    """The offer waits on the page, also in a window that is opened later, and goes when it is taken."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        async with stack(tmp_path, port=holder.getsockname()[1]) as parts:
            wired = Wired(parts)
            wired.wiring.start()
            await parts.controller.start()
            wired.wiring.open_window()
            field = wired.window.settings.sections[0].fields["port"]
            assert not field.offer.isHidden()  # type: ignore[attr-defined]
            answers = Listener(parts.controller.settings.changeFinished)
            field.offer.click()  # type: ignore[attr-defined]
            assert (await answers.until()).code == ""
            assert parts.controller.state.url
            assert parts.controller.state.problems == ()
            assert field.offer.isHidden()  # type: ignore[attr-defined]
            wired.wiring.stop()
            wired.wiring.close_window()
