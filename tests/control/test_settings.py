"""Settings are changed, take effect at once, and are kept; what cannot be done is said and changes nothing."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import pytest_asyncio

from helpers.app_services import TOKEN, Stack, ask, kinds, stack
from helpers.signals import Listener
from helpers.tray_program import free_port
from tray_app.profiles.secrets import LOCAL_TOKEN
from tray_app.profiles.settings import SettingsStore
from tray_app.proxy.events import ServerState
from tray_app.state import ProblemKind, SettingResult, TokenStatus


@pytest_asyncio.fixture
async def parts(tmp_path: Path) -> AsyncIterator[Stack]:
    """A started controller."""
    async with stack(tmp_path) as made:
        await made.controller.start()
        yield made


async def change(parts: Stack, setting: str, value: object) -> SettingResult:
    """Change one setting, to the end; returns the answer."""
    answers = Listener(parts.controller.settings.changeFinished)
    parts.controller.settings.change(setting, value)
    result: SettingResult = await answers.until()
    return result


def stored(tmp_path: Path) -> dict[str, Any]:
    """What the file says."""
    content: dict[str, Any] = json.loads((tmp_path / "config" / "settings.json").read_text(encoding="utf-8"))
    return content["settings"]


async def test_autostart_is_what_the_system_says(parts: Stack, tmp_path: Path) -> None:
    """On, off, and refused."""
    assert (await change(parts, "autostart", True)) == SettingResult("autostart")
    assert parts.controller.state.autostart
    assert (await change(parts, "autostart", False)) == SettingResult("autostart")
    assert not parts.controller.state.autostart
    states = Listener(parts.controller.board.stateChanged)
    (tmp_path / "autostart").rmdir()
    (tmp_path / "autostart").write_text("in the way")
    assert (await change(parts, "autostart", True)).code == "failed"
    refused = await states.until(lambda state: state.problems)
    assert (kinds(refused), refused.autostart) == ([ProblemKind.AUTOSTART_FAILED], False)


async def test_autostart_that_was_removed_elsewhere_does_not_come_back(parts: Stack, tmp_path: Path) -> None:
    """Another setting is changed afterwards: the system's word counts."""
    await change(parts, "autostart", True)
    for entry in (tmp_path / "autostart").iterdir():
        entry.unlink()
    await parts.controller.settings.open()
    await change(parts, "theme", "dark")
    assert (parts.controller.state.autostart, stored(tmp_path)["autostart"]) == (False, False)
    assert not list((tmp_path / "autostart").iterdir())


async def test_a_change_is_in_effect_and_kept(parts: Stack, tmp_path: Path) -> None:
    """Seen by everybody, and by the next start."""
    for setting, value in (("theme", "dark"), ("language", "zh_CN"), ("retention_days", 7), ("notify_cache", False)):
        assert await change(parts, setting, value) == SettingResult(setting)
        assert getattr(parts.controller.state.settings, setting) == value
        assert stored(tmp_path)[setting] == value


@pytest.mark.parametrize(
    ("setting", "value"),
    [("port", 0), ("port", 70_000), ("port", "abc"), ("host", "somewhere"), ("theme", "pink"), ("retention_days", 0)],
)
async def test_a_wrong_value_changes_nothing(parts: Stack, tmp_path: Path, setting: str, value: object) -> None:
    """It is named, and the file is not touched."""
    before = parts.controller.state.settings
    assert await change(parts, setting, value) == SettingResult(setting, "invalid")
    assert parts.controller.state.settings == before
    assert not (tmp_path / "config" / "settings.json").exists()


async def test_the_server_moves_to_another_port_and_running_answers_end(parts: Stack, tmp_path: Path) -> None:
    """A client that was being answered is answered; the next one is met at the new port."""
    port, started = free_port(), asyncio.Event()
    parts.hub.wake = started.set

    async def move() -> SettingResult:
        await started.wait()
        assert parts.server.requests_running == 1
        return await change(parts, "port", port)

    assert await asyncio.gather(ask(parts), move()) == [200, SettingResult("port")]
    assert parts.controller.state.url == f"http://127.0.0.1:{port}"
    assert await ask(parts) == 200
    assert stored(tmp_path)["port"] == port


