"""What is expected to go wrong becomes a problem on screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from helpers.app_services import DRAFT, kinds, saved, stack
from helpers.signals import Listener
from tray_app.profiles.model import DEMO_ID
from tray_app.state import KeyKind, ProblemKind


async def test_a_provider_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    """The file was edited by hand: the Demo stands in, and a later choice settles it."""
    async with stack(tmp_path) as parts:
        await parts.controller.start()
        parts.controller.providers.activate(await saved(parts, replace(DRAFT, key_kind=KeyKind.NONE), ""))
        await Listener(parts.controller.board.stateChanged).until(lambda state: state.active_id == "one")
    path = tmp_path / "config" / "profiles.json"
    path.write_text(path.read_text().replace("https://one.example/v1", "nonsense"))
    async with stack(tmp_path) as parts:
        await parts.controller.start()
        state = parts.controller.state
        assert state.active_id == DEMO_ID
        assert ProblemKind.ACTIVATION_FAILED in kinds(state)
        states = Listener(parts.controller.board.stateChanged)
        parts.controller.providers.activate(DEMO_ID)
        await states.until(lambda state: ProblemKind.ACTIVATION_FAILED not in kinds(state))


async def test_what_was_deleted_a_moment_ago_is_only_logged(tmp_path: Path, expect_log: Callable[[str], None]) -> None:
    """Two menus may show different moments."""
    expect_log(r"there is no provider 'gone'")
    async with stack(tmp_path) as parts:
        await parts.controller.start()
        for act in (
            parts.controller.providers.activate,
            parts.controller.providers.delete,
            parts.controller.providers.test_stored,
        ):
            act("gone")
        await parts.controller.stop(drain_s=0.0)
        assert parts.controller.state.problems == ()
