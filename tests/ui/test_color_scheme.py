"""Every theme has an effect, and everything on it can be read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from tray_app.ui import color_scheme, theme

# Windows that other tests left behind are laid out again when the palette changes.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
Role = QPalette.ColorRole
OURS = ("light", "dark", "contrast")
TEXTS = (
    (Role.WindowText, Role.Window),
    (Role.Text, Role.Base),
    (Role.Text, Role.AlternateBase),
    (Role.ButtonText, Role.Button),
    (Role.HighlightedText, Role.Highlight),
    (Role.Link, Role.Window),
    (Role.Link, Role.Base),
    (Role.PlaceholderText, Role.Base),
    (Role.ToolTipText, Role.ToolTipBase),
)


@pytest.fixture(autouse=True)
def _as_before(qapp: QApplication) -> Iterator[None]:
    yield
    color_scheme.use("system")


def ground(palette: QPalette) -> bool:
    """Whether the window is light."""
    return palette.color(Role.Window).lightness() > 127


@pytest.mark.parametrize(("name", "light"), [("light", True), ("dark", False), ("contrast", False)])
def test_a_theme_has_an_effect_where_the_platform_has_none(qapp: QApplication, name: str, light: bool) -> None:
    """This one knows no colour schemes: our own palette stands in, and leaves again."""
    before = qapp.palette()
    color_scheme.use(name)
    assert ground(qapp.palette()) is light
    assert qapp.palette().color(Role.Window) == color_scheme.palette(name).color(Role.Window)
    assert color_scheme.is_high_contrast() is (name == "contrast")
    color_scheme.use("system")
    assert qapp.palette() == before
    assert not color_scheme.is_high_contrast()


def test_a_platform_that_can_is_left_to_it(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its own dark colours are the ones of the other programs."""

    class Hints:
        asked = Qt.ColorScheme.Unknown

        def setColorScheme(self, scheme: Qt.ColorScheme) -> None:
            self.asked = scheme

        def colorScheme(self) -> Qt.ColorScheme:
            return self.asked

    hints, before = Hints(), qapp.palette()
    monkeypatch.setattr(QGuiApplication, "styleHints", lambda: hints)
    color_scheme.use("dark")
    assert hints.asked is Qt.ColorScheme.Dark
    assert qapp.palette() == before
    assert not color_scheme.is_high_contrast()  # and an older Qt, which cannot tell, is no reason to fail
    color_scheme.use("contrast")
    assert qapp.palette().color(Role.Window) == QColor("#000000")


@pytest.mark.parametrize("name", OURS)
def test_text_can_be_read(qapp: QApplication, name: str) -> None:
    """Every pair of the palettes that is text on its ground, at 4.5 to 1; 7 to 1 in high contrast."""
    color_scheme.use(name)
    palette = color_scheme.palette(name)
    least = 7.0 if name == "contrast" else theme.READABLE
    pairs = {f"{text.name} on {back.name}": (palette.color(text), palette.color(back)) for text, back in TEXTS}
    grounds = {
        "window": palette.color(Role.Window),
        "base": palette.color(Role.Base),
        "card": theme.card_color(palette),
    }
    for where, back in grounds.items():
        pairs[f"muted on {where}"] = (theme.muted_color(palette), back)
        pairs[f"alert on {where}"] = (theme.alert_color(palette), back)
        pairs[f"text on {where}"] = (palette.color(Role.Text), back)
    pairs["selected"] = (palette.color(Role.HighlightedText), theme.selection_color(palette))
    assert {
        name: round(theme.contrast(*pair), 1) for name, pair in pairs.items() if theme.contrast(*pair) < least
    } == {}


@pytest.mark.parametrize("name", OURS)
@pytest.mark.parametrize("mark", [theme.OK, theme.WARN, theme.BAD, theme.BUSY, theme.OFF])
def test_marks_can_be_seen(name: str, mark: str) -> None:
    """Dots and lines that mean something, at 3 to 1 on a list and on a card."""
    palette = color_scheme.palette(name)
    for back in (palette.color(Role.Base), theme.card_color(palette)):
        assert theme.contrast(QColor(mark), back) >= 3.0


def test_a_selection_that_is_hard_to_read_is_made_darker(qapp: QApplication) -> None:
    """The style's own blue under white, for one; what is fine is left alone."""
    palette = QPalette(QColor("#efefef"))
    palette.setColor(Role.Highlight, QColor("#308cc6"))
    palette.setColor(Role.HighlightedText, QColor("#ffffff"))
    assert theme.contrast(QColor("#308cc6"), QColor("#ffffff")) < theme.READABLE
    assert theme.contrast(theme.selection_color(palette), QColor("#ffffff")) >= theme.READABLE
    palette.setColor(Role.Highlight, QColor("#204a87"))
    assert theme.selection_color(palette) == QColor("#204a87")
