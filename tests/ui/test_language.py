"""The language of the screen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication, QDialogButtonBox

from tray_app.proxy.events import ServerState
from tray_app.ui import language, text


@pytest.fixture(autouse=True)
def _english_again(qapp: QApplication) -> Iterator[None]:
    yield
    language.use("en")


@pytest.mark.parametrize(
    ("setting", "of_system", "spoken"),
    [
        ("", ["zh-Hans-CN", "en-US"], "zh_CN"),
        ("", ["de-DE", "zh-CN"], "zh_CN"),
        ("", ["en-GB", "zh-CN"], "en"),
        ("", ["zh-TW", "en-US"], "en"),
        ("", ["C"], "en"),
        ("", [], "en"),
        ("en", ["zh-CN"], "en"),
        ("zh_CN", ["en-US"], "zh_CN"),
    ],
)
def test_the_setting_comes_first_then_the_system(setting: str, of_system: list[str], spoken: str) -> None:
    """The first language of the system's list that we have."""
    assert language.wanted(setting, of_system) == spoken


def test_words_change_at_once_and_back(qapp: QApplication) -> None:
    """Ours and those of Qt's own buttons; the second time there is nothing to do."""
    assert language.use("zh_CN")
    assert not language.use("zh_CN")
    assert language.current() == "zh_CN"
    assert text.server_state(ServerState.STOPPED) == "已停止"
    assert cancel_words() == "取消"
    assert QLocale().language() is QLocale.Language.Chinese
    assert language.use("en")
    assert (text.server_state(ServerState.STOPPED), cancel_words()) == ("Stopped", "Cancel")
    assert QLocale().language() is QLocale.Language.English


def cancel_words() -> str:
    """What Qt writes on a button, without its mnemonic."""
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    return box.button(QDialogButtonBox.StandardButton.Cancel).text().replace("&", "")


def test_a_qt_without_translations_still_speaks_our_words(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the standard buttons stay as they are."""
    monkeypatch.setattr("PySide6.QtCore.QLibraryInfo.path", lambda _: "/nowhere")
    assert language.use("zh_CN")
    assert (text.server_state(ServerState.STOPPED), cancel_words()) == ("已停止", "Cancel")
