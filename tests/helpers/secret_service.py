"""A real Secret Service of a test's own: a D-Bus session and gnome-keyring in a fresh home, ended by their process ids.

`secret_service()` is a context manager; tests wrap it in a fixture. Where a program is missing the test is skipped with
the reason.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest

from helpers.waiting import until

PROGRAMS = ("dbus-daemon", "gnome-keyring-daemon")
PASSWORD = b"a made-up password\n"
STOP_TIMEOUT_S = 10.0
# Without service directories: the system's session bus would start a second, locked keyring for whoever asks first.
BUS_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir={home}</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


class SecretService:
    """A running service; `address` is its bus. The collection starts unlocked."""

    def __init__(self, address: str, home: Path) -> None:
        self.address = address
        self.home = home

    def lock(self) -> None:
        """Lock the collection. Without a display nobody can be asked to unlock it."""
        import secretstorage

        with closing(secretstorage.dbus_init()) as connection:
            secretstorage.get_default_collection(connection).lock()


@contextmanager
def secret_service(monkeypatch: pytest.MonkeyPatch) -> Iterator[SecretService]:
    """Start it and point this process at it."""
    missing = [program for program in PROGRAMS if shutil.which(program) is None]
    if missing:
        pytest.skip(f"{', '.join(missing)} not installed: no real Secret Service here")
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dragoman-keyring-")))
        environ = _environment(home)
        address = _start_bus(stack, environ, home)
        environ["DBUS_SESSION_BUS_ADDRESS"] = address
        _start_keyring(stack, environ)
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        monkeypatch.delenv("PYTHON_KEYRING_BACKEND", raising=False)
        until(_on_the_bus, "the Secret Service takes its name")
        yield SecretService(address, home)


def _environment(home: Path) -> dict[str, str]:
    runtime = home / "runtime"
    runtime.mkdir(mode=0o700)
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(runtime),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_CACHE_HOME": str(home / "cache"),
    }


def _start_bus(stack: ExitStack, environ: dict[str, str], home: Path) -> str:
    config = home / "bus.conf"
    config.write_text(BUS_CONFIG.format(home=home))
    bus = subprocess.Popen(
        ["dbus-daemon", f"--config-file={config}", "--nofork", "--print-address=1"],
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    stack.callback(_stop, bus)
    assert bus.stdout is not None
    address = bus.stdout.readline().decode().strip()
    assert address, "the bus did not start"
    return address


def _start_keyring(stack: ExitStack, environ: dict[str, str]) -> None:
    keyring = subprocess.Popen(
        ["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"],
        env=environ,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    stack.callback(_stop, keyring)
    assert keyring.stdin is not None
    keyring.stdin.write(PASSWORD)
    keyring.stdin.close()


def _on_the_bus() -> bool:
    import secretstorage

    with closing(secretstorage.dbus_init()) as connection:
        return bool(secretstorage.check_service_availability(connection))


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None and not pipe.closed:
            pipe.close()
