"""What the tabs have in common."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPlainTextEdit, QSpinBox
from pytestqt.qtbot import QtBot

from tray_app.editing import ProfileDraft
from tray_app.ui.dialogs.order_list import OrderList
from tray_app.ui.dialogs.tab import Tab

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def test_a_line_carries_an_attribute_of_the_draft(qtbot: QtBot) -> None:
    """Both ways, and back into sight when something is wrong with it."""
    tab = Tab()
    qtbot.addWidget(tab)
    tab.body.addWidget(tab.add_line("name", QLineEdit()))
    tab.show()
    tab.show_draft(ProfileDraft(name="One"))
    assert tab.apply(ProfileDraft(notes="kept")) == ProfileDraft(name="One", notes="kept")
    with qtbot.waitSignal(tab.changed):
        qtbot.keyClicks(tab.lines["name"], "x")
    tab.reveal("name")
    assert tab.focusWidget() is tab.lines["name"]


def test_every_kind_of_widget_is_listened_to(qtbot: QtBot) -> None:
    """Also those of our own."""
    tab = Tab()
    qtbot.addWidget(tab)
    box, plain, spin, text, check, line, order = (
        QComboBox(), QComboBox(), QSpinBox(), QPlainTextEdit(), QCheckBox(), QLineEdit(), OrderList()
    )  # fmt: skip
    box.setEditable(True)
    plain.addItems(["a", "b"])
    order.show_entries((("a", "A"),), ())
    tab.listen_to(box, plain, spin, text, check, line, order)
    for act in (
        lambda: box.setEditText("x"),
        lambda: plain.setCurrentIndex(1),
        lambda: spin.setValue(3),
        lambda: text.setPlainText("x"),
        lambda: check.setChecked(True),
        lambda: line.textEdited.emit("x"),
        order.changed.emit,
    ):
        with qtbot.waitSignal(tab.changed):
            act()
