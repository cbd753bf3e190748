"""Small parts of the editor's forms: a widget with room for a problem below it, a heading, a line of explanation."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from tray_app.ui import theme
from tray_app.ui.widgets import without_mnemonic

NARROW = 110  # for a number


class Field(QWidget):
    """A widget with room for a problem below it; `name` is what screen readers call it, by default as its label does."""

    def __init__(self, widget: QWidget, *below: QWidget, name: str = "") -> None:
        super().__init__()
        self.widget = widget
        if name:
            widget.setAccessibleName(name)
        # Or the form would take the room for a problem from it.
        widget.setMinimumHeight(max(widget.minimumHeight(), widget.sizeHint().height(), 0))
        self._problem = QLabel()
        self._problem.setObjectName("problem")
        self._problem.setWordWrap(True)
        self._problem.setTextFormat(Qt.TextFormat.PlainText)
        self._problem.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        for part in (widget, *below, self._problem):
            column.addWidget(part)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # a label's shortcut skips a buddy that takes no focus itself
        self.setFocusProxy(widget)  # after that: the proxy would get the policy, and Tab would pass it by

    def showEvent(self, event: QShowEvent) -> None:
        """A form makes its labels name this, not the widget that has the focus."""
        super().showEvent(event)
        if not self.widget.accessibleName():
            self.widget.setAccessibleName(without_mnemonic(self._label()))

    def _label(self) -> str:
        for label in self.window().findChildren(QLabel):
            buddy: QWidget | None = label.buddy()
            if buddy is not None and self in (buddy, buddy.focusProxy()):  # alone in its row, or beside something
                return label.text()
        return ""

    def show_problem(self, words: str) -> None:
        """Say what is wrong, to eyes and ears, or nothing."""
        self._problem.setText(words)
        self._problem.setVisible(bool(words))
        self.widget.setAccessibleDescription(words)


def form_layout(parent: QWidget | None = None) -> QFormLayout:
    """A form that fills the width."""
    form = QFormLayout() if parent is None else QFormLayout(parent)
    form.setContentsMargins(0, 0, 0, 0)
    form.setVerticalSpacing(10)
    form.setHorizontalSpacing(theme.PAD)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
    return form


def section(words: str) -> QLabel:
    """The title of a part of a form."""
    label = theme.heading(words)
    label.setContentsMargins(0, theme.GAP, 0, 0)
    return label


def number_line() -> QLineEdit:
    """A short line for a number; what is typed is checked when it is saved, not while it is typed."""
    line = QLineEdit()
    line.setMaximumWidth(NARROW)
    return line


def combo(*, editable: bool = False) -> QComboBox:
    """A list to choose from that is as wide as the form."""
    box = QComboBox()
    box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    box.setEditable(editable)
    box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
    return box


def show_text(box: QComboBox, text: str) -> None:
    """Put a text into an editable list, beginning first."""
    box.setEditText(text)
    line = box.lineEdit()
    if line is not None:
        line.setCursorPosition(0)
