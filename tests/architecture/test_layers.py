"""Who may import whom is a table (`layers.toml`), and the two promises that matter most are tried in a process."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

from architecture.source import Module, below, imports, modules

TABLE = tomllib.loads((Path(__file__).parent / "layers.toml").read_text(encoding="utf-8"))
GUARDED = tuple(TABLE["guarded"]["modules"])


def layer_of(name: str) -> dict[str, object]:
    """The row of the table for a module."""
    return next(row for row in TABLE["layer"] if below(name, row["module"]))


def package_of(name: str) -> str:
    """``tray_app.proxy`` for ``tray_app.proxy.guard``; a module beside the packages is its own."""
    parts = name.split(".")
    return ".".join(parts[:2])


def forbidden(module: Module) -> list[str]:
    """What a module imports and may not."""
    row = layer_of(module.name)
    return sorted({name for name in imports(module) if not _allowed(module.name, name, row)})


def _allowed(importer: str, name: str, row: dict[str, object]) -> bool:
    if below(name, "tray_app"):
        if name == "tray_app" or package_of(name) == package_of(importer):
            return True
        return any(below(name, prefix) for prefix in row["own"])
    return not any(below(name, guarded) for guarded in GUARDED) or any(below(name, good) for good in row["outside"])


def test_modules_import_only_what_their_layer_may() -> None:
    """The import table of the architecture holds for every module, imports inside functions included."""
    assert {module.name: found for module in modules() if (found := forbidden(module))} == {}


def loaded_by(statement: str) -> set[str]:
    """The modules that a fresh interpreter has after a statement."""
    program = f"import sys\n{statement}\nprint(chr(10).join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_the_headless_program_loads_no_qt() -> None:
    """`dragoman serve` runs where Qt cannot: importing it loads neither PySide6 nor qasync."""
    assert not loaded_by("import tray_app.serve") & {"PySide6", "shiboken6", "qasync"}


def test_the_translation_loads_no_event_loop() -> None:
    """Importing every module of the translation loads no asyncio, aiohttp, keyring or Qt, not even indirectly."""
    names = ", ".join(module.name for module in modules() if below(module.name, "tray_app.translation"))
    assert not loaded_by(f"import {names}") & {"asyncio", "aiohttp", "keyring", "PySide6"}


def test_the_program_starts_without_the_keyring() -> None:
    """The keyring takes a fifth of a second to import: it is loaded when a secret is first asked for."""
    assert "keyring" not in loaded_by("import tray_app.cli")


def test_the_table_catches_a_wrong_import() -> None:
    """The check itself works: Qt in the translation and a service in a view are refused."""
    assert not _allowed("tray_app.translation.x", "PySide6.QtCore", layer_of("tray_app.translation.x"))
    assert not _allowed("tray_app.translation.x", "asyncio", layer_of("tray_app.translation.x"))
    assert not _allowed("tray_app.ui.x", "tray_app.profiles.store", layer_of("tray_app.ui.x"))
    assert not _allowed("tray_app.ui.x", "tray_app.control.controller", layer_of("tray_app.ui.x"))
    assert not _allowed("tray_app.proxy.x", "PySide6.QtCore", layer_of("tray_app.proxy.x"))
    assert _allowed("tray_app.ui.x", "PySide6.QtCore", layer_of("tray_app.ui.x"))
    assert _allowed("tray_app.proxy.x", "tray_app.translation.answer.sse", layer_of("tray_app.proxy.x"))
