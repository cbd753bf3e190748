"""Fields show a setting, say what is wanted, and show what is wrong."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tray_app.state import SettingResult
from tray_app.ui.setting_fields import (
    Amount,
    CheckField,
    ChoiceField,
    LineField,
    Number,
    NumberField,
    PortField,
    SettingField,
    problem_words,
)

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
CHOICES = (("a", "First"), ("b", "Second"))


def wishes(qtbot: QtBot, field: SettingField) -> list[tuple[str, Any]]:
    """What the field says from now on; it is on the screen."""
    said: list[tuple[str, Any]] = []
    qtbot.addWidget(field)
    field.changed.connect(lambda name, value: said.append((name, value)))
    field.show()
    return said


def test_a_check_box_says_what_is_wanted_by_the_user_only(qtbot: QtBot) -> None:
    """Showing a value is no wish."""
    field = CheckField("ipv6", "Also &that", "A hint")
    said = wishes(qtbot, field)
    field.show_value(True)
    assert (field.box.isChecked(), said) == (True, [])
    field.box.click()
    assert said == [("ipv6", False)]
    assert field.box.accessibleDescription() == "A hint"


def test_a_choice_says_its_value(qtbot: QtBot) -> None:
    """Not its label; by keyboard too."""
    field = ChoiceField("theme", CHOICES)
    said = wishes(qtbot, field)
    field.show_value("b")
    assert (field.list.currentText(), said) == ("Second", [])
    qtbot.keyClick(field.list, Qt.Key.Key_Up)
    assert said == [("theme", "a")]


def test_a_number_says_its_value_when_it_is_complete(qtbot: QtBot) -> None:
    """Digit by digit would be a change for each."""
    field = NumberField("retention_days", Number())
    field.spin.setRange(1, 100)
    said = wishes(qtbot, field)
    field.show_value(30)
    assert said == []
    field.spin.selectAll()
    qtbot.keyClicks(field.spin, "45")
    assert said == []
    qtbot.keyClick(field.spin, Qt.Key.Key_Return)
    assert said == [("retention_days", 45)]


@pytest.mark.parametrize("field", [ChoiceField, NumberField, Amount])
def test_the_wheel_scrolls_past(qtbot: QtBot, field: type) -> None:
    """Whoever scrolls the page changes nothing on the way."""
    made: SettingField = (
        ChoiceField("theme", CHOICES)
        if field is ChoiceField
        else NumberField("n", Amount() if field is Amount else Number())
    )
    said = wishes(qtbot, made)
    event = QWheelEvent(
        QPointF(5, 5),
        QPointF(5, 5),
        QPoint(0, -120),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(made.widget, event)
    assert said == []
    assert not event.isAccepted()


def type_into(qtbot: QtBot, field: LineField, words: str) -> None:
    """Replace what stands there, without Enter."""
    field.line.setFocus()
    field.line.selectAll()
    qtbot.keyClicks(field.line, words)


def test_a_line_counts_when_it_is_complete(qtbot: QtBot) -> None:
    """Enter asks once, the loss of the focus not again; a number is sent as one."""
    field = PortField("")
    said = wishes(qtbot, field)
    field.show_value(8417)
    type_into(qtbot, field, "9000")
    assert said == []
    qtbot.keyClick(field.line, Qt.Key.Key_Return)
    field.line.editingFinished.emit()
    assert said == [("port", 9000)]
    field.show_value(9000)
    type_into(qtbot, field, "9000")
    qtbot.keyClick(field.line, Qt.Key.Key_Return)
    assert len(said) == 1
    type_into(qtbot, field, "abc")
    qtbot.keyClick(field.line, Qt.Key.Key_Return)
    assert said[-1] == ("port", "abc")


def test_what_was_refused_stays_until_it_is_corrected(qtbot: QtBot) -> None:
    """Another state that comes in meanwhile does not wipe it; Esc takes it back."""
    field = PortField("")
    wishes(qtbot, field)
    field.show_value(8417)
    type_into(qtbot, field, "99")
    qtbot.keyClick(field.line, Qt.Key.Key_Return)
    field.show_result(SettingResult("port", "taken", "node (pid 1)", 100))
    field.show_value(8417)
    assert field.line.text() == "99"
    assert "node (pid 1)" in field._problem.text()
    qtbot.keyClick(field.line, Qt.Key.Key_Escape)
    assert field.line.text() == "8417"
    assert field._problem.isHidden()
    assert field.offer.isHidden()


def test_a_refused_line_can_be_tried_again(qtbot: QtBot) -> None:
    """The port may be free by now."""
    field = PortField("")
    said = wishes(qtbot, field)
    field.show_value(8417)
    for _ in range(2):
        type_into(qtbot, field, "99")
        qtbot.keyClick(field.line, Qt.Key.Key_Return)
        field.show_result(SettingResult("port", "taken"))
    assert said == [("port", 99), ("port", 99)]


def test_the_next_free_port_is_one_press_away(qtbot: QtBot) -> None:
    """Offered, never taken."""
    field = PortField("")
    said = wishes(qtbot, field)
    assert field.offer.isHidden()
    field.show_result(SettingResult("port", "taken", "", 8418))
    assert "8418" in field.offer.text()
    field.offer.click()
    assert said == [("port", 8418)]
    field.show_result(SettingResult("port"))
    assert field.offer.isHidden()


def test_suggestions_can_be_chosen_or_overwritten(qtbot: QtBot) -> None:
    """A list one can type into."""
    field = LineField("host", suggestions=("127.0.0.1", "0.0.0.0"), hint="", width=200)
    said = wishes(qtbot, field)
    field.show_value("127.0.0.1")
    box = field.widget
    box.setCurrentIndex(1)  # type: ignore[attr-defined]
    box.activated.emit(1)  # type: ignore[attr-defined]
    assert said == [("host", "0.0.0.0")]


@pytest.mark.parametrize(
    ("result", "part"),
    [
        (SettingResult("port"), ""),
        (SettingResult("theme", "failed"), ""),
        (SettingResult("port", "invalid"), "65535"),
        (SettingResult("host", "invalid"), "127.0.0.1"),
        (SettingResult("theme", "invalid"), "not possible"),
        (SettingResult("port", "taken"), "taken"),
        (SettingResult("port", "taken", "node"), "node"),
        (SettingResult("host", "open"), "without the token"),
        (SettingResult("require_token", "open"), "other computers"),
        (SettingResult("host", "unavailable", "no such address"), "no such address"),
    ],
)
def test_every_refusal_has_words(result: SettingResult, part: str) -> None:
    """None for what a banner says."""
    words = problem_words(result)
    assert part in words
    assert bool(words) is bool(part)
    assert "%1" not in words
