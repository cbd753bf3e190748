"""The command: its arguments, and one short run of the whole, which compares nothing with a clock."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from performance import bench
from performance.bench import WORKS, arguments, main
from performance.processes import BenchError
from performance.report import ROWS

ROOT = Path(__file__).resolve().parents[2]


def test_what_is_measured_by_default() -> None:
    """Three rounds of everything."""
    options = arguments().parse_args([])
    assert (options.what, options.rounds, options.only, options.json) == ("proxy", 3, None, None)
    assert [work.row for work in WORKS] == [row.name for row in ROWS if row.name != "memory"]


@pytest.mark.parametrize("wrong", [["--rounds", "0"], ["--rounds", "x"], ["--only", "nothing"], ["other"]])
def test_wrong_arguments_are_refused(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Before anything is started."""
    with pytest.raises(SystemExit):
        arguments().parse_args(wrong)
    assert "usage" in capsys.readouterr().err


def test_units_are_events_or_requests() -> None:
    """CPU time is divided by what the upstream sent, whatever a proxy makes of it."""
    works = {work.row: work for work in WORKS}
    assert works["burst"].units == 16 * 2_000
    assert works["small"].units == 200


def test_what_cannot_be_measured_is_said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """One line, and a status."""

    def refuse() -> None:
        raise BenchError("not here")

    monkeypatch.setattr(bench, "require_linux", refuse)
    assert main([]) == bench.FAILED
    assert capsys.readouterr().err == "bench: not here\n"


@pytest.mark.slow
@pytest.mark.only_on("linux")
def test_a_short_run_measures_every_contestant(tmp_path: Path) -> None:
    """Every process starts, answers rightly and is measured; how fast is nobody's business here."""
    file = tmp_path / "bench.json"
    command = [sys.executable, "-m", "performance.bench", "--rounds", "1", "--only", "small", "--json", str(file)]
    environment = {"PYTHONPATH": f"{ROOT / 'tests'}:{ROOT}", "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(file.read_text())["medians"]
    assert sorted(found) == ["asyncio", "relay", "tray", "uvloop"]
    assert all(one["small"] > 0 and one["memory"] > 0 for one in found.values())
    assert "small request" in done.stdout
