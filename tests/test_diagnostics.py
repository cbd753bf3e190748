"""A diagnostics bundle holds what helps and nothing that is secret."""

from __future__ import annotations

import json
import os
import stat
import zipfile
from pathlib import Path

import pytest

from helpers.ui_values import app_state, failed, finished, started
from tray_app import diagnostics
from tray_app.profiles.model import CommandCredential, EnvironmentCredential, Profile
from tray_app.profiles.settings import Settings
from tray_app.state import DiagnosticPart, Problem, ProblemKind


def test_the_program_is_described() -> None:
    """How it runs, and what is wrong."""
    state = app_state(problems=(Problem(ProblemKind.PORT_TAKEN, "8417 by node"),))
    said = "\n".join(diagnostics.program(state, "open"))
    for part in ("proxy: running, http://127.0.0.1:8417", "one of 3", "ledger: open", "port-taken: 8417 by node"):
        assert part in said


def test_settings_are_there_in_full() -> None:
    """As JSON."""
    assert json.loads(diagnostics.settings(Settings(port=9_000)))["port"] == 9_000


def test_providers_come_without_what_may_be_secret() -> None:
    """Arguments of a command, headers that sound like keys, notes; the rest stays."""
    profile = Profile(
        id="one",
        name="One",
        base_url="https://one.example/v1",
        credential=CommandCredential(argv=("pass", "show", "planted-argument")),
        headers={"x-title": "Dragoman", "x-gateway-token": "planted-header"},
        notes="planted note",
    )
    other = Profile(
        id="two", name="Two", base_url="https://two.example", credential=EnvironmentCredential(variable="KEY")
    )
    said = diagnostics.providers((profile, other))
    assert "planted" not in said
    for part in ("https://one.example/v1", "x-title", '"pass"', '"KEY"'):
        assert part in said


def test_requests_are_lines_the_latest_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each bounded, whatever an error says."""
    monkeypatch.setattr(diagnostics, "REQUESTS", 2)
    events = [event for name in ("a", "b") for event in (started(name), finished(name))]
    said = diagnostics.requests([*events, started("c"), failed("c"), started("running")]).splitlines()
    assert [json.loads(line)["id"] for line in said] == ["b", "c"]
    monkeypatch.setattr(diagnostics, "LINE_CHARS", 100)
    assert [len(line) for line in diagnostics.requests(events).splitlines()] == [100, 100]


def test_the_log_is_its_end_from_a_whole_line_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of it where it is short; a missing one is said."""
    log = tmp_path / "dragoman.log"
    assert "No such file" in diagnostics.log_tail(log)
    log.write_bytes(b"one\ntwo\nthree \xff\n")
    assert diagnostics.log_tail(log) == "one\ntwo\nthree \ufffd\n"
    monkeypatch.setattr(diagnostics, "LOG_BYTES", 10)
    assert diagnostics.log_tail(log) == "three \ufffd\n"


def test_every_part_is_cleaned() -> None:
    """What looks like a key, what is known to be one, and where the user's files are."""
    parts = (
        DiagnosticPart("a", "Authorization: Bearer abcdef123456"),
        DiagnosticPart("b", "it said odd-secret and https://me:pw@host/"),
        DiagnosticPart("c", "/home/someone/.config/dragoman"),
    )
    cleaned = diagnostics.clean(parts, Path("/home/someone"), ("odd-secret",))
    said = "\n".join(part.text for part in cleaned)
    for secret in ("abcdef123456", "odd-secret", "pw@", "someone"):
        assert secret not in said
    assert "~/.config/dragoman" in said


def test_the_file_is_a_private_zip(tmp_path: Path) -> None:
    """An older one of the same name is replaced."""
    file = tmp_path / "bundle.zip"
    file.write_bytes(b"x" * 10_000)
    diagnostics.write((DiagnosticPart("a.txt", "one"), DiagnosticPart("b.txt", "zwei ü")), file)
    with zipfile.ZipFile(file) as bundle:
        assert {name: bundle.read(name).decode() for name in bundle.namelist()} == {"a.txt": "one", "b.txt": "zwei ü"}
    fresh = tmp_path / "fresh.zip"
    diagnostics.write((), fresh)
    assert os.name == "nt" or stat.S_IMODE(fresh.stat().st_mode) == 0o600
    with pytest.raises(OSError, match="No such file"):
        diagnostics.write((), tmp_path / "missing" / "bundle.zip")
