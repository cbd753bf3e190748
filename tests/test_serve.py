"""The headless program inside this process; the real one, in a process of its own, is in integration/test_serve.py."""

from __future__ import annotations

import logging
import sys

import pytest

from tray_app.cli import main


def test_the_log_on_stderr_masks_credentials(capsys: pytest.CaptureFixture[str]) -> None:
    """D48: the last gate, also for what a library logs."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        assert main(["serve", "--upstream", "nonsense", "--no-token", "--port", "0"]) == 2
        logging.getLogger("some.library").warning("sent Authorization: Bearer sk-abcdefghijklmnopqrstuv")
    finally:
        root.handlers[:], root.level = handlers, level
    said = capsys.readouterr().err
    assert "dragoman serve: base URL: must start with http" in said
    assert "some.library" in said
    assert "sk-abc" not in said


def test_it_runs_without_uvloop(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Windows has none."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    monkeypatch.setitem(sys.modules, "uvloop", None)
    try:
        assert main(["serve", "--profile", "gone", "--no-token"]) == 2
    finally:
        root.handlers[:], root.level = handlers, level
    assert "there is no profile 'gone'" in capsys.readouterr().err
