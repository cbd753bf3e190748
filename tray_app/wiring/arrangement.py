"""Remembers how the user has arranged the window, from one start to the next: its size and place, columns, the split.

Kept when the window goes, in a small file of its own among the program's state; what in it no longer fits is left out, and
what belongs to a page that was not made this time stays as it is.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QByteArray, QFile, QSettings

from tray_app.ui.main_window import MainWindow
from tray_app.ui.pages.requests import RequestsPage

GEOMETRY: Final = "window/geometry"
OWNER_ONLY: Final = QFile.Permission.ReadOwner | QFile.Permission.WriteOwner


class Arrangement:
    """Without a `path` nothing is remembered."""

    def __init__(self, path: Path | None) -> None:
        self._path = path

    def restore(self, window: MainWindow) -> None:
        """Put a new window where the last one was."""
        window.restoreGeometry(self._kept().get(GEOMETRY, QByteArray()))

    def restore_requests(self, page: RequestsPage) -> None:
        """Arrange a new page as the last one was."""
        page.arrange(self._kept())

    def keep(self, window: MainWindow) -> None:
        """Write down how it stands."""
        if self._path is None:
            return
        stored = QSettings(str(self._path), QSettings.Format.IniFormat)
        arranged = window.requests.arrangement() if RequestsPage in window.made else {}
        for key, value in {GEOMETRY: window.saveGeometry(), **arranged}.items():
            stored.setValue(key, value)
        stored.sync()
        QFile.setPermissions(str(self._path), OWNER_ONLY)

    def _kept(self) -> dict[str, QByteArray]:
        if self._path is None:
            return {}
        stored = QSettings(str(self._path), QSettings.Format.IniFormat)
        return {key: value for key in stored.allKeys() if isinstance(value := stored.value(key), QByteArray)}
