"""The fields of the Settings page: each shows one setting, says when the user changed it, and has room for what is wrong.

A field knows its setting's name and the value it shows, nothing of what the value does. Counterpart: `pages/settings.py`.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QStyle,
    QStyleOptionButton,
    QVBoxLayout,
    QWidget,
)

from tray_app.state import SettingResult
from tray_app.ui import theme
from tray_app.ui.text import translate

NARROW = 130  # pixels: numbers
WIDE = 240


class Choice(QComboBox):
    """A list that the mouse wheel scrolls past instead of changing."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class Number(QSpinBox):
    """A whole number; typed digits count when they are complete, and the wheel scrolls past."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class Amount(QDoubleSpinBox):
    """The same for dollars."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class SettingField(QWidget):
    """One setting. Subclasses make the widget and say how a value is shown.

    Signals:
        changed(str, object): the setting's name and the value the user wants.
    """

    changed = Signal(str, object)

    def __init__(self, name: str, widget: QWidget, hint: str = "") -> None:
        super().__init__()
        self.name = name
        self.widget = widget
        widget.setObjectName(f"setting-{name}")
        self._problem = QLabel()
        self._problem.setObjectName("problem")
        self._problem.setWordWrap(True)
        self._problem.setTextFormat(Qt.TextFormat.PlainText)
        self._problem.hide()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(3)
        self.column.addWidget(widget, 0, Qt.AlignmentFlag.AlignLeft)
        # Or the form would take the room for a hint or a problem from it.
        widget.setMinimumHeight(max(0, widget.sizeHint().height()))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        if hint:
            label = theme.muted(hint)
            if isinstance(widget, QCheckBox):
                label.setIndent(_text_place(widget))
            self.column.addWidget(label)
            widget.setAccessibleDescription(hint)
        self.column.addWidget(self._problem)

    def show_value(self, value: object) -> None:
        """Show what is set now."""
        raise NotImplementedError

    def show_result(self, result: SettingResult) -> None:
        """The answer to a change: nothing is wrong any more, or this is."""
        words = problem_words(result)
        self._problem.setText(words)
        self._problem.setVisible(bool(words))


class CheckField(SettingField):
    """Yes or no."""

    def __init__(self, name: str, label: str, hint: str = "") -> None:
        self.box = QCheckBox(label)
        super().__init__(name, self.box, hint)
        self.box.clicked.connect(lambda checked: self.changed.emit(name, checked))

    def show_value(self, value: object) -> None:
        self.box.setChecked(bool(value))


class ChoiceField(SettingField):
    """One of a few; `choices` are values and what they are called."""

    def __init__(self, name: str, choices: tuple[tuple[str, str], ...], hint: str = "") -> None:
        self.list = Choice()
        # Or every choice would be measured, for which the names of languages have fonts loaded (3 MB for Chinese).
        self.list.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for value, label in choices:
            self.list.addItem(label, value)
        self.list.setMinimumWidth(WIDE)
        super().__init__(name, self.list, hint)
        self.list.activated.connect(lambda _: self.changed.emit(name, self.list.currentData()))

    def show_value(self, value: object) -> None:
        self.list.setCurrentIndex(self.list.findData(value))


class NumberField(SettingField):
    """A number within bounds."""

    def __init__(self, name: str, spin: QSpinBox | QDoubleSpinBox, hint: str = "") -> None:
        self.spin = spin
        spin.setKeyboardTracking(False)
        spin.setMinimumWidth(NARROW)
        super().__init__(name, spin, hint)
        spin.valueChanged.connect(lambda value: self.changed.emit(name, value))

    def show_value(self, value: object) -> None:
        self.spin.blockSignals(True)
        self.spin.setValue(value)  # type: ignore[arg-type]  # whole or not, as its setting is
        self.spin.blockSignals(False)


class LineField(SettingField):
    """Typed text, or one of the suggestions. It counts when it is complete: Enter, or the focus goes on. Esc takes it back.

    What was refused stays, with the reason below it, until the user types something else.
    """

    def __init__(self, name: str, *, suggestions: tuple[str, ...] = (), hint: str = "", width: int = NARROW) -> None:
        self.line = _Line()
        self._shown = ""
        self._asked = ""
        widget: QWidget = self.line
        if suggestions:
            widget = box = Choice()
            box.setEditable(True)
            box.setLineEdit(self.line)
            box.addItems(list(suggestions))
            box.activated.connect(self._ask_anew)
            box.activated.connect(self._send)
        widget.setFixedWidth(width)
        super().__init__(name, widget, hint)
        self.line.textEdited.connect(self._ask_anew)
        self.line.returnPressed.connect(self._ask_anew)
        self.line.editingFinished.connect(self._send)
        self.line.escaped.connect(self._take_back)

    def show_value(self, value: object) -> None:
        previous, self._shown = self._shown, str(value)
        if self._shown != previous or not self.line.isModified():
            self.line.setText(self._shown)

    def show_result(self, result: SettingResult) -> None:
        if result.code:
            self.line.setModified(True)  # also what came from the list
        super().show_result(result)

    def _send(self) -> None:
        words = self.line.text().strip()
        if words == self._shown:
            self._take_back()
        elif words != self._asked:
            self._asked = words
            self.changed.emit(self.name, int(words) if words.isdecimal() else words)

    def _ask_anew(self) -> None:
        # Enter asks again for what was refused; the loss of the focus, which ends every visit, does not.
        self._asked = ""

    def _take_back(self) -> None:
        self.line.setText(self._shown)
        self.show_result(SettingResult(self.name))


class PortField(LineField):
    """The port, with the next free one offered where it is taken."""

    def __init__(self, hint: str) -> None:
        super().__init__("port", hint=hint)
        self.offer = QPushButton()
        self.offer.hide()
        line = QHBoxLayout()
        line.addWidget(self.offer)
        line.addStretch(1)
        self.column.addLayout(line)
        self._free_port: int | None = None
        self.offer.clicked.connect(lambda: self.changed.emit(self.name, self._free_port))

    def show_result(self, result: SettingResult) -> None:
        super().show_result(result)
        self._free_port = result.free_port
        self.offer.setText(translate("Settings", "&Use %1").replace("%1", str(result.free_port)))
        self.offer.setVisible(result.free_port is not None)


def _text_place(box: QCheckBox) -> int:
    """Where the words of a check box begin, in pixels from its left edge."""
    option = QStyleOptionButton()
    box.initStyleOption(option)
    return box.style().subElementRect(QStyle.SubElement.SE_CheckBoxContents, option, box).left()


class _Line(QLineEdit):
    """A line that tells when Esc is pressed in it."""

    escaped = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        super().keyPressEvent(event)


def problem_words(result: SettingResult) -> str:
    """What is wrong with a setting; nothing for what the banner says already."""
    if result.code == "invalid":
        return {
            "port": translate("Settings", "A number from 1 to 65535 is needed."),
            "host": translate("Settings", "An address such as 127.0.0.1 is needed."),
        }.get(result.setting, translate("Settings", "This is not possible."))
    if result.code == "open" and result.setting == "require_token":
        return translate(
            "Settings", "Refused: other computers can reach the endpoint, and anybody could use your keys."
        )
    words = {
        "taken": translate("Settings", "The port is taken."),
        "open": translate("Settings", "Refused: without the token, anybody on the network could use your keys."),
        "unavailable": translate("Settings", "It is not possible to listen there: %1").replace("%1", result.detail),
    }
    if result.code == "taken" and result.detail:
        return translate("Settings", "%1 uses this port.").replace("%1", result.detail)
    return words.get(result.code, "")
