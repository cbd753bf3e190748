"""Providers are saved, used, tried and deleted, and every answer reaches the one who waits for it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from helpers.app_services import DRAFT, KEY, ask, kinds, saved, stack
from helpers.fake_upstream import HELLO, FakeUpstream, Peer, answers, streams
from helpers.signals import Listener
from tray_app.profiles.files import FileError
from tray_app.profiles.model import DEMO_ID
from tray_app.profiles.store import ProfileStore
from tray_app.state import Deleted, HealthKind, ProblemKind


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
        states.seen.clear()  # before anything was saved there was one provider, too
        parts.controller.providers.delete(profile_id)
        gone = await states.until(lambda state: state is parts.controller.state and len(state.providers) == 1)
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


async def test_a_deletion_can_be_undone_for_a_while(tmp_path: Path) -> None:
    """Then, or at the end of the program, the key goes too."""
    async with stack(tmp_path) as parts:
        providers, states = parts.controller.providers, Listener(parts.controller.board.stateChanged)
        await parts.controller.start()
        assert await saved(parts) == "one"
        providers.delete("one")
        state = await states.until(lambda state: state.deleted)
        assert (state.deleted, len(state.providers)) == (Deleted(id="one", name="One"), 1)
        providers.restore()
        state = await states.until(lambda state: state is parts.controller.state and state.deleted is None)
        assert [provider.id for provider in state.providers] == [DEMO_ID, "one"]
        assert await parts.secrets.get("one") == KEY
        providers.undo_s = 0.05
        states.seen.clear()
        providers.delete("one")
        await states.until(lambda state: state.deleted)
        await states.until(lambda state: state is parts.controller.state and state.deleted is None)
        assert await parts.secrets.get("one") is None
        providers.undo_s = 60.0
        await saved(parts)
        providers.delete("one")
        await states.until(lambda state: state is parts.controller.state and state.deleted)
        await parts.controller.stop(0.0)
        assert await parts.secrets.get("one") is None
        assert parts.store.load().stale_keys == ()


async def test_a_new_provider_may_be_used_at_once(tmp_path: Path) -> None:
    """In the same step as it is saved."""
    async with stack(tmp_path) as parts:
        await parts.controller.start()
        results = Listener(parts.controller.providers.saveFinished)
        parts.controller.providers.save(DRAFT, KEY, use=True)
        assert (await results.until()).id == "one"
        assert parts.controller.state.active_id == "one"


async def test_lines_are_made_anew_only_when_a_profile_has_changed(tmp_path: Path) -> None:
    """Requests come and go much more often than profiles change."""
    async with stack(tmp_path) as parts:
        await parts.controller.start()
        profile_id = await saved(parts, DRAFT)
        before = parts.controller.state.providers
        parts.controller.board.publish()
        assert parts.controller.providers.reading()["providers"] is before
        await saved(parts, replace(DRAFT, id=profile_id, name="Another"))
        assert [line.name for line in parts.controller.state.providers][-1] == "Another"


async def test_providers_are_sorted(tmp_path: Path) -> None:
    """As the user wants them."""
    async with stack(tmp_path) as parts:
        await parts.controller.start()
        for name in ("One", "Two"):
            await saved(parts, replace(DRAFT, name=name))
        states = Listener(parts.controller.board.stateChanged)
        parts.controller.providers.move("two", 0)
        state = await states.until(lambda state: state.providers[1].id == "two")
        assert [provider.id for provider in state.providers] == [DEMO_ID, "two", "one"]


async def test_models_are_listed_or_the_reason_is(tmp_path: Path) -> None:
    """From the provider with the typed key; else its words, or the fields that are wrong."""
    async with stack(tmp_path) as parts:
        await parts.controller.start()
        providers = parts.controller.providers
        lists, results = Listener(providers.modelsListed), Listener(providers.saveFinished)
        async with FakeUpstream(answers(200, {"data": [{"id": "a"}]})) as upstream:
            providers.list_models(replace(DRAFT, base_url=upstream.url), KEY)
            assert (await lists.until()).models == ("a",)
        async with FakeUpstream(answers(403, {"error": {"message": "not for you"}})) as upstream:
            providers.list_models(replace(DRAFT, base_url=upstream.url), KEY)
            assert "not for you" in (await lists.until(lambda found: found.words)).words
        providers.list_models(replace(DRAFT, base_url="https://x:%41/"), KEY)
        providers.list_models(DRAFT, "")
        assert (await results.until()).problems[0].field == "secret"


async def test_tests_and_requests_leave_a_mark(tmp_path: Path) -> None:
    """A test in the editor counts for what is saved unchanged; an edit forgets it."""
    async with FakeUpstream(answers(401, {"error": {"message": "bad key"}})) as upstream, stack(tmp_path) as parts:
        await parts.controller.start()
        providers, draft = parts.controller.providers, replace(DRAFT, base_url=upstream.url)
        reports = Listener(providers.trialFinished)
        providers.test(draft, KEY)
        await reports.until()
        assert parts.controller.state.health == {}
        profile_id = await saved(parts, draft)
        assert parts.controller.state.health[profile_id].tested is True
        assert "bad key" in parts.controller.state.health[profile_id].words
        await saved(parts, replace(providers.draft(profile_id), name="Other"), "")
        assert profile_id not in parts.controller.state.health
        await parts.library.activate(profile_id)
        assert await ask(parts) == 401
        batch = parts.hub.read()
        providers.observe(batch)
        parts.controller.activity.observe(batch)
        assert parts.controller.state.health[profile_id].kind is HealthKind.FAILING
        reports.seen.clear()
        providers.test_stored(profile_id)
        await reports.until()
        assert providers.reading()["health"][profile_id].failures == 2


async def test_a_test_tells_how_far_it_is_and_can_be_given_up(tmp_path: Path) -> None:
    """A second one takes the place of the first; a cancelled one has no answer."""
    asked = asyncio.Event()

    async def silent(peer: Peer) -> None:
        asked.set()
        await peer.gone.wait()

    async with FakeUpstream(silent) as upstream, stack(tmp_path) as parts:
        await parts.controller.start()
        providers = parts.controller.providers
        reports, steps = Listener(providers.trialFinished), Listener(providers.trialProgressed)
        providers.test(replace(DRAFT, base_url=upstream.url), KEY)
        await asyncio.wait_for(asked.wait(), 5)
        providers.test_stored(DEMO_ID)
        assert (await reports.until()).passed is True
        assert await steps.until()
        assert len(reports.seen) == 1
