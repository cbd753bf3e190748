"""What the user asks for happens, and what comes of it is shown."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest

from helpers.app_services import TOKEN, Stack, stack
from helpers.fake_upstream import HELLO, FakeUpstream, answers, streams
from helpers.proxy_stack import REQUEST
from helpers.signals import Listener
from tray_app.profiles.files import FileError
from tray_app.profiles.model import DEMO_ID
from tray_app.profiles.settings import Settings
from tray_app.profiles.store import ProfileStore
from tray_app.proxy.events import ServerState
from tray_app.state import AppState, KeyKind, Look, NoticeKind, ProblemKind, ProfileDraft

KEY = "sk-a-made-up-key"
DRAFT = ProfileDraft(name="One", base_url="https://one.example/v1", outbound_proxy="direct")


def kinds(state: AppState) -> list[ProblemKind]:
    """The problems that are shown."""
    return [problem.kind for problem in state.problems]


async def ask(parts: Stack) -> int:
    """A client's request; returns the status."""
    async with aiohttp.ClientSession(headers={"x-api-key": TOKEN}) as client:
        async with client.post(f"{parts.controller.endpoint()}/v1/messages", json=REQUEST) as answer:
            await answer.read()
            return answer.status


async def saved(parts: Stack, draft: ProfileDraft = DRAFT, secret: str = KEY) -> str:
    """The id of a provider that was saved through the controller."""
    results = Listener(parts.controller.saveFinished)
    parts.controller.save_profile(draft, secret)
    result = await results.until()
    assert result.problems == ()
    return str(result.id)


async def test_starting_brings_up_the_demo_and_the_proxy(tmp_path: Path) -> None:
    """One state says it all."""
    async with stack(tmp_path) as parts:
        await parts.controller.start()
        state = parts.controller.state
        assert (state.ready, state.server, state.url) == (True, ServerState.RUNNING, parts.server.url)
        assert (state.active_id, state.look) == (DEMO_ID, Look.IDLE)
        assert state.providers[0].demo is True
        assert await ask(parts) == 200


async def test_the_proxy_need_not_start_by_itself(tmp_path: Path) -> None:
    """The settings decide; the endpoint for clients is known all the same."""
    async with stack(tmp_path, port=4567, settings=Settings(start_proxy=False)) as parts:
        await parts.controller.start()
        assert parts.controller.state.server is ServerState.STOPPED
        assert parts.controller.endpoint() == "http://127.0.0.1:4567"


async def test_start_and_stop_follow_each_other(tmp_path: Path) -> None:
    """Both are idempotent, and the state says what is, not what was asked."""
    async with stack(tmp_path) as parts:
        states = Listener(parts.controller.stateChanged)
        await parts.controller.start()
        parts.controller.stop_proxy()
        parts.controller.stop_proxy()
        assert (await states.until(lambda state: state.server is ServerState.STOPPED)).url is None
        parts.controller.start_proxy()
        await states.until(lambda state: state is parts.controller.state and state.server is ServerState.RUNNING)
        await parts.controller.stop(drain_s=1.0)
        await parts.controller.stop(drain_s=1.0)
        assert parts.controller.state.server is ServerState.STOPPED


async def test_a_taken_port_is_said_until_it_is_free(tmp_path: Path) -> None:
    """Never silently elsewhere."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        async with stack(tmp_path, port=port) as parts:
            await parts.controller.start()
            assert kinds(parts.controller.state) == [ProblemKind.PORT_TAKEN]
            assert str(port) in parts.controller.state.problems[0].detail
            assert parts.controller.state.look is Look.TROUBLE
            taken.close()
            states = Listener(parts.controller.stateChanged)
            parts.controller.start_proxy()
            await states.until(lambda state: state.server is ServerState.RUNNING and not state.problems)


async def test_a_provider_is_saved_used_and_deleted(tmp_path: Path) -> None:
    """Through the controller only."""
    async with FakeUpstream(streams(*HELLO)) as upstream, stack(tmp_path) as parts:
        states = Listener(parts.controller.stateChanged)
        await parts.controller.start()
        profile_id = await saved(parts, replace(DRAFT, base_url=upstream.url))
        parts.controller.activate_profile(profile_id)
        await states.until(lambda state: state.active_id == profile_id)
        assert await ask(parts) == 200
        parts.controller.observe(parts.hub.read())
        assert parts.controller.state.today.requests == 1
        assert parts.controller.draft(profile_id).name == "One"
        parts.controller.delete_profile(profile_id)
        gone = await states.until(lambda state: len(state.providers) == 1)
        assert gone.active_id == DEMO_ID


async def test_a_wrong_draft_is_answered_with_its_fields(tmp_path: Path) -> None:
    """Saving and testing alike."""
    async with stack(tmp_path) as parts:
        await parts.controller.start()
        for act in (parts.controller.save_profile, parts.controller.test_profile):
            results = Listener(parts.controller.saveFinished)
            act(replace(DRAFT, name=""), KEY)
            assert [problem.field for problem in (await results.until()).problems] == ["name"]


async def test_a_file_that_cannot_be_written_is_told_to_the_editor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was typed is still there to be saved again."""

    def refuse(*_: object) -> None:
        raise FileError("profiles.json: the disk is full")

    async with stack(tmp_path) as parts:
        await parts.controller.start()
        monkeypatch.setattr(ProfileStore, "save", refuse)
        results = Listener(parts.controller.saveFinished)
        parts.controller.save_profile(DRAFT, KEY)
        (problem,) = (await results.until()).problems
        assert problem.detail == "profiles.json: the disk is full"
        states = Listener(parts.controller.stateChanged)
        parts.controller.activate_profile(DEMO_ID)
        assert kinds(await states.until(lambda state: state.problems)) == [ProblemKind.SAVE_FAILED]


