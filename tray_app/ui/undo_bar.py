"""A calm bar that says what was done a moment ago and offers to undo it. How long it is there, others decide."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QPushButton

from tray_app.ui.text import translate
from tray_app.ui.widgets import Panel


class UndoBar(Panel):
    """Hidden while there is nothing to undo.

    Signals:
        undone(): the user wants it back.
    """

    undone = Signal()

    def __init__(self) -> None:
        super().__init__("foot", horizontal=True, pad=8)
        self._words = QLabel()
        self.button = QPushButton(translate("Undo", "U&ndo"))
        self.button.setToolTip(translate("Undo", "Ctrl+Z"))
        self.box.addWidget(self._words, 1)
        self.box.addWidget(self.button)
        self.button.clicked.connect(self.undone)
        self.hide()

    def show_deleted(self, name: str) -> None:
        """Say that something of this name was deleted; an empty name hides the bar."""
        self._words.setText(translate("Undo", "Deleted %1").replace("%1", name))
        self.setVisible(bool(name))
