"""The Run key, with a registry made of a dictionary."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import pytest

from tray_app.desktop.autostart import AutostartError
from tray_app.desktop.autostart.windows import RUN_KEY, VALUE_NAME, RunKey


class Registry:
    """As much of winreg as is used; `refused` makes writing fail."""

    HKEY_CURRENT_USER, KEY_READ, KEY_SET_VALUE, REG_SZ = "HKCU", 1, 2, 1

    def __init__(self) -> None:
        self.values: dict[tuple[str, str], str] = {}
        self.refused = False

    def CreateKeyEx(self, root: str, key: str, reserved: int, access: int) -> Any:
        if self.refused and access == self.KEY_SET_VALUE:
            raise PermissionError(5, "Access is denied")
        return nullcontext(f"{root}\\{key}")

    def QueryValueEx(self, key: str, name: str) -> tuple[str, int]:
        if (key, name) not in self.values:
            raise FileNotFoundError(2, "no such value")
        return self.values[key, name], self.REG_SZ

    def SetValueEx(self, key: str, name: str, reserved: int, kind: int, value: str) -> None:
        self.values[key, name] = value

    def DeleteValue(self, key: str, name: str) -> None:
        if self.values.pop((key, name), None) is None:
            raise FileNotFoundError(2, "no such value")


def test_on_and_off_and_both_twice() -> None:
    """One value of the user's Run key, quoted as Windows wants it."""
    registry = Registry()
    run = RunKey((r"C:\Program Files\Dragoman\dragoman.exe", "--minimized"), registry)
    assert run.is_enabled() is False
    for _ in range(2):
        run.enable()
        assert run.is_enabled() is True
    assert registry.values == {
        (f"HKCU\\{RUN_KEY}", VALUE_NAME): r'"C:\Program Files\Dragoman\dragoman.exe" --minimized'
    }
    for _ in range(2):
        run.disable()
        assert run.is_enabled() is False


def test_no_console_window_at_login() -> None:
    """An interpreter is replaced by its windowed twin."""
    registry = Registry()
    RunKey((r"C:\venv\python.exe", "-m", "tray_app", "--minimized"), registry).enable()
    assert list(registry.values.values()) == [r"C:\venv\pythonw.exe -m tray_app --minimized"]


def test_what_the_system_refuses_is_said() -> None:
    """In its own words."""
    registry = Registry()
    run = RunKey(("dragoman.exe",), registry)
    run.enable()
    registry.refused = True
    with pytest.raises(AutostartError, match="Access is denied"):
        run.enable()
    with pytest.raises(AutostartError, match="Access is denied"):
        run.disable()
    assert run.is_enabled() is True
