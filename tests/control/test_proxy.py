"""The proxy is started, stopped, addressed and tried."""

from __future__ import annotations

import socket
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from helpers.app_services import DRAFT, KEY, TOKEN, kinds, saved, stack
from helpers.fake_upstream import FakeUpstream, answers
from helpers.signals import Listener
from tray_app.clients.shells import SHELLS
from tray_app.profiles.settings import Settings
from tray_app.proxy.events import ServerState
from tray_app.state import Look, ProblemKind


async def test_start_and_stop_follow_each_other(tmp_path: Path) -> None:
    """Both are idempotent, and the state says what is, not what was asked."""
    async with stack(tmp_path) as parts:
        states = Listener(parts.controller.board.stateChanged)
        await parts.controller.start()
        parts.controller.proxy.stop()
        parts.controller.proxy.stop()
        assert (await states.until(lambda state: state.server is ServerState.STOPPED)).url is None
        parts.controller.proxy.start()
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
            states = Listener(parts.controller.board.stateChanged)
            parts.controller.proxy.start()
            await states.until(lambda state: state.server is ServerState.RUNNING and not state.problems)


async def test_a_test_message_shows_up_as_a_request(tmp_path: Path) -> None:
    """While the proxy runs; without it nothing happens."""
    async with stack(tmp_path, settings=Settings(start_proxy=False)) as parts:
        await parts.controller.start()
        parts.controller.proxy.send_test_message()
        states = Listener(parts.controller.board.stateChanged)
        parts.controller.proxy.start()
        await states.until(lambda state: state.server is ServerState.RUNNING)
        parts.hub.wake = lambda: parts.controller.activity.observe(parts.hub.read(parts.hub.cursor - 1))
        parts.controller.proxy.send_test_message()
        assert (await states.until(lambda state: state.today.requests)).today.requests == 1


async def test_the_answer_to_a_test_message_is_seen_as_it_comes(tmp_path: Path) -> None:
    """Piece by piece, then whole; a refusal in the provider's words."""
    async with FakeUpstream(answers(401, {"error": {"message": "bad key"}})) as upstream, stack(tmp_path) as parts:
        await parts.controller.start()
        heard = Listener(parts.controller.proxy.testMessageChanged)
        parts.controller.proxy.send_test_message()
        whole = await heard.until(lambda message: not message.running)
        assert (heard.seen[0].text, heard.seen[0].running) == ("", True)
        texts = [message.text for message in heard.seen]
        assert len(set(texts)) > 3
        assert all(later.startswith(earlier) for earlier, later in pairwise(texts))
        assert (whole.text, whole.problem) == (texts[-2], "")
        profile_id = await saved(parts, replace(DRAFT, base_url=upstream.url))
        await parts.library.activate(profile_id)
        heard.seen.clear()
        parts.controller.proxy.send_test_message()
        refused = await heard.until(lambda message: message.problem)
        assert ("bad key" in refused.problem, refused.running) == (True, False)


async def test_a_command_for_one_provider_holds_its_address(tmp_path: Path) -> None:
    """And the local token, never the provider's key."""
    async with stack(tmp_path) as parts:
        await parts.controller.start()
        profile_id = await saved(parts)
        for shell in SHELLS:
            text = parts.controller.proxy.command_text(profile_id, shell)
            assert f"{parts.server.url}/p/{profile_id}" in text
            assert (TOKEN in text, KEY in text) == (True, False)


async def test_a_new_token_locks_out_the_old_one(tmp_path: Path) -> None:
    """And the setup that is copied holds the new one."""
    async with stack(tmp_path) as parts:
        await parts.controller.start()
        assert TOKEN in parts.controller.proxy.setup_text("bash")
        tokens = Listener(parts.controller.board.stateChanged)
        parts.controller.proxy.rotate_token()
        parts.controller.proxy.stop()
        await tokens.until(lambda state: state.server is ServerState.STOPPED)
        assert TOKEN not in parts.controller.proxy.setup_text("fish")
        assert parts.server.settings.token in parts.controller.proxy.setup_text("fish")
