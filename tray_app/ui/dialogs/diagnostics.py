"""Shows what a diagnostics bundle will hold before it is saved: every part, as it will leave the machine."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt, Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from tray_app.state import DiagnosticPart
from tray_app.ui import theme
from tray_app.ui.text import translate

SIZE = (860, 600)
LIST_WIDTH = 170


class DiagnosticsDialog(QDialog):
    """The parts on the left, the text of the chosen one on the right.

    Signals:
        saveRequested(str): the file that the user chose.
    """

    saveRequested = Signal(str)

    def __init__(self, parts: tuple[DiagnosticPart, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(translate("Diagnostics", "Save diagnostics"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*SIZE)
        self._parts = parts
        self.list = QListWidget()
        self.text = QPlainTextEdit()
        self.outcome = QLabel()
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Close)
        self.save = self.buttons.button(QDialogButtonBox.StandardButton.Save)
        self.chooser: QFileDialog | None = None
        self._file = ""
        self._fill()
        self._arrange()
        self.list.currentRowChanged.connect(self._show_part)
        self.save.clicked.connect(self._choose_file)
        self.buttons.rejected.connect(self.reject)
        self.list.setCurrentRow(0)

    def show_saved(self, problem: str) -> None:
        """The answer to `saveRequested`: what went wrong, or nothing."""
        self.save.setEnabled(True)
        if problem:
            words = translate("Diagnostics", "Not saved: %1").replace("%1", problem)
        else:
            words = translate("Diagnostics", "Saved as %1").replace("%1", self._file)
        self.outcome.setObjectName("problem" if problem else "")
        self.outcome.setText(words)
        self.outcome.style().polish(self.outcome)  # the sheet goes by the name

    def _fill(self) -> None:
        self.list.addItems([part.name for part in self._parts])
        self.list.setFixedWidth(LIST_WIDTH)
        self.list.setAccessibleName(translate("Diagnostics", "Parts"))
        self.text.setReadOnly(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setTabChangesFocus(True)
        self.outcome.setTextFormat(Qt.TextFormat.PlainText)
        self.outcome.setWordWrap(True)

    def _arrange(self) -> None:
        note = translate(
            "Diagnostics",
            "This is everything that will be saved. Keys and the token are not in it, and neither are prompts or answers; "
            "error messages are in the providers' own words. Nothing is sent anywhere.",
        )
        parts = QHBoxLayout()
        parts.setSpacing(theme.GAP)
        parts.addWidget(self.list)
        parts.addWidget(self.text, 1)
        foot = QHBoxLayout()
        foot.addWidget(self.outcome, 1)
        foot.addWidget(self.buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.PAD, theme.PAD, theme.PAD, theme.PAD)
        column.setSpacing(theme.PAD)
        column.addWidget(theme.muted(note))
        column.addLayout(parts, 1)
        column.addLayout(foot)

    def _show_part(self, row: int) -> None:
        self.text.setPlainText(self._parts[row].text)
        self.text.setAccessibleName(self._parts[row].name)

    def _choose_file(self) -> None:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        name = f"dragoman-diagnostics-{datetime.now().astimezone():%Y-%m-%d}.zip"
        chooser = self.chooser = QFileDialog(
            self, translate("Diagnostics", "Save diagnostics"), str(Path(folder) / name)
        )
        chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        chooser.setNameFilter(translate("Diagnostics", "Zip files (*.zip)"))
        chooser.setDefaultSuffix("zip")
        chooser.fileSelected.connect(self._ask_save)
        chooser.finished.connect(chooser.deleteLater)
        chooser.open()

    def _ask_save(self, file: str) -> None:
        self._file = file
        self.save.setEnabled(False)
        self.outcome.clear()
        self.saveRequested.emit(file)
