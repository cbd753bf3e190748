"""`dragoman doctor`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tray_app import __version__
from tray_app.doctor import examine, findings


def test_it_tells_versions_places_and_the_state_of_the_keyring(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In lines that can be pasted into a report."""
    environ = {"DRAGOMAN_HOME": str(tmp_path), "DISPLAY": ":7"}
    assert examine(environ) == 0
    said = capsys.readouterr().out
    assert f"dragoman {__version__}" in said
    assert "aiohttp: 3." in said
    assert str(tmp_path / "config") in said
    assert "display: DISPLAY=:7" in said
    assert "keyring: none, " in said
    assert "profiles: 0, active demo" in said


def test_it_reports_what_is_wrong_and_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A broken profiles file is a line, not a crash."""
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "profiles.json").write_text("{")
    monkeypatch.setattr("tray_app.machine.PACKAGES", ("no-such-package",))
    said = "\n".join(findings({"DRAGOMAN_HOME": str(tmp_path)}))
    assert "no-such-package: not installed" in said
    assert said.count("profiles: ") >= 2
    assert "display: none" in said
