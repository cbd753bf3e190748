"""The launch agent."""

from __future__ import annotations

import plistlib
from pathlib import Path

import pytest

from tray_app.desktop.autostart import AutostartError
from tray_app.desktop.autostart.macos import LABEL, LaunchAgent

ARGV = ("/Applications/Dragoman.app/Contents/MacOS/dragoman", "--minimized")


def test_on_and_off_and_both_twice(tmp_path: Path) -> None:
    """A property list that launchd can read, and nothing else."""
    agent = LaunchAgent(ARGV, tmp_path / "LaunchAgents")
    assert agent.is_enabled() is False
    agent.disable()
    for _ in range(2):
        agent.enable()
        assert agent.is_enabled() is True
    (path,) = (tmp_path / "LaunchAgents").iterdir()
    content = plistlib.loads(path.read_bytes())
    assert (path.name, content["Label"], content["ProgramArguments"]) == (f"{LABEL}.plist", LABEL, list(ARGV))
    for _ in range(2):
        agent.disable()
        assert agent.is_enabled() is False


@pytest.mark.parametrize("content", [b"", b"not a plist", plistlib.dumps({"RunAtLoad": True, "Disabled": True})])
def test_a_broken_or_disabled_agent_is_off(tmp_path: Path, content: bytes) -> None:
    """launchd would not start it either."""
    (tmp_path / f"{LABEL}.plist").write_bytes(content)
    assert LaunchAgent(ARGV, tmp_path).is_enabled() is False


def test_what_the_system_refuses_is_said(tmp_path: Path) -> None:
    """A file where the folder should be; a folder where the file should be."""
    (tmp_path / "file").write_text("")
    with pytest.raises(AutostartError, match="file"):
        LaunchAgent(ARGV, tmp_path / "file" / "LaunchAgents").enable()
    (tmp_path / f"{LABEL}.plist").mkdir()
    with pytest.raises(AutostartError, match=LABEL):
        LaunchAgent(ARGV, tmp_path).disable()
