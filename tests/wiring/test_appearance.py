"""Language and theme take effect while everything runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from helpers.ui_values import failed, started
from helpers.wired import Wired
from tray_app.proxy.hub import Batch
from tray_app.ui import language

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", r"raise\(\)", "systemTrayWindowChanged")


@pytest.fixture(autouse=True)
def _english_again(wired: Wired) -> Iterator[None]:
    yield
    choose(wired, language="en")  # or a task that ends late would bring back the other one
    language.use("en")


def choose(wired: Wired, **settings: Any) -> None:
    """Settings as if they had been saved."""
    board = wired.parts.controller.board
    board.publish(settings=msgspec.structs.replace(board.state.settings, **settings))


def labels(wired: Wired) -> list[str]:
    """The words of the tray's menu."""
    return [re.sub(r"\(&.\)|&", "", action.text()) for action in wired.tray.menu.actions()]


async def test_another_language_renews_the_tray(wired: Wired) -> None:
    """Menu and tooltip, while no window was ever made."""
    choose(wired, language="zh_CN")
    assert {"复制端点", "打开 Dragoman", "退出"} <= set(labels(wired))
    assert "运行于" in wired.tray._icon.toolTip()
    assert wired.wiring._window is None
    choose(wired, language="en")
    assert {"Copy endpoint", "Open Dragoman", "Quit"} <= set(labels(wired))


async def test_the_window_is_made_anew_and_stands_where_it_stood(wired: Wired) -> None:
    """Same page, same request, same size; the bridge keeps the pace of a visible window."""
    wired.wiring.open_window()
    wired.wiring._arrived(Batch(0, (started("a"), failed("a"), started("b")), 0))
    wired.window.show_request("a")
    wired.window.show_page(wired.window.providers)
    wired.window.resize(1000, 650)
    old = wired.window
    choose(wired, language="zh_CN")
    new = wired.window
    assert new is not old
    assert new.isVisible()
    assert not old.isVisible()
    assert new.size().toTuple() == (1000, 650)
    assert new.providers.isVisible()
    assert new.providers.add.text().startswith("添加服务商")
    assert new.requests.table.currentIndex().row() == 1
    assert wired.parts.hub.wakes_for_progress
    wired.wiring._arrived(Batch(2, (started("c"),), 0))
    assert new.requests.table.model().rowCount() == 3


async def test_a_hidden_window_stays_hidden(wired: Wired) -> None:
    """It speaks the other language when it comes back."""
    wired.wiring.open_window()
    wired.wiring.close_window()
    choose(wired, language="zh_CN")
    assert not wired.window.isVisible()
    wired.wiring.open_window()
    assert wired.window.sidebar.item(2).text() == "服务商"


async def test_an_open_dialog_is_not_taken_away(wired: Wired) -> None:
    """What is typed in it stays; the language changes when it is closed."""
    wired.wiring.open_window()
    wired.window.providers.addRequested.emit()
    wired.editor.form.line("name").setText("half a name")
    choose(wired, language="zh_CN")
    choose(wired, language="zh_CN", port=9_999)
    assert wired.editor.form.line("name").text() == "half a name"
    assert wired.window.providers.add.text().startswith("&Add")
    wired.editor.give_up()
    assert wired.window.providers.add.text().startswith("添加服务商")
