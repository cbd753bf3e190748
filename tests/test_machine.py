"""What the program runs on."""

from __future__ import annotations

import pytest

from tray_app import __version__
from tray_app.machine import facts


def test_versions_and_the_desktop_are_told() -> None:
    """And of the environment only what tells which desktop it is."""
    said = "\n".join(facts({"DISPLAY": ":7", "XDG_CURRENT_DESKTOP": "XFCE", "OPENAI_API_KEY": "sk-1"}))
    assert f"dragoman {__version__}" in said
    assert "aiohttp: 3." in said
    assert "display: DISPLAY=:7, XDG_CURRENT_DESKTOP=XFCE" in said
    assert "sk-1" not in said


def test_what_is_missing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """A package, a display."""
    monkeypatch.setattr("tray_app.machine.PACKAGES", ("no-such-package",))
    said = "\n".join(facts({}))
    assert "no-such-package: not installed" in said
    assert "display: none" in said
