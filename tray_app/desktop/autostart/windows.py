"""Start on login by the `Run` key of the current user's registry; no administrator, no scheduled task.

The registry module is handed in, because it exists on Windows only and tests bring their own.
"""

from __future__ import annotations

import importlib
import subprocess
from typing import Any, Final

from tray_app.desktop.autostart import AutostartError

RUN_KEY: Final = r"Software\Microsoft\Windows\CurrentVersion\Run"
VALUE_NAME: Final = "Dragoman"


class RunKey:
    """Implements `Autostart` with one value under `RUN_KEY`."""

    def __init__(self, argv: tuple[str, ...], registry: Any = None) -> None:
        self._command = subprocess.list2cmdline(_windowed(argv))
        self._registry: Any = importlib.import_module("winreg") if registry is None else registry

    def is_enabled(self) -> bool:
        """Whether our value is there, whatever program it names: an older install is one the user agreed to."""
        try:
            with self._open(self._registry.KEY_READ) as key:
                self._registry.QueryValueEx(key, VALUE_NAME)
        except OSError:
            return False
        return True

    def enable(self) -> None:
        """Set the value."""
        try:
            with self._open(self._registry.KEY_SET_VALUE) as key:
                self._registry.SetValueEx(key, VALUE_NAME, 0, self._registry.REG_SZ, self._command)
        except OSError as error:
            raise AutostartError(str(error)) from error

    def disable(self) -> None:
        """Delete the value."""
        try:
            with self._open(self._registry.KEY_SET_VALUE) as key:
                self._registry.DeleteValue(key, VALUE_NAME)
        except FileNotFoundError:
            return
        except OSError as error:
            raise AutostartError(str(error)) from error

    def _open(self, access: int) -> Any:
        return self._registry.CreateKeyEx(self._registry.HKEY_CURRENT_USER, RUN_KEY, 0, access)


def _windowed(argv: tuple[str, ...]) -> list[str]:
    # python.exe would open a console window at every login.
    return [
        argv[0].removesuffix("python.exe") + "pythonw.exe" if argv[0].endswith("python.exe") else argv[0],
        *argv[1:],
    ]
