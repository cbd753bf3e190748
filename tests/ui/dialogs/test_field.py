"""A field and its problem."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from tray_app.ui.dialogs.field import NARROW, Field, combo, form_layout, number_line, section, show_text

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def test_a_problem_is_seen_and_heard(qtbot: QtBot) -> None:
    """Below the widget and in its description; taken back, nothing is left of it."""
    line = QLineEdit()
    field = Field(line, name="Address")
    qtbot.addWidget(field)
    field.show()
    assert (line.accessibleName(), field._problem.isVisible()) == ("Address", False)
    field.show_problem("Needed")
    assert (field._problem.text(), field._problem.isVisible(), line.accessibleDescription()) == (
        "Needed",
        True,
        "Needed",
    )
    field.show_problem("")
    assert (field._problem.isVisible(), line.accessibleDescription()) == (False, "")


def test_focus_goes_to_the_widget(qtbot: QtBot) -> None:
    """A label's letter leads to the field, which hands it on."""
    line = QLineEdit()
    field = Field(line)
    qtbot.addWidget(field)
    field.show()
    field.setFocus()
    assert field.focusWidget() is line


def test_a_text_in_a_list_is_seen_from_its_beginning(qtbot: QtBot) -> None:
    """Long model names end in what tells them apart least."""
    box = combo(editable=True)
    qtbot.addWidget(box)
    show_text(box, "anthropic/claude")
    line = box.lineEdit()
    assert line is not None
    assert (box.currentText(), line.cursorPosition()) == ("anthropic/claude", 0)
    assert combo().lineEdit() is None


def test_small_parts(qtbot: QtBot) -> None:
    """Numbers are short, titles are titles, a form may stand alone or in a widget."""
    assert number_line().maximumWidth() == NARROW
    assert section("Key").text() == "Key"
    holder = QLineEdit()
    qtbot.addWidget(holder)
    assert form_layout(holder).parent() is holder
    assert form_layout().parent() is None
