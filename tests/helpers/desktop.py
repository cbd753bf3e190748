"""A desktop for one test: Xvfb, a window manager, a D-Bus session and a tray host, in a home directory of its own.

Everything is started from here and ended by its process id; nothing of the developer's session is seen or touched.
Tests ask for the `make_desktop` fixture, which marks them `desktop` and skips them where a program is missing.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest

from helpers.screen import Box, Screenshot, read_frame_buffer
from helpers.waiting import TIMEOUT_S, until

if TYPE_CHECKING:  # jeepney exists on Linux only
    from helpers.notification_daemon import NotificationDaemon
    from helpers.tray_hosts import StatusNotifierHost

TrayKind = Literal["sni", "xembed", "none"]
PROGRAMS = ("Xvfb", "openbox", "dbus-daemon", "xdotool", "xprop", "xclip")
BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>{address}</listen>
  {services}
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""
KEYRING_PASSWORD = b"a made-up password\n"
STOP_TIMEOUT_S = 5.0
KEPT_VARIABLES = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "COVERAGE_PROCESS_START", "COVERAGE_PROCESS_CONFIG")
# The size of a desktop whose screen fits a large window of ours and is still quick to search.
SCREEN = (1280, 800)


@dataclass
class App:
    """A program under test on the desktop; `output` is what it wrote to stdout and stderr."""

    process: subprocess.Popen[bytes]
    log: Path

    @property
    def output(self) -> str:
        return self.log.read_text(errors="replace")

    def wait_for_output(self, pattern: str, timeout_s: float = TIMEOUT_S) -> re.Match[str]:
        """The first match of a regular expression in the output; raises TimeoutError."""
        return until(lambda: re.search(pattern, self.output), f"{pattern!r} in the output", timeout_s)

    def wait(self, timeout_s: float = TIMEOUT_S) -> int:
        """The exit code, once it ended by itself."""
        return self.process.wait(timeout_s)

    def signal(self, number: int) -> None:
        self.process.send_signal(number)


class Desktop:
    """Start with `start()`, end with `stop()`; `environment` is what programs on it get."""

    def __init__(
        self,
        folder: Path,
        *,
        tray: TrayKind = "sni",
        keyring: bool = False,
        manager: bool = True,
        services: bool = False,
    ) -> None:
        self.folder = folder
        self.home = folder / "home"
        self._tray_kind, self._wants_keyring, self._wants_manager = tray, keyring, manager
        self._wants_services = services
        self._processes: list[subprocess.Popen[bytes]] = []
        self._services: list[StatusNotifierHost | NotificationDaemon] = []
        self._frame_buffer = folder / "screen"
        self._log = folder / "desktop.log"
        self._host: StatusNotifierHost | None = None
        self.environment = self._environment()

    def _environment(self) -> dict[str, str]:
        runtime = self.folder / "run"
        for path in (self.home, self._frame_buffer):
            path.mkdir(parents=True)
        runtime.mkdir(mode=0o700)
        own = {
            "HOME": self.home,
            "XDG_CONFIG_HOME": self.home / ".config",
            "XDG_DATA_HOME": self.home / ".local/share",
            "XDG_STATE_HOME": self.home / ".local/state",
            "XDG_CACHE_HOME": self.home / ".cache",
            "XDG_RUNTIME_DIR": runtime,
            "QT_QPA_PLATFORM": "xcb",
            "PYTHONUNBUFFERED": "1",
            "PYTHONFAULTHANDLER": "1",  # a crash says where
            "NO_AT_BRIDGE": "1",  # no accessibility bus: nobody would answer
        }
        kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
        return kept | {name: str(value) for name, value in own.items()}

    # --- life

    def start(self) -> Desktop:
        try:
            self._start_display()
            self._start_bus()
            if self._wants_manager:
                self._start_window_manager()
            if self._wants_keyring:
                self._start_keyring()
            self.start_tray(self._tray_kind)
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """End everything that was started here, newest first."""
        for service in reversed(self._services):
            service.close()
        for process in reversed(self._processes):
            end(process)
        self._services.clear()
        self._processes.clear()

    def spawn(self, *command: str, stdin: bytes | None = None, **variables: str) -> subprocess.Popen[bytes]:
        """Start a program of the desktop itself; its output goes to one log beside the home directory."""
        with self._log.open("ab") as log:
            process = subprocess.Popen(
                command,
                env=self.environment | variables,
                stdin=subprocess.PIPE if stdin else subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._processes.append(process)
        if stdin and process.stdin:
            process.stdin.write(stdin)
            process.stdin.close()
        return process

    def _start_display(self) -> None:
        reading, writing = os.pipe()
        with self._log.open("ab") as log:
            size = f"{SCREEN[0]}x{SCREEN[1]}x24"
            options = ("-screen", "0", size, "-fbdir", str(self._frame_buffer), "-nolisten", "tcp", "-noreset")
            server = subprocess.Popen(
                ("Xvfb", "-displayfd", str(writing), *options),
                env=self.environment,
                pass_fds=[writing],
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._processes.append(server)
        os.close(writing)
        with os.fdopen(reading) as pipe:  # Xvfb writes the number it took once it accepts connections
            number = pipe.readline().strip()
        assert number, f"Xvfb did not start: {self._log.read_text(errors='replace')}"
        self.environment["DISPLAY"] = f":{number}"

    def _start_bus(self) -> None:
        """A bus of our own; what it may start by itself is nothing, or what this machine happens to have installed."""
        address = f"unix:path={self.folder / 'bus'}"
        config = self.folder / "bus.conf"
        config.write_text(
            BUS.format(address=address, services="<standard_session_servicedirs/>" if self._wants_services else "")
        )
        self.spawn("dbus-daemon", f"--config-file={config}", "--nofork", "--nopidfile")
        until(lambda: _accepts(self.folder / "bus"), "the D-Bus session")
        self.environment["DBUS_SESSION_BUS_ADDRESS"] = address

    def _start_window_manager(self) -> None:
        self.spawn("openbox", "--sm-disable")
        until(lambda: "window id" in self.run("xprop", "-root", "_NET_SUPPORTING_WM_CHECK"), "the window manager")

    def _start_keyring(self) -> None:
        command = ("gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets")
        self.spawn(*command, stdin=KEYRING_PASSWORD)
        self.environment["PYTHON_KEYRING_BACKEND"] = "keyring.backends.SecretService.Keyring"
        names = ("dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.DBus", "/")
        listed = (*names, "org.freedesktop.DBus.ListNames")
        until(lambda: "org.freedesktop.secrets" in self.run(*listed), "the Secret Service")

    # --- the tray

    def start_tray(self, kind: TrayKind) -> None:
        """Start a tray host now: before the application, or long after it to be the late one."""
        if kind == "sni":
            from helpers.tray_hosts import StatusNotifierHost

            self._host = StatusNotifierHost(self.environment["DBUS_SESSION_BUS_ADDRESS"])
            self._services.append(self._host)
        elif kind == "xembed":
            from helpers.tray_hosts import TRAYER

            self.spawn(*TRAYER)
            display = self.environment["DISPLAY"]
            until(lambda: selection_owner(display, "_NET_SYSTEM_TRAY_S0"), "the tray of trayer")

    @property
    def tray(self) -> StatusNotifierHost:
        """The D-Bus tray host (``tray="sni"``)."""
        assert self._host is not None, "this desktop has no StatusNotifier host"
        return self._host

    def stop_tray(self) -> None:
        """The D-Bus tray host leaves, as when a panel crashes."""
        self.tray.close()

    def start_notifications(self, *, markup: bool = True) -> NotificationDaemon:
        """Start a notification daemon (there is none otherwise), or another one when the first has been closed."""
        from helpers.notification_daemon import NotificationDaemon

        daemon = NotificationDaemon(self.environment["DBUS_SESSION_BUS_ADDRESS"], markup=markup)
        self._services.append(daemon)
        return daemon

    # --- programs

    def start_app(self, *command: str, **variables: str) -> App:
        """Start a program under test; without a command, the application itself (``python -m tray_app``)."""
        log = self.folder / f"app-{len(self._processes)}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                command or (sys.executable, "-m", "tray_app"),
                env=self.environment | variables,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self._processes.append(process)
        return App(process, log)

    def run(self, *command: str) -> str:
        """The output of a short helper program, whatever its exit code."""
        done = subprocess.run(command, env=self.environment, capture_output=True, timeout=10, check=False)
        return done.stdout.decode(errors="replace")

    # --- screen, mouse, keyboard, clipboard

    def screen(self) -> Screenshot:
        return read_frame_buffer(self._frame_buffer / "Xvfb_screen0")

    def save_screen(self, path: Path) -> Path:
        """Write a PNG of the screen, for a person to look at."""
        return self.screen().save_png(path)

    def wait_for_color(self, color: str, at_least: int = 16, timeout_s: float = TIMEOUT_S) -> Box:
        """Where this colour (``#rrggbb``) is, as soon as enough pixels of it are on the screen."""
        return until(lambda: self.screen().find(color, at_least), f"{color} on the screen", timeout_s)

    def click(self, position: tuple[int, int], button: int = 1) -> None:
        x, y = position
        self.run("xdotool", "mousemove", str(x), str(y), "click", str(button))

    def key(self, *names: str) -> None:
        """Press keys by their X names, for example ``ctrl+c`` or ``Return``."""
        self.run("xdotool", "key", *names)

    def type(self, text: str) -> None:
        self.run("xdotool", "type", "--delay", "5", text)

    def windows(self, title: str) -> list[str]:
        """Ids of the visible windows whose title matches a regular expression."""
        return self.run("xdotool", "search", "--onlyvisible", "--name", title).split()

    def wait_for_window(self, title: str, timeout_s: float = TIMEOUT_S) -> str:
        """The id of the first visible window with such a title."""
        return until(lambda: self.windows(title), f"a window titled {title!r}", timeout_s)[0]

    def clipboard(self) -> str:
        """The clipboard's text; empty if it is empty or its owner has gone."""
        command = ("timeout", "3", "xclip", "-selection", "clipboard", "-o")
        return self.run(*command)


def _accepts(path: Path) -> bool:
    """Whether somebody listens at a socket; the file is there a moment earlier."""
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(path)) == 0


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process and its group: politely, then not."""
    if process.poll() is not None:
        return
    os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(STOP_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def selection_owner(display: str, name: str) -> int:
    """The window that owns an X selection (0: none); asked of libX11 directly, for no common program tells."""
    x11 = ctypes.CDLL(ctypes.util.find_library("X11"))
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XInternAtom.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int]
    x11.XInternAtom.restype = ctypes.c_ulong
    x11.XGetSelectionOwner.argtypes = [ctypes.c_void_p, ctypes.c_ulong]
    x11.XGetSelectionOwner.restype = ctypes.c_ulong
    x11.XCloseDisplay.argtypes = [ctypes.c_void_p]
    connection = x11.XOpenDisplay(display.encode())
    owner = x11.XGetSelectionOwner(connection, x11.XInternAtom(connection, name.encode(), 0))
    x11.XCloseDisplay(connection)
    return int(owner)


@pytest.fixture
def make_desktop(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Callable[..., Desktop]]:
    """A function that starts a desktop: ``make_desktop(tray="sni" | "xembed" | "none", keyring=False)``.

    `services` lets its bus start what is installed on this machine.

    If the test fails, a picture of the screen and the programs' output lie in its temporary directory.
    """
    made: list[Desktop] = []

    def make(*, tray: TrayKind = "sni", keyring: bool = False, manager: bool = True, services: bool = False) -> Desktop:
        needed = (*PROGRAMS, *(["trayer"] if tray == "xembed" else []), *(["gnome-keyring-daemon"] if keyring else []))
        if missing := [program for program in needed if not shutil.which(program)]:
            pytest.skip(f"not installed: {', '.join(missing)}")
        folder = tmp_path / f"desktop{len(made)}"
        desktop = Desktop(folder, tray=tray, keyring=keyring, manager=manager, services=services)
        made.append(desktop)
        return desktop.start()

    yield make
    for desktop in made:
        _keep_evidence(desktop, request)
        desktop.stop()


def _keep_evidence(desktop: Desktop, request: pytest.FixtureRequest) -> None:
    if not getattr(request.node, "failed_call", False):
        return
    desktop.save_screen(desktop.folder / "screen.png")
    for log in sorted(desktop.folder.glob("*.log")):
        request.node.add_report_section("call", log.name, log.read_text(errors="replace")[-4000:])
