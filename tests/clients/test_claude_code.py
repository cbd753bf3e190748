"""Tests of clients/claude_code.py: only our keys, undone to the character, whole after a crash at any write."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from helpers.unprivileged import unprivileged
from tray_app.clients import claude_code as module
from tray_app.clients.claude_code import JOURNAL_NAME, ClaudeCode, ClaudeCodeError, Repair, settings_path
from tray_app.clients.shells import Advice
from tray_app.profiles.files import write_atomic

ENDPOINT = "http://127.0.0.1:8417"
TOKEN = "the-local-token"
USERS = """{
    "model": "opus",
    "env": {
        "ANTHROPIC_AUTH_TOKEN": "the user's own key",
        "OTHER": "1"
    },
    "permissions": {"allow": ["Bash(ls:*)"], "defaultMode": "auto"},
    "number": 1.50
}
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / ".claude" / "settings.json"


def put(path: Path, text: str) -> ClaudeCode:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return ClaudeCode(path, write_atomic)


def content(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text())
    return found


def test_connecting_sets_our_keys_and_nothing_else(path: Path) -> None:
    """The rest of the file is untouched, to the character."""
    claude = put(path, USERS)
    claude.apply(ENDPOINT, TOKEN, Advice(context_window=131072))
    assert claude.connected
    found = content(path)
    assert found["env"] == {
        "ANTHROPIC_AUTH_TOKEN": TOKEN,
        "OTHER": "1",
        "ANTHROPIC_BASE_URL": ENDPOINT,
        "CLAUDE_CODE_AUTO_COMPACT_WINDOW": "131072",
        "CLAUDE_CODE_ENABLE_GATEWAY_MODEL_DISCOVERY": "1",
    }
    assert found["permissions"] == {"allow": ["Bash(ls:*)"], "defaultMode": "default"}
    untouched = [
        line for line in USERS.splitlines() if "TOKEN" not in line and "OTHER" not in line and "auto" not in line
    ]
    assert [line for line in path.read_text().splitlines() if line in untouched] == untouched


@pytest.mark.parametrize("text", [USERS, "{}", '{"env": {}}', '{"model": "opus"}\n', USERS.replace("\n", "\r\n")])
def test_undo_restores_the_file(text: str, path: Path) -> None:
    """What was there is there again, and the journal is gone."""
    claude = put(path, "")
    path.write_bytes(text.encode())
    claude.apply(ENDPOINT, TOKEN)
    assert claude.undo() == ()
    assert json.loads(path.read_bytes()) == json.loads(text)
    if "model" in text:
        assert path.read_bytes() == text.encode()
    assert not claude.connected
    assert [p.name for p in path.parent.iterdir()] == ["settings.json"]


def test_a_file_we_made_is_removed_again(path: Path) -> None:
    """Claude Code was never set up: afterwards it is not, either."""
    claude = ClaudeCode(path, write_atomic)
    claude.apply(ENDPOINT, TOKEN)
    assert content(path)["env"]["ANTHROPIC_BASE_URL"] == ENDPOINT
    claude.undo()
    assert list(path.parent.iterdir()) == []


def test_an_empty_file_is_an_empty_object(path: Path) -> None:
    """And stays the user's."""
    claude = put(path, " \n")
    claude.apply(ENDPOINT, TOKEN)
    claude.undo()
    assert content(path) == {}


def test_a_byte_order_mark_does_no_harm(path: Path) -> None:
    """Editors on Windows leave one."""
    claude = put(path, "")
    path.write_bytes(b"\xef\xbb\xbf{}")
    claude.apply(ENDPOINT, TOKEN)
    assert content(path)["env"]["ANTHROPIC_AUTH_TOKEN"] == TOKEN


def test_the_preview_shows_every_change_and_no_key(path: Path) -> None:
    """Nothing is written by looking; connected, nothing is left to change."""
    claude = put(path, USERS)
    preview = claude.preview(ENDPOINT, TOKEN)
    assert [(change.key, change.before, change.after) for change in preview.changes] == [
        ("env.ANTHROPIC_BASE_URL", "", ENDPOINT),
        ("env.ANTHROPIC_AUTH_TOKEN", "••••", "••••"),
        ("env.CLAUDE_CODE_ENABLE_GATEWAY_MODEL_DISCOVERY", "", "1"),
        ("permissions.defaultMode", "auto", "default"),
    ]
    assert path.read_text() == USERS
    claude.apply(ENDPOINT, TOKEN)
    assert claude.preview(ENDPOINT, TOKEN).changes == ()


