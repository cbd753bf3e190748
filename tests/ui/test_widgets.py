"""Small widgets."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tray_app.ui.widgets import LONG_FACT, Banner, EmptyState, Quote, clear, facts_layout, row, show_facts


def test_a_quote_is_plain_text_that_can_wrap_and_be_copied(qtbot: QtBot) -> None:
    """Long addresses break at their joints; nothing of it is a link."""
    quote = Quote()
    qtbot.addWidget(quote)
    quote.show_words("https://example.com/a?b=c <b>x</b>")
    assert quote.textFormat() is Qt.TextFormat.PlainText
    assert "\u200b" in quote.text()
    assert quote.text().replace("\u200b", "") == "https://example.com/a?b=c <b>x</b>"
    assert quote.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByKeyboard
    quote.show_words("")
    assert quote.isHidden()


@pytest.mark.qt_log_ignore("propagateSizeHints")
def test_a_banner_without_words_is_not_there(qtbot: QtBot) -> None:
    """It takes no room."""
    banner = Banner()
    qtbot.addWidget(banner)
    assert banner.isHidden()
    banner.show_words("Look out")
    assert not banner.isHidden()
    banner.show_words("")
    assert banner.isHidden()


def test_an_empty_state_shows_its_whole_sentence(qtbot: QtBot) -> None:
    """However many lines it takes."""
    empty = EmptyState("Nothing", "A rather long sentence. " * 8)
    empty.add_action(QPushButton("Do"))
    qtbot.addWidget(empty)
    assert empty.sentence.height() >= empty.sentence.heightForWidth(empty.sentence.width())


def test_facts_replace_each_other(qtbot: QtBot) -> None:
    """Short values stay on one line, long ones wrap."""
    holder = QWidget()
    qtbot.addWidget(holder)
    layout = facts_layout()
    holder.setLayout(layout)
    show_facts(layout, [("A", "1"), ("B", "x" * (LONG_FACT + 1))])
    values = [label for label in holder.findChildren(QLabel) if label.text() not in {"A", "B"}]
    assert [label.wordWrap() for label in values] == [False, True]
    show_facts(layout, [("C", "3")])
    assert layout.rowCount() == 1


def test_rows_are_cleared(qtbot: QtBot) -> None:
    """Nothing of them stays behind."""
    holder = QWidget()
    qtbot.addWidget(holder)
    column = QVBoxLayout(holder)
    column.addWidget(QLabel("x"))
    line = row(QLabel("y"), 1, QLabel("z"))
    assert line.count() == 3
    column.addLayout(line)
    clear(line)
    clear(column)
    assert (line.count(), column.count()) == (0, 0)
