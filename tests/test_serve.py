"""The headless program inside this process; the real one, in a process of its own, is in integration/test_serve.py."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator

import pytest

from tray_app.cli import main
from tray_app.runtime import logs


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    """The program sets up logging for the whole process."""
    level = logging.getLogger().level
    yield
    logs.stop()
    logging.getLogger().setLevel(level)


def test_the_log_on_stderr_masks_credentials(
    capsys: pytest.CaptureFixture[str], expect_log: Callable[[str], None]
) -> None:
    """D48: the last gate, also for what a library logs."""
    expect_log("some.library")
    assert main(["serve", "--upstream", "nonsense", "--no-token", "--port", "0"]) == 2
    logging.getLogger("some.library").warning("sent Authorization: Bearer sk-abcdefghijklmnopqrstuv")
    said = capsys.readouterr().err
    assert "dragoman serve: base URL: must start with http" in said
    assert "some.library" in said
    assert "sk-abc" not in said


def test_it_runs_without_uvloop(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Windows has none."""
    monkeypatch.setitem(sys.modules, "uvloop", None)
    assert main(["serve", "--profile", "gone", "--no-token"]) == 2
    assert "there is no profile 'gone'" in capsys.readouterr().err
