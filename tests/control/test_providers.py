"""Providers are saved, used, tried and deleted, and every answer reaches the one who waits for it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from helpers.app_services import DRAFT, KEY, ask, kinds, saved, stack
from helpers.fake_upstream import HELLO, FakeUpstream, answers, streams
from helpers.signals import Listener
from tray_app.profiles.files import FileError
from tray_app.profiles.model import DEMO_ID
from tray_app.profiles.store import ProfileStore
from tray_app.state import ProblemKind


async def test_a_provider_is_saved_used_and_deleted(tmp_path: Path) -> None:
    """Through the controller only."""
    async with FakeUpstream(streams(*HELLO)) as upstream, stack(tmp_path) as parts:
        states = Listener(parts.controller.board.stateChanged)
        await parts.controller.start()
        profile_id = await saved(parts, replace(DRAFT, base_url=upstream.url))
        parts.controller.providers.activate(profile_id)
        await states.until(lambda state: state.active_id == profile_id)
        assert await ask(parts) == 200
        parts.controller.activity.observe(parts.hub.read())
        assert parts.controller.state.today.requests == 1
        assert parts.controller.providers.draft(profile_id).name == "One"
        parts.controller.providers.delete(profile_id)
        gone = await states.until(lambda state: len(state.providers) == 1)
        assert gone.active_id == DEMO_ID


async def test_a_wrong_draft_is_answered_with_its_fields(tmp_path: Path) -> None:
    """Saving and testing alike."""
    async with stack(tmp_path) as parts:
        await parts.controller.start()
        for act in (parts.controller.providers.save, parts.controller.providers.test):
            results = Listener(parts.controller.providers.saveFinished)
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
        results = Listener(parts.controller.providers.saveFinished)
        parts.controller.providers.save(DRAFT, KEY)
        (problem,) = (await results.until()).problems
        assert problem.detail == "profiles.json: the disk is full"
        states = Listener(parts.controller.board.stateChanged)
        parts.controller.providers.activate(DEMO_ID)
        assert kinds(await states.until(lambda state: state.problems)) == [ProblemKind.SAVE_FAILED]


async def test_a_provider_is_tested_before_and_after_it_is_saved(tmp_path: Path) -> None:
    """With the key that was typed, then with the one that is stored."""
    async with FakeUpstream(answers(401, {"error": {"message": "bad key"}})) as upstream, stack(tmp_path) as parts:
        await parts.controller.start()
        draft = replace(DRAFT, base_url=upstream.url)
        for act in (lambda: parts.controller.providers.test(draft, KEY), None):
            reports = Listener(parts.controller.providers.trialFinished)
            if act is None:
                parts.controller.providers.test_stored(await saved(parts, draft))
            else:
                act()
            report = await reports.until()
            assert "bad key" in report.steps[1].words
        assert parts.controller.state.today.requests == 0


async def test_after_a_sleep_the_next_request_makes_a_fresh_connection(tmp_path: Path) -> None:
    """Without it the connection of the first request would be used again."""
    async with FakeUpstream(streams(*HELLO)) as upstream, stack(tmp_path) as parts:
        await parts.controller.start()
        parts.controller.providers.activate(await saved(parts, replace(DRAFT, base_url=upstream.url)))
        await Listener(parts.controller.board.stateChanged).until(lambda state: state.active_id == "one")
        for connections, act in (
            (1, lambda: None),
            (1, parts.controller.providers.reset_connections),
            (2, lambda: None),
        ):
            assert await ask(parts) == 200
            assert upstream.connections == connections
            act()


async def test_the_demo_passes_its_test(tmp_path: Path) -> None:
    """All five questions, without any account."""
    async with stack(tmp_path) as parts:
        await parts.controller.start()
        reports = Listener(parts.controller.providers.trialFinished)
        parts.controller.providers.test_stored(DEMO_ID)
        assert (await reports.until()).passed is True
