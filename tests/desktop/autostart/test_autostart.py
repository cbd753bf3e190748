"""The choice of an implementation, and what it shall start."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

from tray_app.desktop.autostart import autostart, command
from tray_app.desktop.autostart.linux import DesktopEntry
from tray_app.desktop.autostart.macos import LaunchAgent
from tray_app.desktop.autostart.windows import RunKey


@pytest.mark.parametrize(
    ("platform", "kind"),
    [("linux", DesktopEntry), ("darwin", LaunchAgent), ("win32", RunKey), ("freebsd14", DesktopEntry)],
)
def test_each_system_has_its_own(platform: str, kind: type, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What is not Windows or macOS follows the freedesktop specification."""
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setitem(sys.modules, "winreg", ModuleType("winreg"))
    assert isinstance(autostart({}, tmp_path), kind)


def test_the_configuration_folder_is_the_users_choice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """XDG_CONFIG_HOME if it is set and not empty, else .config."""
    monkeypatch.setattr(sys, "platform", "linux")
    for environ, folder in (({"XDG_CONFIG_HOME": str(tmp_path / "x")}, "x"), ({"XDG_CONFIG_HOME": ""}, ".config")):
        autostart(environ, tmp_path).enable()
        assert (tmp_path / folder / "autostart/dragoman.desktop").is_file()


def test_a_frozen_program_starts_itself() -> None:
    """Otherwise this interpreter starts the package; always without the window."""
    assert command(frozen=True, executable="/opt/dragoman") == ("/opt/dragoman", "--minimized")
    assert command(frozen=False, executable="/py") == ("/py", "-m", "tray_app", "--minimized")
