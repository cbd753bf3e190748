"""Small widgets that several pages share. They arrange and show; they decide nothing."""

from __future__ import annotations

import re
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QSizePolicy,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from tray_app.ui import icons, theme

DOT_PX = 16
SENTENCE_WIDTH = 400
ROLES = QFormLayout.ItemRole
ROW_PAD = 12  # above and below the text of a table's row together
LONG_FACT = 44  # characters
_MNEMONIC: Final = re.compile(r"\(&\w\)|&(?=\w)")


class Dot(QLabel):
    """A coloured circle. It repeats what a word beside it says, so screen readers skip it."""

    def __init__(self, color: str = theme.OFF) -> None:
        super().__init__()
        self.setFixedSize(QSize(DOT_PX, DOT_PX))
        self.set_color(color)

    def set_color(self, color: str, *, ring: bool = False) -> None:
        """Change it."""
        self.setPixmap(icons.dot(color, ring=ring).pixmap(DOT_PX, DOT_PX))


class Panel(QFrame):
    """A frame with a layout; `name` chooses its look in the style sheet (card, banner, failure, plain)."""

    def __init__(self, name: str = "card", *, horizontal: bool = False, pad: int = theme.PAD) -> None:
        super().__init__()
        self.setObjectName(name)
        self.box = QHBoxLayout(self) if horizontal else QVBoxLayout(self)
        self.box.setContentsMargins(pad, pad, pad, pad)
        self.box.setSpacing(theme.GAP)


class Quote(QLabel):
    """Words of somebody else, shown exactly as they came: plain text, fixed width, selectable, never a link."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("quote")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        fixed.setPointSizeF(self.font().pointSizeF() * 0.95)
        self.setFont(fixed)

    def show_words(self, words: str) -> None:
        """Zero-width spaces let long addresses and identifiers wrap instead of widening the window."""
        self.setText("".join(c + "\u200b" if c in "/_-.,:;=&?" else c for c in words))
        self.setVisible(bool(words))


class EmptyState(QWidget):
    """What a page shows while it has nothing to show: a title, a sentence, and what to do about it."""

    def __init__(self, title: str, sentence: str) -> None:
        super().__init__()
        self.sentence = theme.muted(sentence)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.sentence.setFixedSize(SENTENCE_WIDTH, self.sentence.heightForWidth(SENTENCE_WIDTH))
        self._actions = QHBoxLayout()
        self._actions.setSpacing(theme.GAP)
        head = theme.heading(title, 1.25)
        head.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        picture = QLabel()
        picture.setPixmap(icons.application().pixmap(64, 64))
        column = QVBoxLayout(self)
        column.setSpacing(theme.GAP)
        column.addStretch(2)
        for widget in (picture, head, self.sentence):
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(theme.GAP)
        column.addLayout(self._actions)
        self._actions.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)

    def add_action(self, button: QPushButton) -> None:
        """A button under the sentence."""
        self._actions.addWidget(button)


class Banner(Panel):
    """A problem that lasts, across the top of the window."""

    def __init__(self) -> None:
        super().__init__("banner", horizontal=True, pad=10)
        self._words = QLabel()
        self._words.setWordWrap(True)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.box.addWidget(Dot(theme.WARN), 0, Qt.AlignmentFlag.AlignTop)
        self.box.addWidget(self._words)
        self.hide()

    def show_words(self, words: str) -> None:
        """Show them, or nothing if there are none."""
        self._words.setText(words)
        self.setVisible(bool(words))


def without_mnemonic(label: str) -> str:
    """A label as it is heard: ``&Port`` is Port, ``端口(&P)`` is 端口."""
    return _MNEMONIC.sub("", label)


def row(*parts: QWidget | int, spacing: int = theme.GAP) -> QHBoxLayout:
    """Widgets beside each other; a number is a stretch."""
    layout = QHBoxLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(spacing)
    for part in parts:
        if isinstance(part, int):
            layout.addStretch(part)
        else:
            layout.addWidget(part)
    return layout


def clear(layout: QLayout) -> None:
    """Remove and delete every widget of a layout."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.deleteLater()


def wrapped(words: str = "") -> QLabel:
    """A label for text that is not ours: plain, and wrapped."""
    label = QLabel(words)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label


def facts_layout() -> QFormLayout:
    """A list of names and values, to be filled by `show_facts`."""
    layout = QFormLayout()
    layout.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
    layout.setHorizontalSpacing(theme.PAD)
    layout.setVerticalSpacing(theme.GAP)  # or it would be that of the layout round it
    layout.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
    return layout


def show_facts(layout: QFormLayout, facts: list[tuple[str, str]]) -> None:
    """Replace what is shown. The labels of a fact that is there already stay: values may change many times a second."""
    for number, (name, value) in enumerate(facts):
        if number == layout.rowCount():
            _add_fact(layout)
        label, shown = (_label_at(layout, number, role) for role in (ROLES.LabelRole, ROLES.FieldRole))
        if (label.text(), shown.text()) != (name, value):
            label.setText(name)
            shown.setText(value)
            shown.setWordWrap(len(value) > LONG_FACT)  # Qt reserves too many lines for short texts that could wrap
    while layout.rowCount() > len(facts):
        layout.removeRow(len(facts))


def _label_at(layout: QFormLayout, number: int, role: QFormLayout.ItemRole) -> QLabel:
    item = layout.itemAt(number, role)
    label = item.widget() if item is not None else None
    assert isinstance(label, QLabel)
    return label


def _add_fact(layout: QFormLayout) -> None:
    shown = wrapped()
    shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    shown.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    label = theme.muted()
    label.setWordWrap(False)
    layout.addRow(label, shown)


def dress_table(table: QTableView) -> None:
    """A table of whole rows, one chosen at a time, without a grid; Tab leaves it, arrows move in it."""
    table.setObjectName("table")
    table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QTableView.SelectionMode.SingleSelection)
    table.setShowGrid(False)
    table.setAlternatingRowColors(True)
    table.setWordWrap(False)
    table.setTabKeyNavigation(False)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(table.fontMetrics().height() + ROW_PAD)
    table.horizontalHeader().setHighlightSections(False)
