"""Tests of desktop/paths.py: where the directories are, how they are made, and what is said when they cannot be."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import tempfile
from dataclasses import astuple
from pathlib import Path

import pytest

from helpers.unprivileged import unprivileged
from tray_app.desktop.paths import DirectoryError, paths, private_directory

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="permission bits are POSIX")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_dragoman_home_moves_every_directory(tmp_path: Path) -> None:
    """All five directories lie under DRAGOMAN_HOME, each with its own name."""
    found = astuple(paths({"DRAGOMAN_HOME": str(tmp_path / "portable")}))
    assert [p.relative_to(tmp_path / "portable").as_posix() for p in found] == [
        "config", "data", "state", "cache", "runtime",
    ]  # fmt: skip


def test_a_relative_home_is_made_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A later change of directory must not move the files."""
    monkeypatch.chdir(tmp_path)
    assert paths({"DRAGOMAN_HOME": "here"}).config == tmp_path / "here" / "config"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="XDG variables")
@pytest.mark.parametrize("environ", [{}, {"DRAGOMAN_HOME": ""}])
def test_the_platform_decides_otherwise(
    environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without DRAGOMAN_HOME the XDG directories are used."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "c"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "d"))
    found = paths(environ)
    assert (found.config, found.data) == (tmp_path / "c" / "dragoman", tmp_path / "d" / "dragoman")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="XDG variables")
def test_a_runtime_directory_of_somebody_else_is_a_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """No session directory and a foreign one in the temporary folder: the message names it."""
    with unprivileged() as folder:
        (folder / f"runtime-{os.geteuid()}").symlink_to(folder)
        monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
        monkeypatch.setattr(tempfile, "tempdir", str(folder))
        with pytest.raises(DirectoryError, match="runtime"):
            paths({})


def test_looking_creates_nothing(tmp_path: Path) -> None:
    """`paths()` is a pure look-up."""
    paths({"DRAGOMAN_HOME": str(tmp_path / "x")})
    assert list(tmp_path.iterdir()) == []


@POSIX
def test_directories_are_private_with_their_parents(tmp_path: Path) -> None:
    """Every directory made on the way is 0700, and making them again is harmless."""
    found = paths({"DRAGOMAN_HOME": str(tmp_path / "a" / "b")})
    assert found.create() == found.create()
    assert {mode(p) for p in (tmp_path / "a", tmp_path / "a" / "b", *astuple(found))} == {0o700}


@POSIX
def test_an_open_directory_is_tightened(tmp_path: Path) -> None:
    """A directory left readable by others is closed."""
    wide = tmp_path / "wide"
    wide.mkdir(mode=0o755)
    assert mode(private_directory(wide)) == 0o700


def test_a_file_in_the_way_is_named_and_kept(tmp_path: Path) -> None:
    """The message names the path and what to do; the file stays."""
    (tmp_path / "home").write_text("mine")
    with pytest.raises(DirectoryError, match=r"home.*DRAGOMAN_HOME") as caught:
        private_directory(tmp_path / "home")
    assert caught.value.path == tmp_path / "home"
    assert (tmp_path / "home").read_text() == "mine"


@POSIX
def test_an_unwritable_parent_is_a_clear_error() -> None:
    """A read-only place gives a message, not a traceback of the operating system."""
    with unprivileged() as folder:
        folder.chmod(0o500)
        with pytest.raises(DirectoryError, match="Permission denied"):
            private_directory(folder / "config")


@POSIX
def test_an_unwritable_directory_is_a_clear_error() -> None:
    """An existing directory that cannot be written is refused before anything depends on it."""
    with unprivileged() as folder:
        folder.chmod(0o500)
        with pytest.raises(DirectoryError, match="Permission denied"):
            private_directory(folder)


def test_it_does_not_import_qt() -> None:
    """`dragoman serve` uses it on machines without Qt."""
    code = "import sys, tray_app.desktop.paths; sys.exit('PySide6' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
