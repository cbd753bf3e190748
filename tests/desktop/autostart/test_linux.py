"""The desktop entry that starts us at login."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tray_app.desktop.autostart import AutostartError
from tray_app.desktop.autostart.linux import FILE_NAME, DesktopEntry, quote

ARGV = ("/opt/My Apps/dragoman", "--minimized")


def exec_line(text: str) -> str:
    """The value of Exec."""
    return next(line.removeprefix("Exec=") for line in text.splitlines() if line.startswith("Exec="))


def test_on_and_off_and_both_twice(tmp_path: Path) -> None:
    """Idempotent both ways, and nothing else stays behind."""
    entry = DesktopEntry(ARGV, tmp_path / "autostart")
    assert entry.is_enabled() is False
    entry.disable()
    for _ in range(2):
        entry.enable()
        assert entry.is_enabled() is True
    assert [path.name for path in (tmp_path / "autostart").iterdir()] == [FILE_NAME]
    for _ in range(2):
        entry.disable()
        assert entry.is_enabled() is False


@pytest.mark.parametrize("argv", [ARGV, ("/a b/py'th\"on`$x", "-m", "tray_app", "100%", "back\\slash")])
def test_the_file_is_valid(tmp_path: Path, argv: tuple[str, ...]) -> None:
    """Says the checker of freedesktop.org, for odd paths too."""
    checker = shutil.which("desktop-file-validate")
    if checker is None:
        pytest.skip("not installed: desktop-file-validate")
    DesktopEntry(argv, tmp_path).enable()
    done = subprocess.run([checker, str(tmp_path / FILE_NAME)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@pytest.mark.parametrize("argument", ["plain", "with blank", 'a"b', "a`b", "a$b", "a\\b", "50%", "it's"])
def test_arguments_survive_the_quoting(argument: str) -> None:
    """Undone as the specification says: string escapes first, then the quoting, then the field codes."""
    quoted = re.sub(r"\\(.)", r"\1", quote(argument))
    assert (quoted[0], quoted[-1]) == ('"', '"')
    assert re.sub(r"\\(.)", r"\1", quoted[1:-1]).replace("%%", "%") == argument


def test_flatpak_is_asked_to_run_us(tmp_path: Path) -> None:
    """Nothing of the sandbox exists outside it."""
    entry = DesktopEntry(ARGV, tmp_path, flatpak_id="app.dragoman.Dragoman")
    assert exec_line(entry.text()) == '"flatpak" "run" "app.dragoman.Dragoman" "--minimized"'


@pytest.mark.parametrize("line", ["Hidden=true", "X-GNOME-Autostart-enabled=false"])
def test_an_entry_that_the_desktop_switched_off_is_off(tmp_path: Path, line: str) -> None:
    """Desktops edit the file instead of deleting it."""
    entry = DesktopEntry(ARGV, tmp_path)
    entry.enable()
    path = tmp_path / FILE_NAME
    path.write_text(path.read_text().replace("X-GNOME-Autostart-enabled=true\n", "") + line + "\n")
    assert entry.is_enabled() is False


def test_what_the_system_refuses_is_said(tmp_path: Path) -> None:
    """A file where the folder should be; a folder where the file should be."""
    (tmp_path / "file").write_text("")
    with pytest.raises(AutostartError, match="file"):
        DesktopEntry(ARGV, tmp_path / "file" / "autostart").enable()
    (tmp_path / FILE_NAME).mkdir()
    with pytest.raises(AutostartError, match=FILE_NAME):
        DesktopEntry(ARGV, tmp_path).disable()
