"""Start on login by a launch agent of the user: one property list, read by launchd at the next login.

launchd is not told at once, or a second instance would start beside the running one.
"""

from __future__ import annotations

import plistlib
from pathlib import Path
from typing import Any, Final

from tray_app.desktop.autostart import AutostartError

LABEL: Final = "app.dragoman.login"


class LaunchAgent:
    """Implements `Autostart` with a file in `folder`."""

    def __init__(self, argv: tuple[str, ...], folder: Path) -> None:
        self._argv = argv
        self._path = folder / f"{LABEL}.plist"

    def content(self) -> dict[str, Any]:
        """The property list."""
        return {
            "Label": LABEL,
            "ProgramArguments": list(self._argv),
            "RunAtLoad": True,
            "LimitLoadToSessionType": "Aqua",
            "ProcessType": "Interactive",
        }

    def is_enabled(self) -> bool:
        """Whether the agent is there and not switched off; a file launchd could not read counts as not there."""
        try:
            agent = plistlib.loads(self._path.read_bytes())
        except (OSError, plistlib.InvalidFileException, ValueError):
            return False
        return bool(agent.get("RunAtLoad")) and not agent.get("Disabled")

    def enable(self) -> None:
        """Write the agent; a half-written file is never seen."""
        temporary = self._path.with_suffix(".tmp")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_bytes(plistlib.dumps(self.content()))
            temporary.replace(self._path)
        except OSError as error:
            raise AutostartError(str(error)) from error

    def disable(self) -> None:
        """Remove the agent."""
        try:
            self._path.unlink(missing_ok=True)
        except OSError as error:
            raise AutostartError(str(error)) from error
