"""The command line: one clear line for every mistake, and nothing heavy before it is needed."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tray_app import __version__
from tray_app.cli import has_screen, main


@pytest.mark.parametrize(
    "arguments",
    [
        ["--nonsense"],
        ["dance"],
        ["serve", "--port", "http"],
        ["serve", "--port", "70000"],
        ["serve", "--api", "soap"],
        ["serve", "--token-env", "T", "--no-token"],
    ],
)
def test_bad_arguments_are_one_line_and_status_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """No screen full of usage."""
    with pytest.raises(SystemExit) as raised:
        main(arguments)
    said = capsys.readouterr().err
    assert raised.value.code == 2
    assert said.startswith("dragoman")
    assert said.count("\n") == 1


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """And nothing else is done."""
    with pytest.raises(SystemExit) as raised:
        main(["--version"])
    assert (raised.value.code, capsys.readouterr().out) == (0, f"dragoman {__version__}\n")


def test_without_a_display_the_way_out_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Qt would abort the process."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("tray_app.cli.has_screen", lambda _: False)
    assert main([]) == 2
    assert "dragoman serve" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("environ", "platform", "expected"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({"QT_QPA_PLATFORM": "offscreen"}, "linux", True),
        ({"QT_QPA_PLATFORM": "xcb"}, "linux", False),
        ({}, "win32", True),
        ({}, "darwin", True),
    ],
)
def test_what_counts_as_a_screen(environ: dict[str, str], platform: str, expected: bool) -> None:
    """Windows and macOS always have one."""
    assert has_screen(environ, platform) is expected


@pytest.mark.parametrize("module", ["tray_app.serve", "tray_app.cli", "tray_app.proxy.endpoint.server"])
def test_the_headless_program_imports_no_qt(module: str) -> None:
    """Neither does it load the keyring before it is asked for a secret."""
    probe = f"import {module}, sys; print([name for name in ('PySide6', 'qasync', 'keyring') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"
