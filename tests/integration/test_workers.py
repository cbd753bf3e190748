"""`dragoman serve --workers`: several processes behind one port, as one program to whoever starts it and whoever asks."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sqlite3
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from pathlib import Path

import aiohttp
import pytest

from helpers.answers import DONE, finish, say, usage
from helpers.fake_upstream import FakeUpstream, Peer
from helpers.proxy_stack import REQUEST
from helpers.waiting import until
from tray_app.cli import main
from tray_app.runtime import logs

pytestmark = pytest.mark.only_on("linux")

HEADERS = {"x-api-key": "local-token-9"}
START_S = 60.0
STREAMS = 12


@asynccontextmanager
async def sharing(*arguments: str, home: Path) -> AsyncIterator[tuple[str, asyncio.subprocess.Process]]:
    """The program with two workers, once it listens: its URL and its process, which must end well by itself."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tray_app", "serve", "--port", "0", "--workers", "2", "--token-env", "LOCAL", *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "DRAGOMAN_HOME": str(home), "LOCAL": "local-token-9"},
    )  # fmt: skip
    assert process.stdout is not None
    async with asyncio.timeout(START_S):
        line = (await process.stdout.readline()).decode()
    try:
        assert line.startswith("listening on http://127.0.0.1:"), (line, await process.communicate())
        assert line.endswith("(2 workers)\n")
        await workers(process, 2)
        yield line.split()[2], process
    finally:
        if process.returncode is None:
            process.terminate()
        out, _ = await process.communicate()
    assert (process.returncode, out) == (0, b"")


async def workers(process: asyncio.subprocess.Process, count: int, besides: Sequence[int] = ()) -> list[int]:
    """Its child processes that listen, once there are so many."""

    def listening() -> list[int] | None:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        found = [int(pid) for pid in children if int(pid) not in besides and _listens(int(pid))]
        return found if len(found) == count else None

    return await asyncio.to_thread(until, listening, f"{count} workers to listen", START_S)


def _listens(pid: int) -> bool:
    """Whether a process holds a listening socket of its own."""
    try:
        rows = [line.split() for line in Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]]
        held = {str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir()}
    except OSError:
        return False
    return any(row[3] == "0A" and f"socket:[{row[9]}]" in held for row in rows)


async def ask(url: str, token: dict[str, str] = HEADERS) -> tuple[int, bytes]:
    """Status and body of an answer on a connection of its own: the system chooses who gets it."""
    async with aiohttp.ClientSession() as client:
        async with client.post(f"{url}/v1/messages", json=REQUEST, headers=token) as response:
            return response.status, await response.read()


async def test_many_requests_one_token_one_log_one_ledger(tmp_path: Path) -> None:
    """Every worker answers, wants the token, writes whole lines to the one log, and counts in the one ledger."""
    log = tmp_path / "requests.jsonl"
    async with FakeUpstream() as upstream:
        arguments = ["--upstream", upstream.url, "--outbound-proxy", "direct", "--log-json", str(log)]
        async with sharing(*arguments, home=tmp_path) as (url, _):
            answers = await asyncio.gather(*(ask(url) for _ in range(40)))
            refused = await asyncio.gather(*(ask(url, {}) for _ in range(10)))
    assert all(status == 200 and b"message_stop" in body for status, body in answers)
    assert {status for status, _ in refused} == {401}
    entries = [json.loads(line) for line in log.read_text().splitlines()]
    assert len({entry["id"] for entry in entries if entry["status"] == 200}) == 40
    assert {received.connection for received in upstream.received} >= {1, 2}
    with closing(sqlite3.connect(tmp_path / "data" / "usage.sqlite")) as ledger:
        assert ledger.execute("SELECT count(*), count(DISTINCT id) FROM request").fetchone() == (40, 40)


async def test_a_dead_worker_is_replaced_while_the_others_answer(tmp_path: Path) -> None:
    """Its clients see a closed connection; new ones are served at once by the rest and soon by a new one."""
    async with sharing(home=tmp_path) as (url, process):
        pids = await workers(process, 2)
        os.kill(pids[0], signal.SIGKILL)
        await workers(process, 2, besides=pids[:1])
        answers = await asyncio.gather(*(ask(url) for _ in range(12)))
        assert {status for status, _ in answers} == {200}
        assert process.stderr is not None
        reported = await process.stderr.readline()
    assert b"was ended by SIGKILL" in reported


async def test_a_stop_lets_the_answers_of_every_worker_end(tmp_path: Path) -> None:
    """Streams that run go on to their last event."""
    began: list[Peer] = []
    all_began, release = asyncio.Event(), asyncio.Event()

    async def slow(peer: Peer) -> None:
        await peer.head()
        await peer.send(say("Hel"))
        began.append(peer)
        if len(began) == STREAMS:
            all_began.set()
        await release.wait()
        await peer.send(say("lo"), finish(), usage(), DONE)
        await peer.end()

    async with FakeUpstream(slow) as upstream:
        arguments = ["--upstream", upstream.url, "--outbound-proxy", "direct"]
        async with sharing(*arguments, home=tmp_path) as (url, process):
            streams = [asyncio.ensure_future(ask(url)) for _ in range(STREAMS)]  # noqa: TID251 -- clients, not the proxy's
            async with asyncio.timeout(START_S):
                await all_began.wait()
            process.terminate()
            await asyncio.to_thread(until, lambda: _refused(url), "the port to be closed")
            release.set()
            answers = await asyncio.gather(*streams)
    assert all(status == 200 and b"message_stop" in body for status, body in answers)


def _refused(url: str) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", int(url.rpartition(":")[2]))) != 0


@pytest.fixture
def _logs_restored() -> AsyncIterator[None]:
    """The program sets up logging for the whole process."""
    yield
    logs.stop()


@pytest.mark.usefixtures("_logs_restored")
def test_a_taken_port_is_never_shared_by_accident(capsys: pytest.CaptureFixture[str]) -> None:
    """Not even with somebody who would share it."""
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        assert main(["serve", "--no-token", "--profile", "demo", "--workers", "2", "--port", port]) == 1
    assert f"port {port} on 127.0.0.1 is taken" in capsys.readouterr().err


@pytest.mark.usefixtures("_logs_restored")
def test_other_systems_are_told_why_not(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """One clear line."""
    monkeypatch.setattr(sys, "platform", "darwin")
    assert main(["serve", "--no-token", "--profile", "demo", "--workers", "2"]) == 2
    assert capsys.readouterr().err.startswith("dragoman serve: --workers needs Linux")
