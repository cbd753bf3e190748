"""Text of machines for the eye."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot

from tray_app.proxy.recorded import FOLD
from tray_app.ui.code_view import PIECE_CHARS, CodeView, code_colors

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the offscreen platform says so of every window


@pytest.fixture
def view(qtbot: QtBot) -> CodeView:
    """The view, shown."""
    made = CodeView()
    qtbot.addWidget(made)
    made.show()
    return made


def coloured(view: CodeView) -> Iterator[tuple[str, str]]:
    """Each coloured piece and its colour's kind."""
    kinds = {color: kind for kind, color in code_colors(view.palette()).items() if kind != "mark"}
    block = view.document().begin()
    while block.isValid():
        for span in block.layout().formats():
            yield block.text()[span.start : span.start + span.length], kinds[span.format.foreground().color().name()]
        block = block.next()


def test_json_is_coloured_by_what_it_means(view: CodeView) -> None:
    """Keys, strings, numbers and words, also in the lines of an event stream."""
    view.show_text('data: {"a\\"b": ["x: 1", -2.5e3, true]}')
    assert list(coloured(view)) == [
        ("data", "key"),
        ('"a\\"b"', "key"),
        ('"x: 1"', "string"),
        ("-2.5e3", "number"),
        ("true", "word"),
    ]


def test_a_string_that_was_broken_goes_on_in_the_next_line(view: CodeView) -> None:
    """Until its end, and no further."""
    view.show_text(f'"text": "one\\n{FOLD}  12 two\\n{FOLD}  true"\n"n": 3')
    assert [kind for _, kind in coloured(view)] == ["key", "string", "string", "string", "key", "number"]
    assert list(coloured(view))[-1] == ("3", "number")


def test_headers_have_coloured_names_only(qtbot: QtBot) -> None:
    """A number in a value says nothing by itself."""
    view = CodeView(json=False)
    qtbot.addWidget(view)
    view.show_text('Host: 127.0.0.1:8417\nX-Note: "a: 1"')
    assert [piece for piece, _ in coloured(view)] == ["Host", "X-Note"]


def test_a_long_text_comes_in_pieces(view: CodeView, qtbot: QtBot) -> None:
    """The loop turns between them; the whole is there in the end, and the reader's place stays."""
    text = "\n".join(f'"line {n}": {n},' for n in range(5_000))
    assert len(text) > 3 * PIECE_CHARS
    view.show_text(text)
    assert not view.complete
    assert view.textCursor().position() == 0
    qtbot.waitUntil(lambda: view.complete)
    assert view.toPlainText() == text == view.whole
    view.verticalScrollBar().setValue(40)
    view.show_text(text)
    assert view.verticalScrollBar().value() == 40
    view.show_text("other")
    assert (view.toPlainText(), view.complete) == ("other", True)


def test_words_are_counted_and_found(view: CodeView) -> None:
    """In any case, onward and back, also in what has not been laid out yet."""
    view.show_text("Word\n" + "filler\n" * PIECE_CHARS + "word")
    assert (view.count("WORD"), view.count("")) == (2, 0)
    assert view.seek("word", anew=True)
    assert view.seek("word")
    assert view.textCursor().blockNumber() == PIECE_CHARS + 1
    assert not view.seek("word")
    assert view.seek("word", backward=True)
    assert not view.seek("")
    view.deselect()
    assert not view.textCursor().hasSelection()


def test_lines_wrap_or_scroll(view: CodeView) -> None:
    """As one likes."""
    view.wrap(False)
    assert view.lineWrapMode() is QPlainTextEdit.LineWrapMode.NoWrap
    view.wrap(True)
    assert view.lineWrapMode() is QPlainTextEdit.LineWrapMode.WidgetWidth


def test_colours_follow_the_palette(view: CodeView) -> None:
    """Readable on a dark ground."""
    view.show_text("12")
    palette = QPalette(view.palette())
    palette.setColor(QPalette.ColorRole.Base, QColor("#111111"))
    view.setPalette(palette)
    assert code_colors(view.palette())["number"] == "#f0b072"
    assert list(coloured(view)) == [("12", "number")]
