"""What `packaging/_system.py` finds missing and how it asks for it."""

from __future__ import annotations

import stat
from pathlib import Path

import _system
import pytest

pytestmark = pytest.mark.only_on("linux")


def program(folder: Path, name: str, script: str) -> Path:
    """A shell script that stands for a program of the system."""
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@pytest.fixture
def bin_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder on PATH besides /bin."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:/bin")
    return folder


def test_missing_libraries_are_read_from_the_loader(bin_folder: Path, tmp_path: Path) -> None:
    """What the loader does not find is named once, in order."""
    lines = "libxcb-cursor.so.0 => not found\n\tlibc.so.6 => /lib/libc.so.6 (0x1)\n\tlibEGL.so.1 => not found"
    program(bin_folder, "ldd", f"printf '\\t{lines}\\n\\tlibEGL.so.1 => not found\\n'")
    assert _system.missing_libraries(tmp_path) == ["libEGL.so.1", "libxcb-cursor.so.0"]


def test_libraries_become_packages() -> None:
    """Each family of distributions has its own names; one package may bring several libraries."""
    libraries = ["libGL.so.1", "libGLX.so.0", "libxcb-cursor.so.0", "libunknown.so.1"]
    assert _system.packages_for(libraries, 0) == ["libgl1", "libxcb-cursor0"]
    assert _system.packages_for(libraries, 1) == ["libglvnd-glx", "xcb-util-cursor"]
    assert _system.packages_for(libraries, 2) == ["libglvnd", "xcb-util-cursor"]


def test_without_privilege_the_line_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where a password would be needed nothing is started; the exact line is printed."""
    monkeypatch.setattr(_system, "privilege", lambda: None)
    assert not _system.install(["xvfb", "openbox"], "the tests")
    said = capsys.readouterr().out
    assert "sudo apt-get install --no-install-recommends -y xvfb openbox" in said


def test_lists_are_updated_only_when_needed(bin_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A first try that fails is followed by an update and a second try; a good first try is not."""
    monkeypatch.setattr(_system, "privilege", list)
    log = bin_folder / "log"
    program(bin_folder, "apt-get", f'echo "$*" >> {log}; test -f {bin_folder}/updated || ! touch {bin_folder}/updated')
    assert _system.install(["zsh"], "the tests")
    words = [line.split()[3] for line in log.read_text().splitlines()]
    assert words == ["install", "update", "install"]
    log.unlink()
    assert _system.install(["zsh"], "the tests")
    assert [line.split()[3] for line in log.read_text().splitlines()] == ["install"]


def test_a_failed_installation_is_told(
    bin_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """apt-get's own words are shown with the line to try by hand."""
    monkeypatch.setattr(_system, "privilege", list)
    program(bin_folder, "apt-get", "echo 'E: no such package'; exit 100")
    assert not _system.install(["zsh"], "the tests")
    said = capsys.readouterr().out
    assert "E: no such package" in said
    assert "sudo apt-get" in said


def test_libraries_that_stay_missing_stop_with_a_step(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without Debian's package manager the step names the packages of the manager that is there."""
    monkeypatch.setattr(_system, "missing_libraries", lambda _qt: ["libxcb-cursor.so.0"])
    monkeypatch.setattr(_system.shutil, "which", lambda name: "/usr/bin/dnf" if name == "dnf" else None)
    with pytest.raises(_system.Problem, match=r"libxcb-cursor\.so\.0") as caught:
        _system.require_libraries(tmp_path)
    assert caught.value.step == "sudo dnf install xcb-util-cursor"


def test_nothing_missing_asks_for_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A complete system is left alone."""
    monkeypatch.setattr(_system, "missing_libraries", lambda _qt: [])
    monkeypatch.setattr(_system, "install", lambda *_: pytest.fail("nothing is missing"))
    _system.require_libraries(tmp_path)
