"""PySide6's changes to the process, looked at in a process that has just made them."""

from __future__ import annotations

import builtins
import subprocess
import sys
from pathlib import Path

import pytest

from tray_app.runtime.pyside import restore_import

ROOT = Path(__file__).resolve().parents[2]
LOOK = """
import builtins, linecache
from PySide6.QtCore import QObject
from tray_app.runtime.pyside import restore_import
import fractions
assert builtins.__import__ is not builtins.__orig_import__  # else there is nothing to undo any more
assert fractions.__file__ in linecache.cache
restore_import()
import statistics, PySide6.QtNetwork
print(len(linecache.cache), builtins.__import__ is builtins.__orig_import__, PySide6.QtNetwork.QLocalServer.__name__)
"""


def test_modules_imported_later_are_not_read_as_text() -> None:
    """PySide reads them all; afterwards it does not, and its own modules can still be imported."""
    command = [sys.executable, "-c", LOOK]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)
    assert done.stdout == "0 True QLocalServer\n", done.stderr


def test_an_import_that_was_not_replaced_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """A later PySide may leave it alone."""
    monkeypatch.delattr(builtins, "__orig_import__", raising=False)
    before = builtins.__import__
    restore_import()
    assert builtins.__import__ is before