async def test_a_provider_is_tested_before_and_after_it_is_saved(tmp_path: Path) -> None:
    """With the key that was typed, then with the one that is stored."""
    async with FakeUpstream(answers(401, {"error": {"message": "bad key"}})) as upstream, stack(tmp_path) as parts:
        await parts.controller.start()
        draft = replace(DRAFT, base_url=upstream.url)
        for act in (lambda: parts.controller.test_profile(draft, KEY), None):
            reports = Listener(parts.controller.trialFinished)
            if act is None:
                parts.controller.test_stored(await saved(parts, draft))
            else:
                act()
            report = await reports.until()
            assert "bad key" in report.steps[1].words
        assert parts.controller.state.today.requests == 0


async def test_the_demo_passes_its_test(tmp_path: Path) -> None:
    """All five questions, without any account."""
    async with stack(tmp_path) as parts:
        await parts.controller.start()
        reports = Listener(parts.controller.trialFinished)
        parts.controller.test_stored(DEMO_ID)
        assert (await reports.until()).passed is True


async def test_a_test_message_shows_up_as_a_request(tmp_path: Path) -> None:
    """While the proxy runs; without it nothing happens."""
    async with stack(tmp_path, settings=Settings(start_proxy=False)) as parts:
        await parts.controller.start()
        parts.controller.send_test_message()
        states = Listener(parts.controller.stateChanged)
        parts.controller.start_proxy()
        await states.until(lambda state: state.server is ServerState.RUNNING)
        parts.hub.wake = lambda: parts.controller.observe(parts.hub.read(parts.hub.cursor - 1))
        parts.controller.send_test_message()
        assert (await states.until(lambda state: state.today.requests)).today.requests == 1


async def test_an_error_is_shown_until_it_was_seen(tmp_path: Path) -> None:
    """Icon, words and one notice."""
    async with FakeUpstream(answers(401, {"error": {"message": "bad key"}})) as upstream, stack(tmp_path) as parts:
        await parts.controller.start()
        notices = Listener(parts.controller.noticeRaised)
        states = Listener(parts.controller.stateChanged)
        parts.controller.activate_profile(await saved(parts, replace(DRAFT, base_url=upstream.url)))
        await states.until(lambda state: state.active_id == "one")
        assert await ask(parts) == 401
        parts.controller.observe(parts.hub.read())
        state = parts.controller.state
        assert state.look is Look.TROUBLE
        assert state.last_error is not None
        assert "bad key" in (state.last_error.error.upstream_text or "")
        assert [notice.kind for notice in notices.seen] == [NoticeKind.KEY_REJECTED]
        parts.controller.look_at(state.last_error.request_id)
        assert parts.controller.state.look is Look.IDLE


async def test_a_new_token_locks_out_the_old_one(tmp_path: Path) -> None:
    """And the setup that is copied holds the new one."""
    async with stack(tmp_path) as parts:
        await parts.controller.start()
        assert TOKEN in parts.controller.setup_text("bash")
        tokens = Listener(parts.controller.stateChanged)
        parts.controller.rotate_token()
        parts.controller.stop_proxy()
        await tokens.until(lambda state: state.server is ServerState.STOPPED)
        assert TOKEN not in parts.controller.setup_text("fish")
        assert parts.server.settings.token in parts.controller.setup_text("fish")


async def test_autostart_is_what_the_system_says(tmp_path: Path) -> None:
    """On, off, and refused."""
    async with stack(tmp_path) as parts:
        await parts.controller.start()
        states = Listener(parts.controller.stateChanged)
        parts.controller.set_autostart(True)
        await states.until(lambda state: state.autostart)
        parts.controller.set_autostart(False)
        await states.until(lambda state: not state.autostart)
        (tmp_path / "autostart").rmdir()
        (tmp_path / "autostart").write_text("in the way")
        parts.controller.set_autostart(True)
        refused = await states.until(lambda state: state.problems)
        assert (kinds(refused), refused.autostart) == ([ProblemKind.AUTOSTART_FAILED], False)


async def test_a_provider_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    """The file was edited by hand: the Demo stands in, and a later choice settles it."""
    async with stack(tmp_path) as parts:
        await parts.controller.start()
        parts.controller.activate_profile(await saved(parts, replace(DRAFT, key_kind=KeyKind.NONE), ""))
        await Listener(parts.controller.stateChanged).until(lambda state: state.active_id == "one")
    path = tmp_path / "config" / "profiles.json"
    path.write_text(path.read_text().replace("https://one.example/v1", "nonsense"))
    async with stack(tmp_path) as parts:
        await parts.controller.start()
        state = parts.controller.state
        assert state.active_id == DEMO_ID
        assert ProblemKind.ACTIVATION_FAILED in kinds(state)
        states = Listener(parts.controller.stateChanged)
        parts.controller.activate_profile(DEMO_ID)
        await states.until(lambda state: ProblemKind.ACTIVATION_FAILED not in kinds(state))


async def test_what_was_deleted_a_moment_ago_is_only_logged(tmp_path: Path, expect_log: Callable[[str], None]) -> None:
    """Two menus may show different moments."""
    expect_log(r"there is no provider 'gone'")
    async with stack(tmp_path) as parts:
        await parts.controller.start()
        for act in (
            parts.controller.activate_profile,
            parts.controller.delete_profile,
            parts.controller.test_stored,
        ):
            act("gone")
        await parts.controller.stop(drain_s=0.0)
        assert parts.controller.state.problems == ()


async def test_quitting_is_a_wish(tmp_path: Path) -> None:
    """The composition root decides how."""
    async with stack(tmp_path) as parts:
        wishes = Listener(parts.controller.quitRequested)
        parts.controller.quit()
        assert wishes.seen == [()]
