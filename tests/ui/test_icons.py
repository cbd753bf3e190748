"""The icons can be told apart and are there at every size."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QImage
from pytestqt.qtbot import QtBot

from tray_app.state import Look
from tray_app.ui import icons

SIZES = (16, 22, 24, 32, 48, 64)
GROUNDS = ("#f2f2f2", "#808080", "#22252a")


def picture(icon: QIcon, size: int, ground: str) -> QImage:
    """The icon on a panel of this colour."""
    from PySide6.QtGui import QPainter

    image = QImage(size, size, QImage.Format.Format_RGB32)
    image.fill(QColor(ground))
    painter = QPainter(image)
    icon.paint(painter, 0, 0, size, size)
    painter.end()
    return image


def difference(one: QImage, other: QImage) -> float:
    """The share of pixels that clearly differ."""
    size = one.width()
    pairs = ((one.pixelColor(x, y), other.pixelColor(x, y)) for x, y in itertools.product(range(size), repeat=2))
    far = sum(max(abs(a - b) for a, b in zip(p.getRgb()[:3], q.getRgb()[:3], strict=True)) > 60 for p, q in pairs)  # type: ignore[index]
    return far / size**2


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("size", SIZES)
def test_the_four_states_can_be_told_apart(qtbot: QtBot, size: int, ground: str) -> None:
    """On light, grey and dark panels, at every size a panel uses."""
    pictures = {look: picture(icons.tray(look), size, ground) for look in Look}
    for one, other in itertools.combinations(Look, 2):
        assert difference(pictures[one], pictures[other]) > 0.04, (one, other)


@pytest.mark.parametrize("size", SIZES)
def test_they_can_be_told_apart_without_colour(qtbot: QtBot, size: int) -> None:
    """By their shapes: an icon that only changed its colour would say nothing to many people."""
    grey = {
        look: picture(icons.tray(look), size, "#f2f2f2").convertToFormat(QImage.Format.Format_Grayscale8)
        for look in Look
    }
    for one, other in itertools.combinations(Look, 2):
        assert difference(grey[one], grey[other]) > 0.02, (one, other)


@pytest.mark.parametrize("size", [16, 22])
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("look", list(Look))
def test_every_state_stands_out_from_the_panel(qtbot: QtBot, look: Look, ground: str, size: int) -> None:
    """A fifth of its area at least is clearly not the panel."""
    empty = QImage(size, size, QImage.Format.Format_RGB32)
    empty.fill(QColor(ground))
    assert difference(picture(icons.tray(look), size, ground), empty) > 0.2


@pytest.mark.parametrize("look", list(Look))
def test_panels_get_the_size_they_have(qtbot: QtBot, look: Look) -> None:
    """And twice that on dense screens: nothing is scaled, so nothing is blurred."""
    sizes = {size.width() for size in icons.tray(look).availableSizes()}
    assert {16, 22, 24, 32, 48} <= sizes
    assert {2 * 16, 2 * 22, 2 * 24, 2 * 32} <= sizes


def test_masks_hold_no_colour(qtbot: QtBot) -> None:
    """A panel that tints them needs opacity only."""
    for look in Look:
        icon = QIcon(str(icons.icon_path(f"tray-{look}-mask")))
        image = icon.pixmap(QSize(64, 64)).toImage()
        colors = {image.pixelColor(x, y).rgb() for x in range(64) for y in range(64) if image.pixelColor(x, y).alpha()}
        assert colors == {QColor("black").rgb()}


def test_macos_gets_templates(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its menu bar tints them; the others get the coloured drawing."""
    assert not icons.tray(Look.IDLE).isMask()
    icons.tray.cache_clear()
    monkeypatch.setattr(icons, "TEMPLATES", True)
    assert icons.tray(Look.IDLE).isMask()
    icons.tray.cache_clear()


def test_a_dot_keeps_its_colour_when_selected(qtbot: QtBot) -> None:
    """Its colour is its meaning; a ring is empty inside."""
    dot = icons.dot("#e0392b")
    assert dot.pixmap(QSize(16, 16), QIcon.Mode.Selected).toImage().pixelColor(8, 8) == QColor("#e0392b")
    assert icons.dot("#e0392b", ring=True).pixmap(QSize(16, 16)).toImage().pixelColor(8, 8).alpha() == 0
    assert not icons.application().isNull()
