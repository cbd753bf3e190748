"""Remembers how the user has arranged the window, from one start to the next: its size and place, columns, the split.

Kept when the window goes, in a small file of its own among the program's state; what in it no longer fits is left out.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QByteArray, QFile, QSettings

from tray_app.ui.main_window import MainWindow

GEOMETRY: Final = "window/geometry"
OWNER_ONLY: Final = QFile.Permission.ReadOwner | QFile.Permission.WriteOwner


class Arrangement:
    """Without a `path` nothing is remembered."""

    def __init__(self, path: Path | None) -> None:
        self._path = path

    def restore(self, window: MainWindow) -> None:
        """Arrange a new window as the last one was."""
        if self._path is None:
            return
        stored = QSettings(str(self._path), QSettings.Format.IniFormat)
        kept = {key: value for key in stored.allKeys() if isinstance(value := stored.value(key), QByteArray)}
        if GEOMETRY in kept:
            window.restoreGeometry(kept[GEOMETRY])
        window.requests.arrange(kept)

    def keep(self, window: MainWindow) -> None:
        """Write down how it stands."""
        if self._path is None:
            return
        stored = QSettings(str(self._path), QSettings.Format.IniFormat)
        for key, value in {GEOMETRY: window.saveGeometry(), **window.requests.arrangement()}.items():
            stored.setValue(key, value)
        stored.sync()
        QFile.setPermissions(str(self._path), OWNER_ONLY)