def test_what_would_go_past_us_is_warned_of(path: Path) -> None:
    """A helper's output is sent instead of our token; Bedrock and Vertex are not us."""
    claude = put(path, '{"apiKeyHelper": "x", "env": {"CLAUDE_CODE_USE_BEDROCK": 1, "ANTHROPIC_BASE_URL": null}}')
    preview = claude.preview(ENDPOINT, TOKEN)
    assert preview.warnings == ("apiKeyHelper", "CLAUDE_CODE_USE_BEDROCK")
    assert preview.changes[0].before == "null"


def test_a_permission_mode_of_the_users_choice_stays(path: Path) -> None:
    """Only auto mode is replaced: its check does not work behind a gateway."""
    claude = put(path, '{"permissions": {"defaultMode": "plan"}}')
    claude.apply(ENDPOINT, TOKEN)
    assert content(path)["permissions"] == {"defaultMode": "plan"}


def test_what_was_changed_by_hand_stays(path: Path) -> None:
    """Undo puts back what is still ours and names the rest."""
    claude = put(path, USERS)
    claude.apply(ENDPOINT, TOKEN)
    path.write_text(path.read_text().replace(ENDPOINT, "http://elsewhere"))
    assert claude.repair(ENDPOINT, TOKEN) is Repair.CHANGED_BY_HAND
    assert claude.undo() == ("env.ANTHROPIC_BASE_URL",)
    assert content(path)["env"] == {
        "ANTHROPIC_AUTH_TOKEN": "the user's own key",
        "OTHER": "1",
        "ANTHROPIC_BASE_URL": "http://elsewhere",
    }


def test_connecting_again_keeps_the_first_undo(path: Path) -> None:
    """A new port or token is not what the user wants back."""
    claude = put(path, USERS)
    claude.apply(ENDPOINT, TOKEN, Advice(context_window=1000))
    claude.apply("http://127.0.0.1:9000", "rotated")
    assert content(path)["env"]["ANTHROPIC_AUTH_TOKEN"] == "rotated"
    claude.undo()
    assert path.read_text() == USERS


def test_connecting_over_a_change_by_hand_goes_back_to_that(path: Path) -> None:
    """The newest value of the user's own counts."""
    claude = put(path, "{}")
    claude.apply(ENDPOINT, TOKEN)
    path.write_text(path.read_text().replace(ENDPOINT, "http://mine"))
    claude.apply(ENDPOINT, TOKEN)
    claude.undo()
    assert content(path) == {"env": {"ANTHROPIC_BASE_URL": "http://mine"}}


def test_undo_without_a_connection_is_nothing(path: Path) -> None:
    """Twice as well."""
    claude = put(path, USERS)
    assert claude.undo() == ()
    assert path.read_text() == USERS


def test_repair_follows_a_new_port_or_token(path: Path) -> None:
    """And does nothing where nothing is to be done."""
    claude = put(path, USERS)
    assert claude.repair(ENDPOINT, TOKEN) is Repair.NOTHING
    claude.apply(ENDPOINT, TOKEN)
    assert claude.repair(ENDPOINT, TOKEN) is Repair.NOTHING
    assert claude.repair("http://127.0.0.1:9000", TOKEN) is Repair.UPDATED
    assert content(path)["env"]["ANTHROPIC_BASE_URL"] == "http://127.0.0.1:9000"
    claude.undo()
    assert path.read_text() == USERS


class CrashError(Exception):
    """The machine dies here."""


def crashing_at(number: int) -> Callable[[Path, bytes], None]:
    """A write that dies before the given one, counting from 1."""
    done = 0

    def write(path: Path, data: bytes) -> None:
        nonlocal done
        done += 1
        if done == number:
            raise CrashError
        write_atomic(path, data)

    return write


@pytest.mark.parametrize(("at", "expected"), [(1, Repair.NOTHING), (2, Repair.TAKEN_BACK), (3, Repair.FINISHED)])
def test_a_crash_while_connecting_is_repaired(at: int, expected: Repair, path: Path) -> None:
    """Whichever write it hits, afterwards the file is either as before or connected, and can be undone."""
    claude = put(path, USERS)
    with pytest.raises(CrashError):
        ClaudeCode(path, crashing_at(at)).apply(ENDPOINT, TOKEN)
    assert claude.repair(ENDPOINT, TOKEN) is expected
    assert claude.connected == (expected is Repair.FINISHED)
    assert (path.read_text() == USERS) == (expected is not Repair.FINISHED)
    claude.undo()
    assert path.read_text() == USERS