async def test_a_taken_port_is_not_taken_over(parts: Stack, tmp_path: Path) -> None:
    """The running server stays where it is, and the next free port is offered."""
    before = parts.controller.state.url
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        taken = holder.getsockname()[1]
        result = await change(parts, "port", taken)
    assert (result.setting, result.code) == ("port", "taken")
    assert "pid" in result.detail
    assert result.free_port is not None
    assert result.free_port > taken
    assert parts.controller.state.url == before
    assert await ask(parts) == 200
    assert not (tmp_path / "config" / "settings.json").exists()


async def test_an_address_that_is_not_ours_is_refused_and_the_old_one_serves_on(parts: Stack) -> None:
    """It can only be found out by trying: the server comes back where it was."""
    before = parts.controller.state.url
    result = await change(parts, "host", "192.0.2.1")
    assert (result.setting, result.code) == ("host", "unavailable")
    assert result.detail
    assert parts.controller.state.url == before
    assert await ask(parts) == 200


async def test_a_failed_server_starts_at_the_new_port(tmp_path: Path) -> None:
    """Which is how one gets out of a taken port."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        async with stack(tmp_path, port=holder.getsockname()[1]) as parts:
            await parts.controller.start()
            assert kinds(parts.controller.state) == [ProblemKind.PORT_TAKEN]
            offered = (await change(parts, "port", free_port())).setting
            assert offered == "port"
            assert parts.controller.state.server is ServerState.RUNNING
            assert parts.controller.state.problems == ()


async def test_nobody_is_let_in_from_the_network_without_the_token(parts: Stack) -> None:
    """Neither by opening the address nor by turning the lock off afterwards."""
    assert await change(parts, "require_token", False) == SettingResult("require_token")
    assert parts.controller.state.token is TokenStatus.OFF
    assert parts.server.settings.token is None
    assert parts.controller.proxy.token() == ""
    assert await change(parts, "host", "0.0.0.0") == SettingResult("host", "open")
    assert await change(parts, "require_token", True) == SettingResult("require_token")
    assert parts.controller.state.token is TokenStatus.SESSION
    assert parts.controller.proxy.token() == await parts.secrets.get(LOCAL_TOKEN)
    assert await change(parts, "host", "0.0.0.0") == SettingResult("host")
    assert await change(parts, "require_token", False) == SettingResult("require_token", "open")
    assert parts.controller.state.token is TokenStatus.SESSION


async def test_other_settings_leave_the_server_alone(parts: Stack) -> None:
    """The token stays, and nothing is stopped."""
    states = Listener(parts.controller.board.stateChanged)
    await change(parts, "theme", "light")
    assert parts.controller.proxy.token() == TOKEN
    assert {state.server for state in states.seen} == {ServerState.RUNNING}


async def test_changes_of_another_process_are_kept(parts: Stack, tmp_path: Path) -> None:
    """Ours is put on top of what it saved."""
    await change(parts, "theme", "light")
    other = SettingsStore(tmp_path / "config" / "settings.json")
    other.save(msgspec.structs.replace(other.load().settings, retention_days=5))
    assert await change(parts, "theme", "dark") == SettingResult("theme")
    assert (stored(tmp_path)["retention_days"], stored(tmp_path)["theme"]) == (5, "dark")
    assert parts.controller.state.settings.retention_days == 5


async def test_what_cannot_be_written_is_in_effect_and_said(parts: Stack, tmp_path: Path) -> None:
    """Until Dragoman quits; the banner says that it is not saved."""
    (tmp_path / "config").write_text("in the way")
    assert (await change(parts, "theme", "dark")).code == "failed"
    states = Listener(parts.controller.board.stateChanged)
    states.seen.append(parts.controller.state)
    said = await states.until(lambda state: state.problems)
    assert kinds(said) == [ProblemKind.SAVE_FAILED]
    assert said.settings.theme == "dark"


async def test_changes_are_made_one_after_the_other(parts: Stack, tmp_path: Path) -> None:
    """Two at once do not undo each other."""
    answers = Listener(parts.controller.settings.changeFinished)
    parts.controller.settings.change("theme", "dark")
    parts.controller.settings.change("language", "en")
    await answers.until(lambda result: result.setting == "language")
    assert (stored(tmp_path)["theme"], stored(tmp_path)["language"]) == ("dark", "en")
