"""The configuration and the database of cc-switch."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tray_app.clients.imports import read_foreign
from tray_app.clients.imports.found import FoundFile, NotReadableError
from tray_app.profiles.model import ApiKind, KeyringCredential, ModelMap, NoCredential

KIMI = {
    "name": "Kimi",
    "settingsConfig": {
        "env": {
            "ANTHROPIC_BASE_URL": "https://api.moonshot.cn/anthropic/",
            "ANTHROPIC_AUTH_TOKEN": "sk-made-up",
            "ANTHROPIC_MODEL": "kimi-k3[1m]",
            "ANTHROPIC_SMALL_FAST_MODEL": "kimi-k2.6",
        }
    },
    "notes": "the team's",
    "iconColor": "#16191E",
    "sortIndex": 1,
}
CHAT = {
    "name": "Gateway",
    "settingsConfig": {"env": {"ANTHROPIC_BASE_URL": "https://gw.example/v1", "ANTHROPIC_API_KEY": "k"}},
    "meta": {"apiFormat": "openai_chat"},
    "sortIndex": 0,
    "iconColor": "red",
}
OFFICIAL = {"name": "Claude Official", "settingsConfig": {"env": {}}, "sortIndex": 2}
RESPONSES = CHAT | {"name": "New", "meta": {"apiFormat": "openai_responses"}, "sortIndex": 3}
BARE = {"name": "Bare", "settingsConfig": {"env": {"ANTHROPIC_BASE_URL": "http://127.0.0.1:1/"}}}
PROVIDERS = {"1": KIMI, "2": CHAT, "3": OFFICIAL, "4": RESPONSES, "5": BARE, "6": "nonsense"}


def read(content: Any) -> FoundFile:
    """Through the front door."""
    return read_foreign(json.dumps(content).encode())


def database(folder: Path, *, wal: bool = False) -> bytes:
    """A database as the program keeps it, with an entry for another program."""
    path = folder / "cc-switch.db"
    with sqlite3.connect(path) as connection:
        if wal:
            connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(
            "CREATE TABLE providers (id TEXT, app_type TEXT, name TEXT, settings_config TEXT, notes TEXT,"
            " icon_color TEXT, meta TEXT, sort_index INTEGER, created_at INTEGER)"
        )
        rows = [("claude", entry) for entry in PROVIDERS.values() if isinstance(entry, dict)] + [("codex", KIMI)]
        for app, entry in rows:
            values = (
                "id", app, entry["name"], json.dumps(entry["settingsConfig"]), entry.get("notes"),
                entry.get("iconColor"), json.dumps(entry.get("meta", {})), entry.get("sortIndex", 9), 0,
            )  # fmt: skip
            connection.execute("INSERT INTO providers VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", values)
    connection.close()
    return path.read_bytes()


@pytest.mark.parametrize("form", ["v1", "v2", "database", "write-ahead"])
def test_the_providers_for_claude_code_are_found(tmp_path: Path, form: str) -> None:
    """In the user's order, from every kind of file; what cannot be used is named with the reason."""
    match form:
        case "v1":
            file = read({"providers": PROVIDERS, "current": "1"})
        case "v2":
            file = read({"version": 2, "claude": {"providers": PROVIDERS, "current": "1"}, "codex": {"providers": {}}})
        case _:
            file = read_foreign(database(tmp_path, wal=form == "write-ahead"))
    assert file.program == "cc-switch"
    gateway, kimi, bare = (found.profile for found in file.found)
    assert (gateway.api, gateway.base_url, gateway.color) == (ApiKind.OPENAI_CHAT, "https://gw.example/v1", "#5b7cfa")
    assert (kimi.api, kimi.base_url, kimi.color) == (
        ApiKind.ANTHROPIC,
        "https://api.moonshot.cn/anthropic",
        "#16191E",
    )
    assert (kimi.models, kimi.notes) == (ModelMap(default="kimi-k3", haiku="kimi-k2.6"), "the team's")
    assert [found.profile.credential for found in file.found] == [
        KeyringCredential(),
        KeyringCredential(),
        NoCredential(),
    ]
    assert [found.secret for found in file.found] == ["k", "sk-made-up", ""]
    assert bare.id == "bare"
    reasons = sorted(problem.partition(":")[0] for problem in file.problems)
    assert reasons == sorted(["?", "Claude Official", "New"] if form.startswith("v") else ["Claude Official", "New"])
    assert "sk-made-up" not in repr(file)


def test_a_database_of_another_program_is_refused(tmp_path: Path) -> None:
    """With the reason."""
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE other (x)")
    connection.close()
    with pytest.raises(NotReadableError, match="another program"):
        read_foreign(path.read_bytes())
    with pytest.raises(NotReadableError, match="damaged"):
        read_foreign(path.read_bytes()[:100] + b"\0" * 5_000)


def test_a_crafted_database_does_not_keep_us_busy(tmp_path: Path) -> None:
    """A view that never ends is interrupted."""
    path = tmp_path / "evil.db"
    with sqlite3.connect(path) as connection:
        connection.execute(
            "CREATE VIEW providers AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n)"
            " SELECT 'claude' AS app_type, x AS name, x AS settings_config, x AS notes, x AS icon_color, x AS meta,"
            " x AS sort_index, x AS created_at FROM n"
        )
    connection.close()
    with pytest.raises(NotReadableError, match="interrupted"):
        read_foreign(path.read_bytes())
