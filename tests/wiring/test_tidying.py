"""Memory is tidied up once, when it has become quiet."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from helpers.ui_values import started
from helpers.wired import Wired
from tray_app.proxy.hub import Batch
from tray_app.runtime import garbage
from tray_app.wiring import tidying
from tray_app.wiring.tidying import Tidying

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", r"raise\(\)", "systemTrayWindowChanged")


@pytest.fixture
def tidied(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Has an entry for every time; quiet is short."""
    times: list[str] = []
    monkeypatch.setattr(garbage, "tidy", lambda: times.append("tidied"))
    monkeypatch.setattr(tidying, "QUIET_MS", 1)
    return times


def test_it_waits_for_quiet_and_comes_once(tidied: list[str], qtbot: QtBot) -> None:
    """Never by itself; each new event begins the wait anew."""
    tidy = Tidying(None)  # type: ignore[arg-type]
    assert not tidy._timer.isActive()
    for _ in range(3):
        tidy.put_off()
    assert tidied == []
    qtbot.waitUntil(lambda: tidied == ["tidied"])
    assert not tidy._timer.isActive()


async def test_requests_and_the_window_put_it_off(wired: Wired) -> None:
    """Both leave something to tidy up."""
    timer = wired.wiring._tidying._timer
    timer.stop()
    wired.wiring._arrived(Batch(1, (started("a"),), 0))
    assert timer.isActive()
    timer.stop()
    window = wired.wiring.open_window()
    window.hide()
    assert timer.isActive()
