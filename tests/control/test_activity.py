"""What happens in the proxy reaches the state and becomes a notice."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from helpers.app_services import DRAFT, ask, saved, stack
from helpers.fake_upstream import FakeUpstream, answers
from helpers.signals import Listener
from tray_app.state import Look, NoticeKind


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
