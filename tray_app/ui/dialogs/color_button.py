"""A button that shows a colour and lets another one be chosen."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QColorDialog, QToolButton

from tray_app.ui import icons
from tray_app.ui.text import translate


class ColorButton(QToolButton):
    """The button; `color` is ``#rrggbb``.

    Signals:
        changed(): another colour was chosen.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.color = ""
        self.show_color("#5b7cfa")
        self.clicked.connect(self._ask)

    def show_color(self, color: str) -> None:
        """Take this one."""
        self.color = color
        self.setIcon(icons.dot(color))
        self.setToolTip(translate("Editor", "Choose a colour for the lists"))
        self.setAccessibleName(translate("Editor", "Colour %1").replace("%1", color))

    def _ask(self) -> None:
        dialog = QColorDialog(QColor(self.color), self)
        dialog.colorSelected.connect(self._take)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _take(self, color: QColor) -> None:
        self.show_color(color.name())
        self.changed.emit()
