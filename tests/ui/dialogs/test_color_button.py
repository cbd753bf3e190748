"""The colour of a provider."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QColorDialog
from pytestqt.qtbot import QtBot

from tray_app.ui.dialogs.color_button import ColorButton

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def test_a_colour_is_chosen_without_stopping_the_program(qtbot: QtBot) -> None:
    """The dialog is opened, not run; what it says is taken and told."""
    button = ColorButton()
    qtbot.addWidget(button)
    button.show_color("#112233")
    assert button.accessibleName() == "Colour #112233"
    button.show()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    dialog = button.findChild(QColorDialog)
    assert dialog is not None
    assert dialog.currentColor() == QColor("#112233")
    with qtbot.waitSignal(button.changed):
        dialog.colorSelected.emit(QColor("#aabbcc"))
    assert button.color == "#aabbcc"
    dialog.reject()
    qtbot.waitUntil(lambda: button.findChild(QColorDialog) is None)
