"""The broken pair of Python and PySide6 is refused with words, every other pair is let through."""

from __future__ import annotations

import importlib.metadata
import sys
from pathlib import Path

import pytest

from tray_app.runtime.versions import DISTRIBUTION, broken_pair, installed_qt, problem_of


@pytest.mark.parametrize("qt", ["6.12.0", "6.12.1", "6.13", "7.0.0"])
def test_a_new_qt_on_python_3_11_is_refused(qt: str) -> None:
    """The message names both and says what to do."""
    problem = problem_of((3, 11), qt)
    assert problem is not None
    assert qt in problem
    assert "3.11" in problem
    assert "<6.12" in problem


@pytest.mark.parametrize(
    ("python", "qt"), [((3, 11), "6.11.3"), ((3, 11), "6.8.3"), ((3, 12), "6.12.0"), ((3, 14), "6.13")]
)
def test_other_pairs_are_fine(python: tuple[int, int], qt: str) -> None:
    """Older Qt on 3.11 and any Qt on newer Pythons work."""
    assert problem_of(python, qt) is None


def test_this_installation_is_fine() -> None:
    """The pinned requirements give a pair that works."""
    assert broken_pair() is None


def test_the_installed_version_is_the_one_of_the_metadata() -> None:
    """Read without the library that reads metadata."""
    assert installed_qt(sys.path) == importlib.metadata.version(DISTRIBUTION)


def test_a_frozen_application_is_let_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without installed metadata, or without PySide6 on the path, nothing is known, so nothing is refused."""
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    assert broken_pair() is None
    (tmp_path / "PySide6").mkdir()
    (tmp_path / "PySide6" / "__init__.py").touch()
    assert broken_pair() is None
    (tmp_path / "PySide6_Essentials-6.12.0.dist-info").mkdir()
    assert installed_qt(sys.path) == "6.12.0"
