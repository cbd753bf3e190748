"""The Settings page of the running program, by keyboard alone: what is chosen there is in effect at once, and kept."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable

from helpers.desktop import Desktop
from helpers.tray_program import TrayProgram, free_port
from helpers.waiting import until

MakeDesktop = Callable[..., Desktop]
OPEN, QUIT = "打开 Dragoman(O)", "退出(Q)"


def open_settings(desktop: Desktop, dragoman: TrayProgram) -> None:
    """The window, on its last page, with the keyboard."""
    dragoman.item().choose("Open Dragoman")
    until(lambda: "Dragoman" in desktop.run("xdotool", "getwindowfocus", "getwindowname"), "the keyboard")
    desktop.key("ctrl+3", "ctrl+4")


def stored(dragoman: TrayProgram, name: str) -> object:
    """What the file says."""
    content = json.loads((dragoman.config / "settings.json").read_text(encoding="utf-8"))
    return content["settings"].get(name)


def test_language_and_theme_change_while_it_runs(make_desktop: MakeDesktop) -> None:
    """Menu and window speak Chinese, the window turns dark, and the next start remembers both."""
    desktop = make_desktop(tray="sni", keyring=True)
    dragoman = TrayProgram(desktop)
    program = dragoman.start()
    open_settings(desktop, dragoman)
    desktop.key("alt+g", "Down", "Down")
    until(lambda: OPEN in desktop.tray.wait_for_item().menu().labels(), "the menu in Chinese")
    until(lambda: stored(dragoman, "language") == "zh_CN", "the language in the file")
    # The new window has the keyboard where the old one had it.
    until(lambda: "Dragoman" in desktop.run("xdotool", "getwindowfocus", "getwindowname"), "the new window")
    desktop.key("alt+h", "Down", "Down")
    desktop.wait_for_color("#2b2d30", at_least=10_000)
    until(lambda: stored(dragoman, "theme") == "dark", "the theme in the file")
    desktop.tray.wait_for_item().choose(QUIT)
    assert program.wait() == 0
    again = dragoman.start()
    until(lambda: desktop.tray.items and OPEN in desktop.tray.items[-1].menu().labels(), "the menu in Chinese")
    desktop.tray.items[-1].choose(QUIT)
    assert again.wait() == 0


def test_the_port_changes_while_it_runs(make_desktop: MakeDesktop) -> None:
    """The proxy answers at the new address; the tray says so."""
    desktop = make_desktop(tray="sni", keyring=True)
    dragoman = TrayProgram(desktop)
    program = dragoman.start()
    open_settings(desktop, dragoman)
    port = free_port()
    desktop.key("alt+p", "ctrl+a")
    desktop.type(str(port))
    desktop.key("Return")
    item = desktop.tray.wait_for_item()
    until(lambda: f"127.0.0.1:{port}" in item.tooltip(), "the new address in the tooltip")
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=10) as answer:
        assert answer.status == 200
    until(lambda: stored(dragoman, "port") == port, "the port in the file")
    item.choose("Quit")
    assert program.wait() == 0
