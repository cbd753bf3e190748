"""Starting: the checks before Qt, one instance, and what a second start does."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest

from helpers.desktop import Desktop
from helpers.tray_program import TrayProgram
from tray_app import app

MakeDesktop = Callable[..., Desktop]


def test_a_second_start_raises_the_window_and_quit_ends_it(make_desktop: MakeDesktop) -> None:
    """One instance; `--quit` takes the same road as the menu."""
    desktop = make_desktop(tray="sni")
    dragoman = TrayProgram(desktop)
    program = dragoman.start("--minimized")
    dragoman.item()
    assert desktop.windows("^Dragoman$") == []
    assert dragoman.start().wait() == 0
    desktop.wait_for_window("^Dragoman$")
    assert dragoman.start("--quit").wait() == 0
    assert program.wait() == 0
    assert dragoman.start("--quit").wait() == 0


def test_a_broken_pair_of_versions_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before Qt is touched, in one line."""
    monkeypatch.setattr(app, "broken_pair", lambda: "PySide6 6.12.0 crashes on Python 3.11.")
    assert app.main() == app.FAILED
    assert capsys.readouterr().err == "dragoman: PySide6 6.12.0 crashes on Python 3.11.\n"


@pytest.mark.only_on("linux")
def test_an_unwritable_home_is_one_clear_line(tmp_path: object) -> None:
    """Nothing was changed, and the line says what to do."""
    environment = {"DRAGOMAN_HOME": "/proc/nowhere", "QT_QPA_PLATFORM": "offscreen", "PATH": "/usr/bin"}
    command = [sys.executable, "-m", "tray_app"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == app.FAILED
    assert done.stderr.startswith("dragoman: /proc/nowhere")
    assert len(done.stderr.splitlines()) == 1
