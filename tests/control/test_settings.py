"""Settings are changed, and what the operating system keeps is read back from it."""

from __future__ import annotations

from pathlib import Path

from helpers.app_services import kinds, stack
from helpers.signals import Listener
from tray_app.state import ProblemKind


async def test_autostart_is_what_the_system_says(tmp_path: Path) -> None:
    """On, off, and refused."""
    async with stack(tmp_path) as parts:
        await parts.controller.start()
        states = Listener(parts.controller.board.stateChanged)
        parts.controller.settings.set_autostart(True)
        await states.until(lambda state: state.autostart)
        parts.controller.settings.set_autostart(False)
        await states.until(lambda state: not state.autostart)
        (tmp_path / "autostart").rmdir()
        (tmp_path / "autostart").write_text("in the way")
        parts.controller.settings.set_autostart(True)
        refused = await states.until(lambda state: state.problems)
        assert (kinds(refused), refused.autostart) == ([ProblemKind.AUTOSTART_FAILED], False)
