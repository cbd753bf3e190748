"""What happens in the proxy reaches the state and becomes a notice."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from helpers.app_services import DRAFT, ask, saved, stack
from helpers.fake_upstream import FakeUpstream, answers
from helpers.signals import Listener
from tray_app.control import activity as module
from tray_app.state import Look, NoticeKind, Totals


async def test_an_error_is_shown_until_it_was_seen(tmp_path: Path) -> None:
    """Icon, words and one notice."""
    async with FakeUpstream(answers(401, {"error": {"message": "bad key"}})) as upstream, stack(tmp_path) as parts:
        await parts.controller.start()
        notices = Listener(parts.controller.activity.noticeRaised)
        states = Listener(parts.controller.board.stateChanged)
        parts.controller.providers.activate(await saved(parts, replace(DRAFT, base_url=upstream.url)))
        await states.until(lambda state: state.active_id == "one")
        assert await ask(parts) == 401
        parts.controller.activity.observe(parts.hub.read())
        state = parts.controller.state
        assert state.look is Look.TROUBLE
        assert state.last_error is not None
        assert "bad key" in (state.last_error.error.upstream_text or "")
        assert [notice.kind for notice in notices.seen] == [NoticeKind.KEY_REJECTED]
        parts.controller.activity.look_at(state.last_error.request_id)
        assert parts.controller.state.look is Look.IDLE


async def test_a_new_day_begins_at_midnight_without_a_request(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sums of yesterday do not stand as today's, and the next midnight is awaited."""
    monkeypatch.setattr(module, "AFTER_MIDNIGHT_S", 0.0)
    async with stack(tmp_path) as parts:
        noon, midnight = time.time(), module.local_midnight(time.time() + 86_400.0)
        times = iter((noon, midnight - 0.02, midnight + 0.01, midnight + 0.01))
        activity = module.Activity(parts.controller.board, lambda: next(times))
        activity.go_on_from(Totals(since=module.local_midnight(noon), since_midnight=True, requests=7))
        states = Listener(parts.controller.board.stateChanged)
        activity.watch_calendar()
        state = await states.until(lambda state: state.today.requests == 0)
        assert (state.today.since, state.today.since_midnight) == (midnight, True)
        activity.rest()
