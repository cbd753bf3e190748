"""Recorded messages on their way to the screen."""

from __future__ import annotations

from pathlib import Path

from helpers.app_services import TOKEN, ask, stack
from helpers.signals import Listener
from tray_app.profiles.model import DEMO_ID
from tray_app.proxy.events import RequestStarted
from tray_app.proxy.recorded import Side


async def test_bodies_are_kept_while_the_setting_says_so(tmp_path: Path) -> None:
    """From the next request on, and gone with the setting; headers stay."""
    async with stack(tmp_path) as parts:
        control = parts.controller
        await control.start()
        control.providers.activate(DEMO_ID)
        answered, changed = Listener(control.recordings.found), Listener(control.settings.changeFinished)
        control.settings.change("body_capture", value=True)
        await changed.until()
        changed.seen.clear()
        assert await ask(parts) == 200
        request_id = next(each.id for each in parts.hub.read().events if isinstance(each, RequestStarted))
        control.recordings.fetch(request_id, tuple(Side), bodies=True)
        shown = await answered.until()
        assert "Say hello" in str(shown.messages[Side.CLIENT_REQUEST].text)
        assert TOKEN not in str(shown)
        control.settings.change("body_capture", value=False)
        await changed.until()
        control.recordings.fetch(request_id, tuple(Side), bodies=True)
        shown = await answered.until(lambda recorded: not recorded.bodies)
        assert shown.messages[Side.CLIENT_REQUEST].text is None
        assert shown.messages[Side.CLIENT_REQUEST].headers


async def test_only_the_newest_question_is_answered(tmp_path: Path) -> None:
    """And what is not kept is answered with nothing."""
    async with stack(tmp_path) as parts:
        answered = Listener(parts.controller.recordings.found)
        for name in ("a", "b", "c"):
            parts.controller.recordings.fetch(name, tuple(Side), bodies=False)
        last = await answered.until(lambda recorded: recorded.id == "c")
        assert (last.messages, last.bodies) == ({}, False)
        assert [recorded.id for recorded in answered.seen] == ["c"]
        parts.controller.recordings.forget()
