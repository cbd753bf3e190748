"""Shows what connecting Claude Code would change in its settings, before anything is changed. Opened with `open()`."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from tray_app.state import ClientPreview
from tray_app.ui import text, theme
from tray_app.ui.text import translate
from tray_app.ui.widgets import Panel, Quote, wrapped

DIALOG_SIZE = (760, 430)


class ConnectClaude(QDialog):
    """The file, its changes, and the question.

    Signals:
        confirmed(): connect.
    """

    confirmed = Signal()

    def __init__(self, preview: ClientPreview, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(translate("Connect", "Connect Claude Code"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*DIALOG_SIZE)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.accept_button = self.buttons.addButton(
            translate("Connect", "&Connect"), QDialogButtonBox.ButtonRole.AcceptRole
        )
        self.accept_button.setDefault(True)
        self.buttons.accepted.connect(self._confirm)
        self.buttons.rejected.connect(self.reject)
        self.table = _changes_table(preview)
        self._arrange(preview)

    def _confirm(self) -> None:
        self.confirmed.emit()
        self.accept()

    def _arrange(self, preview: ClientPreview) -> None:
        path = Quote()
        path.show_words(preview.path)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.PAD, theme.PAD, theme.PAD, theme.PAD)
        column.setSpacing(theme.GAP)
        for widget in (wrapped(_intention(preview)), path, *map(_warning, preview.warnings), self.table):
            column.addWidget(widget, 1 if widget is self.table else 0)
        column.addWidget(theme.muted(_promises()))
        column.addWidget(self.buttons)


def _intention(preview: ClientPreview) -> str:
    if not preview.changes:
        return translate("Connect", "Everything is set already; nothing in this file will be changed:")
    return translate("Connect", "Claude Code will use Dragoman from its next start on. These values change in:")


def _promises() -> str:
    return translate(
        "Connect",
        "Nothing else in the file is touched, and Disconnect puts these values back. The token is the local one: it opens "
        "Dragoman on this computer only, and the file can be read by your user alone. Keys of providers stay in the keyring.",
    )


def _warning(name: str) -> QWidget:
    panel = Panel("banner", pad=10)
    panel.box.addWidget(wrapped(_obstacle(name)))
    return panel


def _obstacle(name: str) -> str:
    """What a setting of Claude Code's does that keeps it from asking us."""
    words = {
        "apiKeyHelper": translate("Connect", "%1 is set: Claude Code sends its output instead of the local token."),
        "CLAUDE_CODE_USE_BEDROCK": translate(
            "Connect", "%1 is set: Claude Code asks Amazon Bedrock instead of Dragoman."
        ),
        "CLAUDE_CODE_USE_VERTEX": translate(
            "Connect", "%1 is set: Claude Code asks Google Vertex instead of Dragoman."
        ),
    }
    return words[name].replace("%1", name)


def _changes_table(preview: ClientPreview) -> QTableWidget:
    titles = (translate("Connect", "Setting"), translate("Connect", "Now"), translate("Connect", "Then"))
    table = QTableWidget(len(preview.changes), len(titles))
    table.setObjectName("table")
    table.setAccessibleName(translate("Connect", "Changes"))
    table.setHorizontalHeaderLabels(titles)
    table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
    table.setTabKeyNavigation(False)  # Tab leaves it
    table.verticalHeader().hide()
    table.setShowGrid(False)
    table.setWordWrap(False)
    for line, (key, before, after) in enumerate(preview.changes):
        for place, words in enumerate((key, before or text.NOTHING, after or text.NOTHING)):
            item = QTableWidgetItem(words)
            item.setToolTip(words)
            table.setItem(line, place, item)
    header = table.horizontalHeader()
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
    header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
    header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
    return table
