"""The page of the providers with a real mouse, keyboard and Secret Service: sort, delete, undo, duplicate."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable

import msgspec

from helpers.desktop import Desktop
from helpers.screen import Box
from helpers.tray_program import TrayProgram, active_window, local_profile, quit_by_menu
from helpers.waiting import until
from tray_app.profiles.model import KeyringCredential

MakeDesktop = Callable[..., Desktop]
ALPHA, BETA = "#ab12cd", "#12cdab"
KEY = "sk-made-up-0123456789abcdef"
LIST = Box(0, 0, 560, 800, 0)  # the left part of the screen; the card beside it shows the same colours
STEPS = 8


def order(dragoman: TrayProgram) -> list[str]:
    """The ids in the file."""
    content = json.loads((dragoman.config / "profiles.json").read_text())
    return [profile["id"] for profile in content["profiles"]]


def row(desktop: Desktop, color: str) -> Box:
    """Where the mark of a provider is in the list; the mouse goes away first, for a tooltip hides what it is about."""
    desktop.run("xdotool", "mousemove", "1", "1")
    return until(lambda: desktop.screen().find(color, 12, LIST), f"{color} in the list")


def drag(desktop: Desktop, start: tuple[int, int], end: tuple[int, int]) -> None:
    """As a hand does it: a little at first, then there, then let go."""
    desktop.run("xdotool", "mousemove", str(start[0]), str(start[1]), "mousedown", "1")
    for step in range(1, STEPS + 1):
        x, y = (from_ + (to - from_) * step // STEPS for from_, to in zip(start, end, strict=True))
        desktop.run("xdotool", "mousemove", str(x), str(y), "sleep", "0.05")
    desktop.run("xdotool", "mouseup", "1")


def stored_key(desktop: Desktop, command: str) -> str:
    """What another process does with our entry of the Secret Service."""
    return desktop.run(sys.executable, "-c", f"import keyring; print(keyring.{command} or '')").strip()


def test_providers_are_sorted_deleted_and_brought_back(make_desktop: MakeDesktop) -> None:
    """By dragging and by keyboard; the key is there as long as the provider can come back, and not longer."""
    desktop = make_desktop(tray="sni", keyring=True)
    alpha = msgspec.structs.replace(
        local_profile("alpha", "http://127.0.0.1:9/v1", ALPHA), credential=KeyringCredential()
    )
    dragoman = TrayProgram(desktop, profiles=(alpha, local_profile("beta", "http://127.0.0.1:9/v1", BETA)))
    stored_key(desktop, f"set_password('dragoman', 'alpha', '{KEY}')")
    program = dragoman.start()
    item = dragoman.item()
    item.choose("Open Dragoman")
    until(lambda: "Dragoman" in active_window(desktop), "the window to have the keyboard")
    desktop.key("ctrl+3")
    above, below = row(desktop, ALPHA), row(desktop, BETA)
    drag(desktop, below.center, (above.center[0] + 40, above.top - 10))
    until(lambda: order(dragoman) == ["beta", "alpha"], "the order after dragging")
    desktop.click(row(desktop, ALPHA).center)
    desktop.key("alt+Up")
    until(lambda: order(dragoman) == ["alpha", "beta"], "the order after Alt+Up")
    desktop.key("Delete")
    until(lambda: order(dragoman) == ["beta"], "the deletion")
    assert stored_key(desktop, "get_password('dragoman', 'alpha')") == KEY
    desktop.key("ctrl+z")
    until(lambda: order(dragoman) == ["alpha", "beta"], "the provider to come back")
    until(lambda: row(desktop, ALPHA).top < row(desktop, BETA).top, "the list to show it")
    desktop.click(row(desktop, BETA).center)
    desktop.key("ctrl+d")
    until(lambda: "Add a provider" in active_window(desktop), "the editor")
    desktop.key("Return")
    until(lambda: order(dragoman) == ["alpha", "beta", "beta-copy"], "the duplicate")
    until(lambda: "Dragoman" in active_window(desktop), "the window to have the keyboard again")
    desktop.click(row(desktop, ALPHA).center)
    desktop.key("Delete")
    until(lambda: order(dragoman) == ["beta", "beta-copy"], "the deletion for good")
    quit_by_menu(item, program)
    assert stored_key(desktop, "get_password('dragoman', 'alpha')") == ""
