"""The budget of the start: which modules are loaded before the icon is shown, and for `dragoman serve`.

Modules, not milliseconds: their number is the same on every machine. The figures are what was loaded when the budget was
last looked at, and a little more. A module that is missing in a list of forbidden ones costs every start of everybody.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BEFORE_THE_ICON = """
import json, sys
from tray_app.cli import parser
parser().parse_args(["--minimized"])
from tray_app import app
from tray_app.ui.tray import Tray
class Shown(Exception):
    pass
def show(tray):
    raise Shown
Tray.show = show
try:
    app.main(minimized=True)
except Shown:
    print(json.dumps(sorted(sys.modules)))
"""
HEADLESS = """
import json, sys
from tray_app.cli import main, parser
import tray_app.serve, uvloop
print(json.dumps(sorted(sys.modules)))
"""
A_SECRET = """
import asyncio, json, sys
from tray_app.profiles.keyring_process import system_keyring
asyncio.run(system_keyring("linux").status())
print(json.dumps(sorted(sys.modules)))
"""
NOTHING = "import json, sys\nprint(json.dumps(sorted(sys.modules)))"


def loaded(program: str, home: Path) -> set[str]:
    """The modules in a process of its own after a program, without those that every Python loads at its start."""
    variables = {"PYTHONPATH": str(ROOT), "DRAGOMAN_HOME": str(home), "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", program]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COV")} | variables
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.fixture(scope="module")
def at_start(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """What Python itself loads."""
    return loaded(NOTHING, tmp_path_factory.mktemp("home"))


def below(modules: set[str], *packages: str) -> list[str]:
    """Those that are one of the packages, or inside one."""
    return sorted(name for name in modules if any(name == one or name.startswith(f"{one}.") for one in packages))


def test_the_icon_waits_for_little(at_start: set[str], tmp_path: Path) -> None:
    """No network, no event loop, no keyring, no database: all that comes while the icon is on the screen."""
    modules = loaded(BEFORE_THE_ICON, tmp_path) - at_start
    heavy = (
        "asyncio",
        "aiohttp",
        "keyring",
        "qasync",
        "uvloop",
        "ssl",
        "email",
        "importlib.metadata",
        "sqlite3",
        "http",
    )
    own = ("tray_app.translation.answer", "tray_app.translation.request", "tray_app.control", "tray_app.wiring")
    assert below(modules, *heavy, *own, "PySide6.QtNetwork", "PySide6.QtDBus", "tray_app.ui.main_window") == []
    assert len(modules) <= 200, sorted(modules)


def test_serve_loads_no_qt_and_nothing_in_vain(at_start: set[str], tmp_path: Path) -> None:
    """A server needs neither a screen nor the tools of tests; the keyring is asked only if it keeps the token."""
    modules = loaded(HEADLESS, tmp_path) - at_start
    unwanted = ("PySide6", "shiboken6", "qasync", "keyring", "jeepney", "anthropic", "pydantic", "aiohttp.web", "html")
    assert below(modules, *unwanted) == []
    assert len(modules) <= 500, sorted(modules)


def test_what_a_keyring_needs_is_not_kept(tmp_path: Path) -> None:
    """On Linux that is a tenth of the memory of the tray application, for one secret in the morning."""
    modules = loaded(A_SECRET, tmp_path)
    assert "tray_app.profiles.keyring_process" in modules
    assert below(modules, "keyring", "secretstorage", "cryptography") == []
