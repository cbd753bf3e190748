"""One message of a request: whose it is, its first line, and its headers or its body, which can be copied."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from tray_app.proxy.recorded import Message, unfolded
from tray_app.ui import text, theme
from tray_app.ui.code_view import CodeView
from tray_app.ui.text import translate
from tray_app.ui.widgets import row


class MessagePane(QWidget):
    """The pane; `bodies` chooses what of the message it shows."""

    def __init__(self, *, bodies: bool) -> None:
        super().__init__()
        self._bodies = bodies
        self._title = theme.heading("")
        self._line = theme.muted()
        self._line.setTextFormat(Qt.TextFormat.PlainText)
        self._line.setWordWrap(False)
        self._line.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)  # cut where it must be
        self._note = theme.muted()
        self.text = CodeView(json=bodies)
        self.copy = QPushButton(translate("Requests", "Copy"))
        self.copy.clicked.connect(self.copy_text)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP // 2)
        head = row(self._title, self._line, self._note, self.copy)
        head.setStretch(1, 1)
        column.addLayout(head)
        column.addWidget(self.text, 1)
        self._note.setWordWrap(False)

    def show_message(self, title: str, message: Message | None) -> None:
        """Show it; None where there is none yet, or never was."""
        self._title.setText(title)
        self.text.setAccessibleName(title)
        line = message.line if message is not None else ""
        self._line.setText(line)
        self._line.setToolTip(line)
        shown = "" if message is None else (message.text or "") if self._bodies else _headers(message)
        self.text.show_text(shown)
        self.text.setPlaceholderText("" if shown else translate("Requests", "Nothing"))
        self.copy.setEnabled(bool(shown))
        self._note.setText(_note(message) if message is not None and self._bodies else "")

    def copy_text(self) -> None:
        """What is shown, without the line breaks that were put in for reading."""
        QGuiApplication.clipboard().setText(unfolded(self.text.whole))


def _headers(message: Message) -> str:
    return "\n".join(f"{name}: {value}" for name, value in message.headers)


def _note(message: Message) -> str:
    """How large the body is, and whether all of it is here."""
    size = translate("Requests", "%1 bytes").replace("%1", text.count(message.size))
    return size + text.SEPARATOR + translate("Requests", "cut") if message.cut else size
