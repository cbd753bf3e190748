"""The virtual environment is made once and completed only when the pinned requirements changed."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import _environment
import pytest
from _system import Problem


@pytest.fixture
def venv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An environment that works, and requirement files, in a folder of the test's own."""
    folder, requirements = tmp_path / ".venv", tmp_path / "requirements"
    folder.mkdir()
    requirements.mkdir()
    for name in ("runtime", "dev"):
        (requirements / f"{name}.txt").write_text(f"# {name}\n")
    monkeypatch.setattr(_environment, "VENV", folder)
    monkeypatch.setattr(_environment, "STAMP", folder / "pins.json")
    monkeypatch.setattr(_environment, "REQUIREMENTS", requirements)
    monkeypatch.setattr(_environment, "_works", lambda: True)
    return folder


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch, venv: Path) -> list[str]:
    """Names of the requirement files that were installed."""
    names: list[str] = []
    monkeypatch.setattr(_environment, "_install", lambda path: names.append(path.stem))
    return names


def test_unchanged_requirements_are_not_installed_again(installed: list[str]) -> None:
    """The second start is quick, and what the tests need is enough for the application."""
    _environment.ensure("dev")
    _environment.ensure("dev")
    _environment.ensure("runtime")
    assert installed == ["dev"]


def test_changed_requirements_are_installed(installed: list[str], venv: Path) -> None:
    """A new pin is noticed, and so is the step from running to testing."""
    _environment.ensure("runtime")
    _environment.ensure("dev")
    (venv.parent / "requirements" / "runtime.txt").write_text("# newer\n")
    _environment.ensure("runtime")
    assert installed == ["runtime", "dev", "runtime"]


@pytest.mark.parametrize("content", ["", "{", json.dumps({"dev": "something else"})])
def test_a_broken_stamp_means_installing(installed: list[str], venv: Path, content: str) -> None:
    """An interrupted installation is done again."""
    (venv / "pins.json").write_text(content)
    _environment.ensure("dev")
    assert installed == ["dev"]


@pytest.mark.only_on("linux", "darwin")
def test_an_environment_that_does_not_start_is_noticed(venv: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A removed Python leaves a broken environment behind; one whose interpreter starts and has pip is kept."""
    monkeypatch.undo()
    monkeypatch.setattr(_environment, "VENV", venv)
    python = _environment.venv_python()
    python.parent.mkdir()
    assert not _environment._works()
    python.symlink_to(venv / "removed")
    assert not _environment._works()
    python.unlink()
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    assert _environment._works()


def test_an_old_python_looks_for_a_newer_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest supported Python on PATH is taken; without one the message says which are."""
    monkeypatch.setattr(_environment.sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(_environment.shutil, "which", lambda name: f"/usr/bin/{name}" if name == "python3.12" else None)
    assert _environment._interpreter() == ["/usr/bin/python3.12"]
    monkeypatch.setattr(_environment.shutil, "which", lambda _name: None)
    with pytest.raises(Problem, match=r"Python 3\.11 to 3\.14"):
        _environment._interpreter()


def test_debians_missing_module_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the venv module cannot be installed without a password, the line to type is the next step."""
    monkeypatch.setattr(_environment, "has_apt", lambda: True)
    monkeypatch.setattr(_environment, "install", lambda *_: False)
    with pytest.raises(Problem, match="venv") as caught:
        _environment._install_venv_module()
    assert caught.value.step.endswith("python3-venv")
