"""The icon in real tray hosts: there before it, late, gone, come back, or none at all."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from helpers.desktop import Desktop, end
from helpers.tray_hosts import TRAYER, XFCE_PANEL, TrayItem
from helpers.tray_program import IDLE, TrayProgram, quit_by_menu
from helpers.waiting import until

MakeDesktop = Callable[..., Desktop]
WATCHER = "org.kde.StatusNotifierWatcher"


def test_without_a_tray_the_window_opens_until_one_comes(make_desktop: MakeDesktop) -> None:
    """The app stays reachable, and a host that arrives late gets the icon."""
    desktop = make_desktop(tray="none")
    dragoman = TrayProgram(desktop)
    program = dragoman.start()
    desktop.wait_for_window("^Dragoman$")
    desktop.start_tray("sni")
    item = dragoman.item()
    item.choose("Open Dragoman")
    quit_by_menu(item, program)


def test_a_host_that_dies_gets_the_icon_again_when_it_comes_back(make_desktop: MakeDesktop) -> None:
    """While there is none the window says why; afterwards the menu is as it was."""
    desktop = make_desktop(tray="sni")
    dragoman = TrayProgram(desktop)
    program = dragoman.start()
    before = entries(dragoman.item())
    desktop.stop_tray()
    window = desktop.wait_for_window("^Dragoman$")
    desktop.start_tray("sni")
    item = dragoman.item()
    assert entries(item) == before
    desktop.run("xdotool", "windowclose", window)
    until(lambda: not desktop.windows("^Dragoman$"), "the window to hide, now that there is an icon")
    quit_by_menu(item, program)


def entries(item: TrayItem) -> list[str]:
    """The menu without the day's sums, which the ledger may complete meanwhile."""
    return [label for label in item.menu().labels() if "no requests yet" not in label]


def test_the_older_kind_of_tray_may_come_late_and_come_back(make_desktop: MakeDesktop) -> None:
    """The icon is on the screen each time."""
    desktop = make_desktop(tray="none")
    dragoman = TrayProgram(desktop)
    program = dragoman.start()
    window = desktop.wait_for_window("^Dragoman$")
    desktop.run("xdotool", "windowminimize", window)
    until(lambda: desktop.screen().find(IDLE) is None, "the window to be out of sight")
    tray = desktop.spawn(*TRAYER)
    desktop.wait_for_color(IDLE)
    end(tray)
    until(lambda: desktop.screen().find(IDLE) is None, "the tray to be gone")
    desktop.spawn(*TRAYER)
    desktop.wait_for_color(IDLE)
    program.signal(15)
    assert program.wait() == 0


@pytest.mark.if_installed("xfce4-panel")
def test_a_panel_that_people_use_shows_the_icon_and_its_menu(make_desktop: MakeDesktop) -> None:
    """A click with the right button opens the menu, a key chooses from it."""
    desktop = make_desktop(tray="none", services=True)
    config = desktop.home / ".config/xfce4/xfconf/xfce-perchannel-xml"
    config.mkdir(parents=True)
    (config / "xfce4-panel.xml").write_text(XFCE_PANEL)
    desktop.spawn("xfce4-panel", "--disable-wm-check")
    names = (
        "dbus-send",
        "--session",
        "--print-reply",
        "--dest=org.freedesktop.DBus",
        "/",
        "org.freedesktop.DBus.ListNames",
    )
    until(lambda: WATCHER in desktop.run(*names), "the panel's tray")
    dragoman = TrayProgram(desktop)
    program = dragoman.start("--minimized")
    icon = desktop.wait_for_color(IDLE)
    before = windows(desktop)
    desktop.click(icon.center, button=3)
    until(lambda: windows(desktop) - before, "the menu")
    desktop.key("Up", "Return")  # its last entry
    assert program.wait() == 0


def windows(desktop: Desktop) -> set[str]:
    """Everything that is on the screen, menus included."""
    return set(desktop.run("xdotool", "search", "--onlyvisible", "--name", "").split())