@pytest.mark.parametrize("at", [1, 2])
def test_a_crash_while_undoing_is_repaired(at: int, path: Path) -> None:
    """Begun is finished; not begun is still connected."""
    claude = put(path, USERS)
    claude.apply(ENDPOINT, TOKEN)
    with pytest.raises(CrashError):
        ClaudeCode(path, crashing_at(at)).undo()
    assert claude.repair(ENDPOINT, TOKEN) is (Repair.NOTHING if at == 1 else Repair.TAKEN_BACK)
    claude.undo()
    assert path.read_text() == USERS


@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_crash_while_connecting_again_can_be_undone(at: int, path: Path) -> None:
    """The values of the first connection are ours too, so none of them stays behind."""
    claude = put(path, USERS)
    claude.apply(ENDPOINT, TOKEN, Advice(haiku="small"))
    with pytest.raises(CrashError):
        ClaudeCode(path, crashing_at(at)).apply("http://127.0.0.1:9000", "rotated")
    claude.repair("http://127.0.0.1:9000", "rotated")
    claude.undo()
    assert path.read_text() == USERS


def test_an_interrupted_edit_with_an_old_token_is_brought_up_to_date(path: Path) -> None:
    """Finished and updated in one."""
    claude = put(path, USERS)
    with pytest.raises(CrashError):
        ClaudeCode(path, crashing_at(3)).apply(ENDPOINT, TOKEN)
    assert claude.repair(ENDPOINT, "rotated") is Repair.UPDATED
    assert content(path)["env"]["ANTHROPIC_AUTH_TOKEN"] == "rotated"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b'{"a": 1,}', "not valid JSON"),
        (b"// comment\n{}", "not valid JSON"),
        (b"[]", "not a JSON object"),
        (b'{"env": "text"}', "env is not an object"),
        (b"\xff\xfe{}", "not UTF-8"),
        (b" " * 5000, "larger than"),
    ],
)
def test_a_file_we_cannot_edit_is_left_as_it_is(
    data: bytes, words: str, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a message that names it, and without a journal."""
    monkeypatch.setattr(module, "MAX_BYTES", 4000)
    claude = put(path, "")
    path.write_bytes(data)
    with pytest.raises(ClaudeCodeError, match=words):
        claude.apply(ENDPOINT, TOKEN)
    assert path.read_bytes() == data
    assert not claude.connected


def test_a_damaged_journal_stops_everything(path: Path) -> None:
    """Guessing what was there before could lose it."""
    claude = put(path, USERS)
    (path.parent / JOURNAL_NAME).write_text("{")
    for call in (claude.undo, lambda: claude.apply(ENDPOINT, TOKEN), lambda: claude.repair(ENDPOINT, TOKEN)):
        with pytest.raises(ClaudeCodeError, match="damaged"):
            call()
    assert path.read_text() == USERS


@pytest.mark.only_on("linux", "darwin")
def test_files_that_cannot_be_read_or_written_are_told() -> None:
    """With the system's reason; nothing changes."""
    with unprivileged() as folder:
        claude = put(folder / "settings.json", USERS)
        folder.chmod(0o500)
        with pytest.raises(ClaudeCodeError, match="cannot be written: Permission denied"):
            claude.apply(ENDPOINT, TOKEN)
        folder.chmod(0o700)
        assert claude.path.read_text() == USERS
        for path in (claude.path, folder / JOURNAL_NAME):
            path.touch()
            path.chmod(0)
            with pytest.raises(ClaudeCodeError, match=rf"{path.name} cannot be read: Permission denied"):
                claude.repair(ENDPOINT, TOKEN) if path.name == JOURNAL_NAME else claude.apply(ENDPOINT, TOKEN)


def test_the_users_old_key_stays_where_it_was(path: Path, tmp_path: Path) -> None:
    """What was replaced may be a real key: the journal keeps it in Claude Code's own directory, privately."""
    put(path, USERS).apply(ENDPOINT, TOKEN)
    holders = [p for p in tmp_path.rglob("*") if p.is_file() and b"the user's own key" in p.read_bytes()]
    assert holders == [path.parent / JOURNAL_NAME]
    assert holders[0].stat().st_mode & 0o077 == 0


def test_the_place_of_the_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Claude Code's own variable first."""
    monkeypatch.setenv("HOME", str(tmp_path))
    assert settings_path({}) == Path.home() / ".claude" / "settings.json"
    assert settings_path({"CLAUDE_CONFIG_DIR": str(tmp_path / "c")}) == tmp_path / "c" / "settings.json"
