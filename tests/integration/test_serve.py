"""`dragoman serve` as a process of its own: started, asked, stopped by a signal."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sqlite3
import stat
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from helpers.answers import say
from helpers.fake_upstream import FakeUpstream, Peer
from helpers.proxy_stack import REQUEST, read_until
from helpers.waiting import until

START_S = 60.0
HEADERS = {"x-api-key": "local-token-9"}
KEYS = {"LOCAL": "local-token-9", "UP_KEY": "sk-upstream-9999"}


async def launched(*arguments: str, home: Path, extra: Mapping[str, str] | None = None) -> asyncio.subprocess.Process:
    """The program, with its own home."""
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tray_app", "serve", "--port", "0", *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "DRAGOMAN_HOME": str(home), **(extra or KEYS)},
    )  # fmt: skip


@asynccontextmanager
async def serving(*arguments: str, home: Path) -> AsyncIterator[tuple[str, asyncio.subprocess.Process]]:
    """The program once it listens: its URL and its process, which must have ended well by itself."""
    process = await launched(*arguments, home=home)
    assert process.stdout is not None
    async with asyncio.timeout(START_S):
        line = (await process.stdout.readline()).decode()
    try:
        assert line.startswith("listening on http://127.0.0.1:"), (line, await process.communicate())
        yield line.split()[-1], process
    finally:
        if process.returncode is None:
            process.terminate()
        _, errors = await process.communicate()
    assert process.returncode == 0, errors
    for secret in KEYS.values():
        assert secret.encode() not in errors


async def ask(client: aiohttp.ClientSession, url: str, body: Any = REQUEST) -> tuple[int, bytes]:
    """Status and body of an answer."""
    async with client.post(f"{url}/v1/messages", json=body, headers=HEADERS) as response:
        return response.status, await response.read()


async def test_an_ad_hoc_upstream_is_served_and_logged(tmp_path: Path) -> None:
    """One line on stdout, JSON lines in a private file, no secret and no prompt anywhere."""
    log = tmp_path / "requests.jsonl"
    async with FakeUpstream() as upstream, aiohttp.ClientSession() as client:
        arguments = ["--upstream", upstream.url, "--key-env", "UP_KEY", "--token-env", "LOCAL", "--log-json", str(log)]
        async with serving(*arguments, home=tmp_path) as (url, _):
            status, body = await ask(client, url)
            assert (status, b"message_stop" in body) == (200, True)
            assert (await ask(client, url, {**REQUEST, "model": "x" * 10, "max_tokens": 0.5}))[0] == 400
    assert upstream.received[0].headers["authorization"] == "Bearer sk-upstream-9999"
    assert upstream.received[0].body["model"] == REQUEST["model"]
    (line,) = log.read_text().splitlines()
    entry = json.loads(line)
    assert (entry["status"], entry["stop_reason"], entry["usage"]["source"]) == (200, "end_turn", "reported")
    assert "Say hello" not in line
    assert not any(secret in line for secret in KEYS.values())
    assert stat.S_IMODE(log.stat().st_mode) == 0o600 or sys.platform == "win32"


def counted(home: Path) -> list[tuple[str, str, int]]:
    """What the ledger holds: provider, outcome, tokens in."""
    with closing(sqlite3.connect(home / "data" / "usage.sqlite")) as ledger:
        return ledger.execute("SELECT profile_id, outcome, input_tokens FROM request ORDER BY started_at").fetchall()


async def test_requests_are_counted_in_the_ledger_of_the_tray_application(tmp_path: Path) -> None:
    """At the latest when it ends; with a switch they are not."""
    async with aiohttp.ClientSession() as client:
        async with serving("--token-env", "LOCAL", home=tmp_path) as (url, _):
            assert (await ask(client, url))[0] == 200
        (row,) = counted(tmp_path)
        assert row[:2] == ("demo", "finished")
        async with serving("--token-env", "LOCAL", "--no-ledger", home=tmp_path) as (url, _):
            assert (await ask(client, url))[0] == 200
    assert counted(tmp_path) == [row]


@pytest.mark.only_on("linux", "darwin")
async def test_a_kill_costs_at_most_the_last_second(tmp_path: Path) -> None:
    """What was answered before that is in the ledger."""
    async with aiohttp.ClientSession() as client:
        process = await launched("--token-env", "LOCAL", home=tmp_path)
        assert process.stdout is not None
        url = (await process.stdout.readline()).decode().split()[-1]
        assert (await ask(client, url))[0] == 200
        try:
            await asyncio.to_thread(
                until,
                lambda: (tmp_path / "data" / "usage.sqlite").exists() and counted(tmp_path),
                "the row is there",
                5.0,
            )
        finally:
            process.kill()
            await process.communicate()
    assert [row[:2] for row in counted(tmp_path)] == [("demo", "finished")]


async def test_a_ledger_of_no_use_costs_no_request(tmp_path: Path) -> None:
    """It is said on stderr, twice: why, and how many requests that has cost."""
    (tmp_path / "data").mkdir()
    with closing(sqlite3.connect(tmp_path / "data" / "usage.sqlite")) as ledger:
        ledger.execute("PRAGMA user_version = 99")
    process = await launched("--token-env", "LOCAL", home=tmp_path)
    assert process.stdout is not None
    async with aiohttp.ClientSession() as client:
        url = (await process.stdout.readline()).decode().split()[-1]
        assert (await ask(client, url))[0] == 200
    process.terminate()
    _, errors = await process.communicate()
    assert b"usage ledger: " in errors
    assert b"newer version" in errors
    assert b"requests not counted: 1" in errors


async def test_without_anything_stored_the_demo_answers(tmp_path: Path) -> None:
    """`dragoman serve` works on a fresh machine."""
    async with serving("--token-env", "LOCAL", home=tmp_path) as (url, _), aiohttp.ClientSession() as client:
        status, body = await ask(client, url, {**REQUEST, "stream": False})
        assert status == 200
        assert "built-in demo" in json.loads(body)["content"][0]["text"]
    assert not (tmp_path / "config").exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_d54_a_signal_drains_and_exits_0(number: signal.Signals, tmp_path: Path) -> None:
    """A stream in flight is told, then the program is gone."""

    async def endless(peer: Peer) -> None:
        await peer.head()
        await peer.send(say("so far"))
        await peer.gone.wait()

    async with FakeUpstream(endless) as upstream, aiohttp.ClientSession() as client:
        async with serving("--upstream", upstream.url, "--token-env", "LOCAL", home=tmp_path) as (url, process):
            async with client.post(f"{url}/v1/messages", json=REQUEST, headers=HEADERS) as response:
                await read_until(response, b"so far")
                process.send_signal(number)
                rest = await response.read()
            assert b'"type":"overloaded_error"' in rest
            assert await process.wait() == 0


async def test_lines_may_go_to_stdout(tmp_path: Path) -> None:
    """`--log-json -`, after the line that says where it listens."""
    async with FakeUpstream() as upstream, aiohttp.ClientSession() as client:
        arguments = ["--upstream", upstream.url, "--no-token", "--log-json", "-", "--model", "fixed"]
        process = await launched(*arguments, home=tmp_path)
        assert process.stdout is not None
        url = (await process.stdout.readline()).decode().split()[-1]
        await ask(client, url)
        entry = json.loads(await process.stdout.readline())
        process.terminate()
        await process.communicate()
    assert (entry["upstream_model"], upstream.received[0].body["model"]) == ("fixed", "fixed")


async def test_a_taken_port_is_told_with_its_owner_and_nothing_listens_elsewhere(tmp_path: Path) -> None:
    """Exit status 1, one line."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        process = await launched("--no-token", "--port", str(port), home=tmp_path)
        out, errors = await process.communicate()
    assert (process.returncode, out) == (1, b"")
    last = errors.decode().splitlines()[-1]
    assert last.startswith(f"dragoman serve: port {port} on 127.0.0.1 is taken")
    assert "--port" in last


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--upstream", "127.0.0.1:1/v1", "--no-token"], "base URL: must start with"),
        (["--upstream", "http://h/%zz", "--no-token"], "base URL: not a valid URL"),
        (
            ["--upstream", "http://h", "--outbound-proxy", "127.0.0.1:7890", "--no-token"],
            "outbound proxy: must start with",
        ),
        (["--upstream", "http://h", "--header", "Host: x", "--no-token"], "headers: Host cannot be set"),
        (["--no-token", "--host", "0.0.0.0"], "refusing to listen on 0.0.0.0"),
        (["--profile", "gone", "--no-token"], "there is no profile 'gone'"),
        ([], "--token-env"),
        (["--no-token", "--log-json", "/nonexistent/dir/x"], "--log-json"),
    ],
)
async def test_d41_d43_d49_what_cannot_work_is_one_line_and_status_2(
    arguments: list[str], said: str, tmp_path: Path
) -> None:
    """Nothing is listening afterwards; without a keyring the two other ways are named."""
    process = await launched(*arguments, home=tmp_path)
    out, errors = await process.communicate()
    assert (process.returncode, out) == (2, b"")
    assert said in errors.decode().splitlines()[-1]
