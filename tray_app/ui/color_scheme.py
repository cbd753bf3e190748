"""Light, dark, high contrast, or as the system says.

What the platform can do itself it is asked for; else our own palette stands in, so that every choice has an effect on every
desktop. Counterpart: `theme.py`, which makes the style sheet of the palette there is.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

Role = QPalette.ColorRole
Scheme = Qt.ColorScheme

SCHEMES: Final = {"light": Scheme.Light, "dark": Scheme.Dark, "contrast": Scheme.Dark}
CONTRAST: Final = "contrast"
_CHOSEN: Final = "dragoman-theme"  # a property of the application, beside the palette that Qt keeps there

# Window, text on it, fields, text in them, buttons, muted text, links, selection and text on it, text of what is disabled.
_COLORS: Final = {
    "light": (
        "#f0f0f0", "#1b1b1b", "#ffffff", "#1b1b1b", "#f4f4f4", "#5c5f64", "#0b5fa5", "#1f6fb5", "#ffffff", "#8d8d8d",
    ),
    "dark": (
        "#2b2d30", "#e8e8e8", "#1f2123", "#e8e8e8", "#3a3d41", "#a9adb3", "#7ab7f0", "#2a6cb0", "#ffffff", "#84888d",
    ),
    CONTRAST: (
        "#000000", "#ffffff", "#000000", "#ffffff", "#000000", "#ffffff", "#ffe14d", "#ffe14d", "#000000", "#9a9a9a",
    ),
}  # fmt: skip
_ROLES: Final = (
    (Role.Window, Role.ToolTipBase),
    (Role.WindowText, Role.ToolTipText),
    (Role.Base,),
    (Role.Text,),
    (Role.Button,),
    (Role.PlaceholderText,),
    (Role.Link, Role.LinkVisited),
    (Role.Highlight, Role.Accent),
    (Role.HighlightedText,),
)
_TEXTS: Final = (Role.WindowText, Role.Text, Role.ButtonText)


def use(setting: str) -> None:
    """Show everything in this theme from now on."""
    hints = QGuiApplication.styleHints()
    scheme = SCHEMES.get(setting, Scheme.Unknown)
    QGuiApplication.instance().setProperty(_CHOSEN, setting)  # type: ignore[union-attr]  # there is one
    hints.setColorScheme(scheme)
    refused = scheme is not Scheme.Unknown and hints.colorScheme() is not scheme
    # An empty palette leaves every colour to the platform.
    QApplication.setPalette(palette(setting) if refused or setting == CONTRAST else QPalette())


def palette(theme: str) -> QPalette:
    """Our own colours for ``light``, ``dark`` or ``contrast``."""
    *colors, disabled = map(QColor, _COLORS[theme])
    made = QPalette(colors[4], colors[0])  # Qt works out the shades of frames from these two
    for roles, color in zip(_ROLES, colors, strict=True):
        for role in roles:
            made.setColor(role, color)
    made.setColor(Role.ButtonText, colors[1])
    made.setColor(Role.AlternateBase, colors[2])
    for role in _TEXTS:
        made.setColor(QPalette.ColorGroup.Disabled, role, disabled)
    return made


def is_high_contrast() -> bool:
    """Whether the user asked for high contrast, here or in the settings of the system."""
    application = QGuiApplication.instance()
    if application is not None and application.property(_CHOSEN) == CONTRAST:
        return True
    hints = QGuiApplication.styleHints()
    if not hasattr(hints, "accessibility"):  # older than Qt 6.10
        return False
    return hints.accessibility().contrastPreference() is Qt.ContrastPreference.HighContrast
