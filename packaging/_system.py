"""What the operating system must bring: Qt's shared libraries, the programs of the tests, Python's venv module.

Installs Debian packages where that needs no password (root, or sudo without one) and otherwise says the exact line to
type. It never asks for a password and never touches anything but the package manager. Used by `dev.py` only.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

# Which package brings a library that PySide6's wheels expect from the system. Left to right: Debian and Ubuntu,
# Fedora, Arch. Found by adding them one at a time to a minimal Debian 12.
LIBRARIES = {
    "libEGL.so.1": ("libegl1", "libglvnd-egl", "libglvnd"),
    "libGL.so.1": ("libgl1", "libglvnd-glx", "libglvnd"),
    "libOpenGL.so.0": ("libopengl0", "libglvnd-opengl", "libglvnd"),
    "libGLX.so.0": ("libgl1", "libglvnd-glx", "libglvnd"),
    "libdbus-1.so.3": ("libdbus-1-3", "dbus-libs", "dbus"),
    "libfontconfig.so.1": ("libfontconfig1", "fontconfig", "fontconfig"),
    "libfreetype.so.6": ("libfreetype6", "freetype", "freetype2"),
    "libglib-2.0.so.0": ("libglib2.0-0", "glib2", "glib2"),
    "libgthread-2.0.so.0": ("libglib2.0-0", "glib2", "glib2"),
    "libX11.so.6": ("libx11-6", "libX11", "libx11"),
    "libX11-xcb.so.1": ("libx11-xcb1", "libX11-xcb", "libx11"),
    "libxkbcommon.so.0": ("libxkbcommon0", "libxkbcommon", "libxkbcommon"),
    "libxkbcommon-x11.so.0": ("libxkbcommon-x11-0", "libxkbcommon-x11", "libxkbcommon-x11"),
    "libxcb.so.1": ("libxcb1", "libxcb", "libxcb"),
    "libxcb-cursor.so.0": ("libxcb-cursor0", "xcb-util-cursor", "xcb-util-cursor"),
    "libxcb-icccm.so.4": ("libxcb-icccm4", "xcb-util-wm", "xcb-util-wm"),
    "libxcb-image.so.0": ("libxcb-image0", "xcb-util-image", "xcb-util-image"),
    "libxcb-keysyms.so.1": ("libxcb-keysyms1", "xcb-util-keysyms", "xcb-util-keysyms"),
    "libxcb-randr.so.0": ("libxcb-randr0", "libxcb", "libxcb"),
    "libxcb-render-util.so.0": ("libxcb-render-util0", "xcb-util-renderutil", "xcb-util-renderutil"),
    "libxcb-render.so.0": ("libxcb-render0", "libxcb", "libxcb"),
    "libxcb-shape.so.0": ("libxcb-shape0", "libxcb", "libxcb"),
    "libxcb-shm.so.0": ("libxcb-shm0", "libxcb", "libxcb"),
    "libxcb-sync.so.1": ("libxcb-sync1", "libxcb", "libxcb"),
    "libxcb-util.so.1": ("libxcb-util1", "xcb-util", "xcb-util"),
    "libxcb-xfixes.so.0": ("libxcb-xfixes0", "libxcb", "libxcb"),
    "libxcb-xkb.so.1": ("libxcb-xkb1", "libxcb", "libxcb"),
}
QT_FILES = ("plugins/platforms/libqxcb.so", "plugins/platforms/libqoffscreen.so", "lib/libQt6Widgets.so.6")

# What the tests start, and the Debian package that has it.
TEST_PROGRAMS = {
    "Xvfb": "xvfb",
    "curl": "curl",
    "dbus-daemon": "dbus",
    "desktop-file-validate": "desktop-file-utils",
    "fish": "fish",
    "gnome-keyring-daemon": "gnome-keyring",
    "openbox": "openbox",
    "trayer": "trayer",
    "xclip": "xclip",
    "xdotool": "xdotool",
    "xprop": "x11-utils",
    "zsh": "zsh",
}
# Qt warns, and draws boxes, when there is no font at all.
FONT_PACKAGE = "fonts-dejavu-core"
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts")


class Problem(Exception):  # noqa: N818 -- it reads as what it is where it is raised
    """Something stands in the way; `step` is what the person can do about it."""

    def __init__(self, message: str, step: str) -> None:
        super().__init__(message)
        self.step = step


def say(text: str) -> None:
    """Print a line at once, so that it stands before what a started program prints."""
    print(text, flush=True)


def has_apt() -> bool:
    """Whether this is Debian or one of its children."""
    return sys.platform == "linux" and shutil.which("apt-get") is not None


def privilege() -> list[str] | None:
    """The words to put before a command that needs root: none for root itself, None where a password would be asked."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo"):
        quiet = subprocess.run(
            ["sudo", "-n", "true"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
        )
        if quiet.returncode == 0:
            return ["sudo", "-n"]
    return None


def install_line(packages: Iterable[str]) -> str:
    """The line a person types to install Debian packages."""
    return "sudo apt-get update && sudo apt-get install --no-install-recommends -y " + " ".join(packages)


def install(packages: Sequence[str], purpose: str) -> bool:
    """Install Debian packages if that needs no password; False (after saying the line) where it does not work."""
    before = privilege()
    if before is None:
        say(f"Missing for {purpose}: {', '.join(packages)}. To install them:\n  {install_line(packages)}")
        return False
    say(f"Installing for {purpose}: {', '.join(packages)}")
    apt = [*before, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300"]
    wanted = [*apt, "install", "--no-install-recommends", "-y", *packages]
    # The lists of a fresh machine are empty and those of an old one stale: only then is the slow update needed.
    if _quiet(wanted).returncode == 0:
        return True
    _quiet([*apt, "update"])
    done = _quiet(wanted)
    if done.returncode != 0:
        say(f"apt-get could not install them:\n{done.stdout.strip()}\nTo try by hand:\n  {install_line(packages)}")
    return done.returncode == 0


def _quiet(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)


def missing_libraries(qt: Path) -> list[str]:
    """Names of shared libraries that Qt's files under `qt` (PySide6/Qt) need and the loader does not find."""
    if sys.platform != "linux" or not shutil.which("ldd"):
        return []
    files = [str(qt / name) for name in QT_FILES]
    listing = subprocess.run(["ldd", *files], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)
    return sorted(set(re.findall(r"^\s*(\S+) => not found", listing.stdout, re.MULTILINE)))


def require_libraries(qt: Path) -> None:
    """Install what Qt lacks; raises Problem with the names of the packages where that is not possible."""
    missing = missing_libraries(qt)
    if not missing:
        return
    if has_apt() and install(packages_for(missing, 0), "Qt"):
        missing = missing_libraries(qt)
    if missing:
        raise Problem(f"Qt cannot start: {', '.join(missing)} not found.", _library_step(missing))


def _library_step(missing: Sequence[str]) -> str:
    if has_apt():
        return install_line(packages_for(missing, 0))
    if shutil.which("dnf"):
        return "sudo dnf install " + " ".join(packages_for(missing, 1))
    if shutil.which("pacman"):
        return "sudo pacman -S " + " ".join(packages_for(missing, 2))
    return "Install these libraries with your system's package manager, then start again."


def packages_for(libraries: Iterable[str], family: int) -> list[str]:
    """Package names for shared libraries; `family` is the column of LIBRARIES. Unknown libraries are left out."""
    return sorted({LIBRARIES[name][family] for name in libraries if name in LIBRARIES})


def missing_programs(programs: dict[str, str]) -> list[str]:
    """Debian packages of those programs that are not on PATH."""
    return sorted({package for program, package in programs.items() if not shutil.which(program)})


def prepare_tests() -> None:
    """Install what the tests start (a screen, a tray, shells). Without it those tests are skipped, each with its reason."""
    if sys.platform != "linux":
        return
    packages = missing_programs(TEST_PROGRAMS)
    if not any(next(Path(folder).rglob("*.?tf"), None) for folder in FONT_FOLDERS):
        packages.append(FONT_PACKAGE)
    if not packages:
        return
    if not has_apt():
        say(f"Some tests will be skipped; they need {', '.join(packages)} (Debian's names).")
    elif not install(packages, "the tests"):
        say("The tests that need them will be skipped.")
