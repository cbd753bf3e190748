"""The desktop of the desktop tests works: what it shows is read, what it is told is done."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from helpers.desktop import Desktop
from helpers.waiting import until

TRAY_PROGRAM = """
import sys
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QSystemTrayIcon
app = QApplication(sys.argv)
app.setQuitOnLastWindowClosed(False)
square = QPixmap(22, 22)
square.fill(QColor("#12ab34"))
menu = QMenu()
choice = menu.addAction("Ti_ck")
choice.setCheckable(True)
copy = menu.addMenu("More").addAction("Copy")
copy.triggered.connect(lambda: app.clipboard().setText("copied by the menu"))
menu.addAction("Quit", app.quit)
tray = QSystemTrayIcon(QIcon(square))
tray.setToolTip("a tooltip")
tray.setContextMenu(menu)
tray.activated.connect(lambda reason: print("activated", reason.name))
tray.show()
window = QLabel("hello")
window.setWindowTitle("A window of the test")
window.setStyleSheet("background: #ff00aa")
window.resize(200, 100)
window.show()
app.exec()
print("ended well")
"""


def test_a_status_notifier_host_reads_and_clicks_the_menu(make_desktop: Callable[..., Desktop]) -> None:
    """Icon, tooltip, menu, clipboard, window and end of a small tray program are seen through the helper."""
    desktop = make_desktop(tray="sni")
    app = desktop.start_app(sys.executable, "-c", TRAY_PROGRAM)
    item = desktop.tray.wait_for_item()
    assert item.menu().labels() == ["Tick", "More", "Quit"]
    assert item.menu().child("Tick").checked is False
    item.choose("Tick")
    assert item.menu().child("Tick").checked is True
    item.choose("More", "Copy")
    until(lambda: desktop.clipboard() == "copied by the menu", "the menu's words in the clipboard")
    assert "#12ab34" in item.icon_colors()
    assert "a tooltip" in item.tooltip()
    item.activate()
    app.wait_for_output("activated Trigger")
    desktop.wait_for_window("A window of the test")
    assert desktop.wait_for_color("#ff00aa", at_least=10_000).pixels <= 20_000
    with pytest.raises(LookupError, match="Tick"):
        item.choose("No such entry")
    item.choose("Quit")
    assert app.wait() == 0
    assert "ended well" in app.output


def test_an_xembed_tray_shows_the_icon(make_desktop: Callable[..., Desktop]) -> None:
    """Where only X11's older tray exists, the icon is on the screen and a click arrives."""
    desktop = make_desktop(tray="xembed")
    app = desktop.start_app(sys.executable, "-c", TRAY_PROGRAM)
    icon = desktop.wait_for_color("#12ab34")
    desktop.click(icon.center)
    app.wait_for_output("activated Trigger")


def test_a_desktop_has_a_keyring_of_its_own(make_desktop: Callable[..., Desktop]) -> None:
    """A secret goes into a real Secret Service and comes back, in another process."""
    desktop = make_desktop(tray="none", keyring=True)
    write = desktop.start_app(sys.executable, "-c", "import keyring; keyring.set_password('dragoman', 'a', 'made up')")
    assert write.wait() == 0, write.output
    read = desktop.start_app(sys.executable, "-c", "import keyring; print(keyring.get_password('dragoman', 'a'))")
    assert read.wait() == 0, read.output
    assert read.output.strip() == "made up"
