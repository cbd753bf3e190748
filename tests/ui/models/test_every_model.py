"""Every Qt model of the window is watched by Qt's own tester somewhere, in its fatal mode."""

from __future__ import annotations

import ast
import importlib
import inspect
from pathlib import Path

from PySide6.QtCore import QAbstractItemModel

from architecture.source import ROOT, modules

TESTER = "QAbstractItemModelTester"


def models() -> set[str]:
    """The names of the model classes that are defined below tray_app.ui."""
    found = set()
    for module in modules():
        if module.name.startswith("tray_app.ui"):
            classes = inspect.getmembers(importlib.import_module(module.name), inspect.isclass)
            found |= {
                name
                for name, kind in classes
                if issubclass(kind, QAbstractItemModel) and kind.__module__ == module.name
            }
    return found


def names(path: Path) -> set[str]:
    """The names that a file uses."""
    return {node.id for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Name)}


def test_every_model_has_a_tester() -> None:
    """A file of tests that makes the model also makes the tester; whoever adds a model adds both."""
    files = [names(path) for path in sorted((ROOT / "tests" / "ui").rglob("test_*.py")) if path != Path(__file__)]
    watched = set().union(*(used for used in files if TESTER in used))
    assert models() - watched == set()
    assert models() >= {"RequestsModel", "RequestFilter"}


def test_every_tester_is_fatal() -> None:
    """A warning in the log could be overlooked."""
    for path in sorted((ROOT / "tests" / "ui").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(TESTER):
                assert "FATAL" in ast.unparse(node).upper(), path
