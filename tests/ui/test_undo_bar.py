"""The bar that offers to undo."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tray_app.ui.undo_bar import UndoBar

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def test_it_is_there_while_there_is_something_to_undo(qtbot: QtBot) -> None:
    """And says what."""
    bar = UndoBar()
    qtbot.addWidget(bar)
    assert not bar.isVisible()
    bar.show_deleted("OpenRouter")
    assert (bar.isVisible(), bar._words.text()) == (True, "Deleted OpenRouter")
    with qtbot.waitSignal(bar.undone):
        qtbot.mouseClick(bar.button, Qt.MouseButton.LeftButton)
    bar.show_deleted("")
    assert not bar.isVisible()
