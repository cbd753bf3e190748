"""What Qt makes of the screen, in lines for a report: platform, style, colours, scale, tray."""

from __future__ import annotations

from PySide6.QtCore import QLocale, qVersion
from PySide6.QtGui import QFontInfo, QGuiApplication
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

from tray_app.ui import color_scheme, language


def facts() -> tuple[str, ...]:
    """One line per fact; not translated, because whoever reads the report may not speak the user's language."""
    hints, font = QGuiApplication.styleHints(), QFontInfo(QApplication.font())
    screens = (f"{s.size().width()}x{s.size().height()} at {s.devicePixelRatio():g}" for s in QGuiApplication.screens())
    return (
        f"Qt {qVersion()} on {QGuiApplication.platformName()}, style {QApplication.style().objectName()}",
        f"colours: {hints.colorScheme().name}, high contrast: {color_scheme.is_high_contrast()}",
        f"screens: {', '.join(screens)}",
        f"font: {font.family()} {font.pointSizeF():g}",
        f"language: {language.current()}, locale {QLocale.system().name()}",
        f"tray: {QSystemTrayIcon.isSystemTrayAvailable()}",
    )
