"""The controller puts its areas together, in order."""

from __future__ import annotations

from pathlib import Path

from helpers.app_services import ask, stack
from helpers.signals import Listener
from helpers.ui_values import progress
from tray_app.profiles.model import DEMO_ID
from tray_app.profiles.settings import Settings
from tray_app.proxy.events import ServerState
from tray_app.proxy.hub import Batch
from tray_app.state import Look


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
        assert parts.controller.proxy.endpoint() == "http://127.0.0.1:4567"


async def test_quitting_is_a_wish(tmp_path: Path) -> None:
    """The composition root decides how."""
    async with stack(tmp_path) as parts:
        wishes = Listener(parts.controller.quitRequested)
        parts.controller.quit()
        assert wishes.seen == [()]


async def test_progress_alone_changes_no_state(tmp_path: Path) -> None:
    """It comes ten times a second while answers do; what is lost is worth a look all the same."""
    async with stack(tmp_path) as parts:
        looks: list[None] = []
        parts.controller.board.read_from(lambda: looks.append(None) or {})
        parts.controller.observe(Batch(0, (progress("a", output_chars=1),), 0))
        assert looks == []
        parts.controller.observe(Batch(0, (progress("a", output_chars=1),), 1))
        assert looks
