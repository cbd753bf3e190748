"""Text that machines wrote, for the eye: JSON, event streams and headers in colours, searched and wrapped, never changed.

Long texts come in pieces, one for each turn of the loop, so that nothing else has to wait for them.
"""

from __future__ import annotations

import re
from typing import Final

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtGui import (
    QColor,
    QFontDatabase,
    QPalette,
    QSyntaxHighlighter,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QPlainTextEdit, QWidget

PIECE_CHARS: Final = 16_384  # some milliseconds of layout and colouring
INSIDE: Final = 1  # the state of a line that ends within a string: one of our own breaks follows
_STRING: Final = r'"(?:[^"\\]|\\.)*'
_JSON: Final = re.compile(
    rf"""(?P<key>{_STRING}"(?=\s*:))|(?P<string>{_STRING}(?P<closed>"|$))"""
    r"""|(?P<number>-?\b\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\b)|(?P<word>\b(?:true|false|null)\b)"""
    r"""|(?P<mark>^[\w-]+(?=:\s))"""
)
_NAMES: Final = re.compile(r"(?P<mark>^[\w-]+(?=:\s))")
_REST_OF_STRING: Final = re.compile(r'(?:[^"\\]|\\.)*"?')


# Colours by kind of token, readable on a light and on a dark ground.
_ON_LIGHT: Final = {
    "key": "#0b5cad",
    "string": "#0a6b4d",
    "number": "#9a4b00",
    "word": "#8a2da5",
    "mark": "#0b5cad",
}
_ON_DARK: Final = {
    "key": "#7ab8ff",
    "string": "#8fd6b5",
    "number": "#f0b072",
    "word": "#d9a3ec",
    "mark": "#7ab8ff",
}


def code_colors(palette: QPalette) -> dict[str, str]:
    """For keys, strings, numbers, words and marks, on this palette's ground."""
    return _ON_DARK if palette.color(QPalette.ColorRole.Base).lightness() < 128 else _ON_LIGHT


class Colours(QSyntaxHighlighter):
    """Colours for JSON, alone or in an event stream, and for the names of headers."""

    def __init__(self, document: QTextDocument, tokens: re.Pattern[str]) -> None:
        super().__init__(document)
        self._tokens = tokens
        self._formats: dict[str, QTextCharFormat] = {}

    def use(self, colors: dict[str, str]) -> None:
        """Colours by kind of token (key, string, number, word, mark)."""
        self._formats = {kind: _format(color) for kind, color in colors.items()}
        self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        start, state = 0, 0
        if self.previousBlockState() == INSIDE:
            rest = _REST_OF_STRING.match(text)
            start = rest.end() if rest else 0
            self.setFormat(0, start, self._formats["string"])
            state = 0 if text[start - 1 : start] == '"' else INSIDE
        for token in self._tokens.finditer(text, start):
            kind = str(token.lastgroup if token.lastgroup != "closed" else "string")
            self.setFormat(token.start(), token.end() - token.start(), self._formats[kind])
            state = INSIDE if kind == "string" and not token["closed"] else 0
        self.setCurrentBlockState(state)


class CodeView(QPlainTextEdit):
    """The view: read-only, with a fixed-width font; Tab leaves it. Without `json` only names at the line's start are coloured."""

    def __init__(self, *, json: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setTabChangesFocus(True)
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPointSizeF(self.font().pointSizeF() * 0.95)
        self.setFont(font)
        self._colours = Colours(self.document(), _JSON if json else _NAMES)
        self._colours.use(code_colors(self.palette()))
        self._whole = ""
        self._rest = ""
        self._more = QTimer(self, interval=0)
        self._more.timeout.connect(self._add_piece)

    @property
    def whole(self) -> str:
        """All of the text, also while it is still being laid out."""
        return self._whole

    @property
    def complete(self) -> bool:
        """Whether all of the text is there."""
        return not self._rest

    def show_text(self, text: str) -> None:
        """Show this. The same text again changes nothing: not the place, not the selection."""
        if text == self._whole:
            return
        self._whole = self._rest = text
        self.clear()
        self._add_piece()
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def wrap(self, wrapped: bool) -> None:
        """Break lines at the edge, or scroll."""
        mode = QPlainTextEdit.LineWrapMode
        self.setLineWrapMode(mode.WidgetWidth if wrapped else mode.NoWrap)

    def count(self, words: str) -> int:
        """How often they occur, in any case."""
        return self._whole.casefold().count(words.casefold()) if words else 0

    def seek(self, words: str, *, backward: bool = False, anew: bool = False) -> bool:
        """Select the next place after the cursor (with `anew`: of the whole text); False if there is none."""
        while not self.complete:
            self._add_piece()
        if anew:
            self.moveCursor(QTextCursor.MoveOperation.End if backward else QTextCursor.MoveOperation.Start)
        flag = QTextDocument.FindFlag.FindBackward if backward else QTextDocument.FindFlag(0)
        return bool(words) and self.find(words, flag)

    def deselect(self) -> None:
        """Select nothing; the cursor stays."""
        cursor = self.textCursor()
        cursor.clearSelection()
        self.setTextCursor(cursor)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._colours.use(code_colors(self.palette()))

    def _add_piece(self) -> None:
        end = self._rest.find("\n", PIECE_CHARS) + 1 or len(self._rest)
        piece, self._rest = self._rest[:end], self._rest[end:]
        cursor = QTextCursor(self.document())  # the visible one stays where the reader left it
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertText(piece)
        if self._rest:
            self._more.start()
        else:
            self._more.stop()


def _format(color: str) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setForeground(QColor(color))
    return made
