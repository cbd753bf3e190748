"""Start on login, one file per operating system behind one small protocol; tests fake the system, never the protocol."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol


class AutostartError(Exception):
    """The system refused; the message holds its own words."""


class Autostart(Protocol):
    """Whether the program starts with the session. Calls touch files or the registry: not for the UI thread."""

    def is_enabled(self) -> bool:
        """What the system would do at the next login."""

    def enable(self) -> None:
        """Start this very program at login, minimized. Idempotent; raises AutostartError."""

    def disable(self) -> None:
        """Do not. Idempotent; raises AutostartError."""


def command(*, frozen: bool, executable: str) -> tuple[str, ...]:
    """What has to be run: the frozen program itself, or this interpreter with the package."""
    return (executable, "--minimized") if frozen else (executable, "-m", "tray_app", "--minimized")


def autostart(environ: Mapping[str, str], home: Path) -> Autostart:
    """The implementation for this system."""
    argv = command(frozen=bool(getattr(sys, "frozen", False)), executable=sys.executable)
    if sys.platform == "win32":
        from tray_app.desktop.autostart.windows import RunKey

        return RunKey(argv)
    if sys.platform == "darwin":
        from tray_app.desktop.autostart.macos import LaunchAgent

        return LaunchAgent(argv, home / "Library" / "LaunchAgents")
    from tray_app.desktop.autostart.linux import DesktopEntry

    config = Path(environ.get("XDG_CONFIG_HOME") or home / ".config")
    return DesktopEntry(argv, config / "autostart", flatpak_id=environ.get("FLATPAK_ID", ""))
