"""The window comes back as it was left."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tray_app.ui.main_window import MainWindow
from tray_app.ui.models.requests import RequestsModel
from tray_app.wiring.arrangement import Arrangement

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the offscreen platform says so of every window


def window(qtbot: QtBot) -> MainWindow:
    """A new window."""
    made = MainWindow(RequestsModel())
    qtbot.addWidget(made)
    return made


def test_size_and_columns_are_remembered(qtbot: QtBot, tmp_path: Path) -> None:
    """In a file that only the user can read."""
    path = tmp_path / "window.ini"
    arrangement = Arrangement(path)
    first = window(qtbot)
    first.show()
    first.resize(first.width(), 620)
    first.requests.table.horizontalHeader().moveSection(0, 2)
    arrangement.keep(first)
    assert path.stat().st_mode & 0o077 == 0
    second = window(qtbot)
    Arrangement(path).restore(second)
    Arrangement(path).restore_requests(second.requests)
    assert second.height() == 620
    assert second.requests.table.horizontalHeader().visualIndex(0) == 2


def test_a_page_that_was_not_visited_keeps_its_arrangement(qtbot: QtBot, tmp_path: Path) -> None:
    """Also over a run in which only the window was moved."""
    arrangement = Arrangement(tmp_path / "window.ini")
    first = window(qtbot)
    first.requests.table.horizontalHeader().moveSection(0, 2)
    arrangement.keep(first)
    arrangement.keep(window(qtbot))
    third = window(qtbot)
    arrangement.restore_requests(third.requests)
    assert third.requests.table.horizontalHeader().visualIndex(0) == 2


@pytest.mark.parametrize("text", ["", "[window]\ngeometry=1\n[requests]\ncolumns-13=@ByteArray(x)\n", "\0\1"])
def test_what_does_not_fit_changes_nothing(qtbot: QtBot, tmp_path: Path, text: str) -> None:
    """A file of another version, or of nobody."""
    path = tmp_path / "window.ini"
    path.write_text(text)
    made = window(qtbot)
    before = made.requests.arrangement()
    Arrangement(path).restore(made)
    Arrangement(path).restore_requests(made.requests)
    assert made.requests.arrangement() == before


def test_without_a_file_nothing_is_remembered(qtbot: QtBot) -> None:
    """And nothing fails."""
    made = window(qtbot)
    Arrangement(None).keep(made)
    Arrangement(None).restore(made)
    Arrangement(None).restore_requests(made.requests)
