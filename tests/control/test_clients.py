"""Claude Code is connected, kept up to date, repaired and let go."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

from helpers.app_services import TOKEN, Stack, kinds, stack
from helpers.signals import Listener
from helpers.waiting import soon
from tray_app.state import AppState, ClientLink, ClientPreview, ProblemKind

USERS = '{"model": "opus", "env": {"ANTHROPIC_BASE_URL": "https://elsewhere.example"}}\n'


def file_of(folder: Path, words: str = USERS) -> Path:
    """Claude Code's settings as a user has them."""
    path = folder / "claude" / "settings.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(words)
    return path


def environment(path: Path) -> dict[str, Any]:
    """What Claude Code will find in its environment."""
    found: dict[str, Any] = json.loads(path.read_text())["env"]
    return found


async def linked(states: Listener, parts: Stack, link: ClientLink) -> AppState:
    """The newest state, once it says so."""
    found: AppState = await states.until(lambda state: state is parts.controller.state and state.claude is link)
    return found


async def connected(parts: Stack) -> Listener:
    """The states of a controller that has connected Claude Code."""
    states = Listener(parts.controller.board.stateChanged)
    await parts.controller.start()
    parts.controller.clients.connect_claude()
    await linked(states, parts, ClientLink.CONNECTED)
    return states


async def test_connecting_and_disconnecting(tmp_path: Path) -> None:
    """Looked at, connected with the local token alone, and put back to the character."""
    path = file_of(tmp_path)
    async with stack(tmp_path) as parts:
        states = await connected(parts)
        assert environment(path)["ANTHROPIC_BASE_URL"] == parts.controller.proxy.endpoint()
        assert environment(path)["ANTHROPIC_AUTH_TOKEN"] == TOKEN
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        parts.controller.clients.disconnect_claude()
        await linked(states, parts, ClientLink.DISCONNECTED)
        assert path.read_text() == USERS


async def test_what_would_change_is_told_before_and_without_the_token(tmp_path: Path) -> None:
    """Looking changes nothing."""
    path = file_of(tmp_path)
    async with stack(tmp_path) as parts:
        await parts.controller.start()
        previews = Listener(parts.controller.clients.previewed)
        parts.controller.clients.preview()
        preview: ClientPreview = await previews.until()
        endpoint = parts.controller.proxy.endpoint()
        assert ("env.ANTHROPIC_BASE_URL", "https://elsewhere.example", endpoint) in preview.changes
        assert TOKEN not in str(preview)
        assert path.read_text() == USERS


async def test_a_new_address_or_token_reaches_a_connected_client(tmp_path: Path) -> None:
    """At the next start as well as while it runs; whoever is not connected is left alone."""
    path = file_of(tmp_path)
    async with stack(tmp_path) as parts:
        await connected(parts)
    async with stack(tmp_path) as parts:
        states = Listener(parts.controller.board.stateChanged)
        await parts.controller.start()
        await linked(states, parts, ClientLink.CONNECTED)
        assert environment(path)["ANTHROPIC_BASE_URL"] == parts.controller.proxy.endpoint()
        rotations = Listener(parts.controller.proxy.tokenRotated)
        parts.controller.proxy.rotate_token()
        await soon(lambda: environment(path)["ANTHROPIC_AUTH_TOKEN"] != TOKEN, "the new token in the file")
        assert environment(path)["ANTHROPIC_AUTH_TOKEN"] == parts.server.settings.token
        parts.controller.clients.disconnect_claude()
        await linked(states, parts, ClientLink.DISCONNECTED)
        parts.controller.proxy.rotate_token()
        await rotations.until(lambda _: len(rotations.seen) == 2)
        assert path.read_text() == USERS


async def test_what_a_crash_interrupted_is_put_right_at_the_start(tmp_path: Path) -> None:
    """The journal was written, the settings were not: it never happened."""
    path = file_of(tmp_path)
    async with stack(tmp_path) as parts:
        await connected(parts)
    journal = path.with_name(".dragoman-journal.json")
    journal.write_text(journal.read_text().replace('"applied"', '"applying"'))
    path.write_text(USERS)
    async with stack(tmp_path) as parts:
        await parts.controller.start()
        assert parts.controller.state.claude is ClientLink.DISCONNECTED
        assert path.read_text() == USERS
        assert not journal.exists()


async def test_changes_by_hand_are_seen_and_left_alone(tmp_path: Path) -> None:
    """When the window is opened; connecting again is possible, and so is giving up."""
    path = file_of(tmp_path)
    async with stack(tmp_path) as parts:
        states = await connected(parts)
        by_hand = path.read_text().replace(parts.controller.proxy.endpoint(), "https://by-hand.example")
        path.write_text(by_hand)
        parts.controller.clients.refresh()
        await linked(states, parts, ClientLink.CHANGED)
        assert path.read_text() == by_hand
        parts.controller.clients.disconnect_claude()
        await linked(states, parts, ClientLink.DISCONNECTED)
        assert environment(path) == {"ANTHROPIC_BASE_URL": "https://by-hand.example"}


async def test_a_file_that_cannot_be_read_is_a_problem_on_screen(tmp_path: Path) -> None:
    """It names the file, which stays as it is; put right, the problem is over."""
    path = file_of(tmp_path, "{ not json")
    async with stack(tmp_path) as parts:
        states = Listener(parts.controller.board.stateChanged)
        await parts.controller.start()
        parts.controller.clients.connect_claude()
        state = await states.until(lambda state: state.problems)
        assert kinds(state) == [ProblemKind.CLIENT_FAILED]
        assert str(path) in state.problems[0].detail
        assert path.read_text() == "{ not json"
        path.write_text(USERS)
        parts.controller.clients.connect_claude()
        await states.until(lambda state: state.claude is ClientLink.CONNECTED and not state.problems)


async def test_an_unreadable_journal_is_not_guessed_at(tmp_path: Path) -> None:
    """The state is unknown, and says so."""
    path = file_of(tmp_path)
    path.with_name(".dragoman-journal.json").write_text("?")
    async with stack(tmp_path) as parts:
        await parts.controller.start()
        assert parts.controller.state.claude is ClientLink.UNKNOWN
        assert kinds(parts.controller.state) == [ProblemKind.CLIENT_FAILED]
