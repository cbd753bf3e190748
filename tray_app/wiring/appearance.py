"""Lets the settings of language and theme take effect at once, and renews what is on the screen in another language.

A dialog keeps its words until it is closed, and so does the window behind it: what is typed is never lost. Counterpart:
`wiring.py`, which owns the window.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QDialog

from tray_app.control.board import Board
from tray_app.state import AppState
from tray_app.ui import color_scheme, language


class Appearance(QObject):
    """Follows the settings.

    Signals:
        languageChanged(): everything that was said must be said again.
    """

    languageChanged = Signal()

    def __init__(self, board: Board, parent: QObject) -> None:
        super().__init__(parent)
        self._board = board
        self._theme = "system"  # what Qt starts with
        board.stateChanged.connect(self._follow)

    def start(self) -> None:
        """Take the settings as they are now."""
        self._follow(self._board.state)

    def _follow(self, state: AppState) -> None:
        if state.settings.theme != self._theme:
            self._theme = state.settings.theme
            color_scheme.use(self._theme)
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, QDialog):
            dialog.finished.connect(self.start, Qt.ConnectionType.UniqueConnection)
        elif language.use(state.settings.language):
            self.languageChanged.emit()
