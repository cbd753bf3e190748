"""What Qt makes of the screen."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from tray_app.ui.screen import facts


def test_platform_style_and_scale_are_told(qapp: QApplication) -> None:
    """In English, one fact a line."""
    said = "\n".join(facts())
    for part in ("on offscreen, style fusion", "at 1", "language: en", "tray: False", "high contrast: False"):
        assert part in said
