"""The project's virtual environment: made once, filled from the hash-pinned requirement files, reused while they stand.

Uses nothing but the standard library, for it runs before anything is installed. Used by `dev.py` only.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from _system import Problem, has_apt, install, install_line, say

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
REQUIREMENTS = ROOT / "packaging" / "requirements"
STAMP = VENV / "dragoman-pins.json"
OLDEST, NEWEST = (3, 11), (3, 14)
# `dev` holds everything `runtime` does, so an environment made for the tests also runs the application.
INCLUDES = {"runtime": ("runtime",), "dev": ("runtime", "dev")}


def venv_python() -> Path:
    """The interpreter of the virtual environment."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def qt_folder() -> Path | None:
    """PySide6's folder of Qt libraries inside the environment, if it is there."""
    return next(VENV.glob("lib/python*/site-packages/PySide6/Qt"), None)


def ensure(kind: str) -> Path:
    """Make or complete the environment for ``runtime`` or ``dev``; returns its interpreter. Raises Problem."""
    if not _works():
        _create(_interpreter())
    pins = {name: _digest(REQUIREMENTS / f"{name}.txt") for name in INCLUDES[kind]}
    installed = _installed()
    if any(installed.get(name) != pin for name, pin in pins.items()):
        _install(REQUIREMENTS / f"{kind}.txt")
        STAMP.write_text(json.dumps(pins), encoding="utf-8")
    return venv_python()


def _works() -> bool:
    """Whether the environment's interpreter starts: it does not after its Python was removed or upgraded."""
    python = venv_python()
    if not python.exists():
        return False
    probe = [str(python), "-c", "import pip, sys; sys.exit(sys.version_info[:2] < (3, 11))"]
    return subprocess.run(probe, stderr=subprocess.DEVNULL, check=False).returncode == 0


def _interpreter() -> list[str]:
    """The command of a Python that can run the application: this one, or a newer one found on PATH."""
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        return [sys.executable]
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        if found:
            return [found]
    raise Problem(
        f"Dragoman needs Python 3.{OLDEST[1]} to 3.{NEWEST[1]}; this is {sys.version.split()[0]}.",
        f"Install one of them, then start again with it: python3.{NEWEST[1]} packaging/dev.py ...",
    )


def _create(python: list[str]) -> None:
    """Make the environment anew, with Debian's missing venv package installed first where that is possible."""
    if python == [sys.executable] and importlib.util.find_spec("ensurepip") is None:
        _install_venv_module()
    say(f"Making the virtual environment {VENV.name}/")
    shutil.rmtree(VENV, ignore_errors=True)
    made = subprocess.run([*python, "-m", "venv", str(VENV)], check=False)
    if made.returncode != 0:
        raise Problem("The virtual environment could not be made.", _venv_step())
    folder = next(VENV.glob("lib/python*/site-packages"), VENV / "Lib" / "site-packages")
    (folder / "dragoman-checkout.pth").write_text(f"{ROOT}\n", encoding="utf-8")


def _install_venv_module() -> None:
    if not (has_apt() and install(["python3-venv"], "Python's virtual environments")):
        raise Problem("This Python has no venv module (Debian keeps it in a package of its own).", _venv_step())


def _venv_step() -> str:
    if has_apt():
        return install_line(["python3-venv"])
    return "Install your system's package of Python's venv module, then start again."


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _installed() -> dict[str, str]:
    """What the last complete installation was made from; empty after an interrupted one."""
    try:
        stamp: dict[str, str] = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp


def _install(requirements: Path) -> None:
    """Install exactly the pinned wheels: hashes checked, nothing built, nothing resolved anew."""
    say(f"Installing the packages of {requirements.relative_to(ROOT)} (once; Qt is large)")
    STAMP.unlink(missing_ok=True)
    pip = [str(venv_python()), "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-deps"]
    done = subprocess.run([*pip, "--require-hashes", "--only-binary", ":all:", "-r", str(requirements)], check=False)
    if done.returncode != 0:
        raise Problem(
            "The packages could not be installed (pip's words are above).",
            "Check the network and pip's configuration (proxy, certificates), then run the same command again.",
        )
