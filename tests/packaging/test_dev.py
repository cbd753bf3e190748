"""The commands of `packaging/dev.py`: what they decide, and what they say when something is missing."""

from __future__ import annotations

import json
import os
import shlex
import socket
import subprocess
import sys
from pathlib import Path

import dev
import pytest
from _system import Problem

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], dict[str, str]]]:
    """Programs that would have been started, with the variables given to them; nothing is installed or started."""
    started: list[tuple[list[str], dict[str, str]]] = []

    def call(command: list[str], extra: dict[str, str] | None = None) -> int:
        started.append((command, extra or {}))
        return 0

    monkeypatch.setattr(dev, "call", call)
    monkeypatch.setattr(dev, "hand_over", call)
    monkeypatch.setattr(dev, "ensure", lambda kind: Path(f"python-of-{kind}"))
    monkeypatch.setattr(dev, "qt_folder", lambda: None)
    monkeypatch.setattr(dev, "prepare_tests", lambda: None)
    return started


def test_run_starts_the_tray_application(calls: list, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a display the application is started, with the arguments that were given."""
    monkeypatch.setattr(dev, "has_screen", lambda: True)
    assert dev.main(["run", "--minimized"]) == 0
    assert calls == [(["python-of-runtime", "-m", "tray_app", "--minimized"], {})]


def test_bench_runs_the_benchmark_with_what_was_asked(calls: list) -> None:
    """Only what the application itself needs is installed for it."""
    assert dev.main(["bench", "ui", "--rounds", "2"]) == 0
    [(command, variables)] = calls
    assert command == ["python-of-runtime", "-m", "performance.bench", "ui", "--rounds", "2"]
    assert variables["PYTHONPATH"].split(os.pathsep) == [str(ROOT / "tests"), str(ROOT)]


def test_run_without_a_display_serves_the_demo(
    calls: list, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a display it says so, serves the Demo with a token in the environment, and prints a line to try it."""
    monkeypatch.setattr(dev, "has_screen", lambda: False)
    assert dev.main(["run"]) == 0
    [(command, variables)] = calls
    assert command[1:4] == ["-m", "tray_app", "serve"]
    assert command[-2:] == ["--profile", "demo"]
    token = variables[dev.TOKEN_VARIABLE]
    assert token not in " ".join(command)
    said = capsys.readouterr().out
    assert "no display" in said
    curl = shlex.split(said[said.index("curl") : said.index("Ctrl+C")])
    assert f"x-api-key: {token}" in curl
    assert json.loads(curl[-1])["stream"] is True
    assert f"http://127.0.0.1:{command[command.index('--port') + 1]}/v1/messages" in curl


def test_own_arguments_replace_the_demo(calls: list, monkeypatch: pytest.MonkeyPatch) -> None:
    """Arguments given to run reach the headless program instead of the Demo."""
    monkeypatch.setattr(dev, "has_screen", lambda: False)
    dev.main(["run", "--profile", "work"])
    assert calls[0][0][-2:] == ["--profile", "work"]


def test_a_taken_port_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """The usual port if it is free, else another one."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setattr(dev, "PREFERRED_PORT", port)
        assert dev.free_port() not in {0, port}


def test_test_passes_arguments_to_pytest(calls: list) -> None:
    """Everything after the command is pytest's."""
    assert dev.main(["test", "-k", "tray", "--no-skips"]) == 0
    assert calls == [(["python-of-dev", "-m", "pytest", "-k", "tray", "--no-skips"], {})]


def test_check_runs_every_step_and_names_the_failed_ones(
    calls: list, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A failed step does not hide the others; the summary names each and says what to do next."""

    def call(command: list[str], extra: dict[str, str] | None = None) -> int:
        calls.append((command, extra or {}))
        return int("format" in command)

    monkeypatch.setattr(dev, "call", call)
    assert dev.main(["check"]) == 1
    assert [command[2] for command, _ in calls] == ["ruff", "ruff", "mypy", "pytest"]
    said = capsys.readouterr().out
    assert "format       failed" in said
    assert "types        passed" in said
    assert "Next:" in said


def test_check_without_tests(calls: list) -> None:
    """--no-tests leaves pytest out, for CI, which runs the whole suite anyway."""
    assert dev.main(["check", "--no-tests"]) == 0
    assert [command[2] for command, _ in calls] == ["ruff", "ruff", "mypy"]


def test_a_problem_ends_with_the_next_step(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """What stands in the way is one line, what to do about it another; no traceback."""

    def ensure(kind: str) -> Path:
        raise Problem(f"no {kind}", "do this")

    monkeypatch.setattr(dev, "ensure", ensure)
    assert dev.main(["run"]) == 1
    assert capsys.readouterr().out == "\nno runtime\nNext: do this\n"


@pytest.mark.only_on("linux", "darwin")
def test_signals_reach_the_application() -> None:
    """The script becomes the program it starts: same process, the project's folder, the variables of the run."""
    show = "import os; print(os.getpid(), os.getcwd(), os.environ['A'])"
    program = f"import dev, sys; dev.hand_over([sys.executable, '-c', {show!r}], {{'A': 'variable'}})"
    process = subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT / "packaging", stdout=subprocess.PIPE, text=True
    )
    out, _ = process.communicate(timeout=30)
    assert out.split() == [str(process.pid), str(ROOT), "variable"]


def test_an_unknown_command_is_explained() -> None:
    """The script itself, run as the README says, knows its commands."""
    program = [sys.executable, str(ROOT / "packaging" / "dev.py"), "fly"]
    done = subprocess.run(program, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "run" in done.stderr
    assert "check" in done.stderr


def test_translations_are_collected_in_the_environment(calls: list) -> None:
    """Where Qt's tools for it are."""
    assert dev.main(["translations"]) == 0
    (command, _) = calls[0]
    assert (command[0], Path(command[1]).name) == ("python-of-dev", "_translations.py")
