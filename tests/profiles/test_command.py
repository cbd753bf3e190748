"""Tests of profiles/command.py: the command that prints a key, well-behaved and otherwise."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from helpers.waiting import until
from tray_app.profiles.command import CredentialError, child_environment, run_command

KEY = "sk-a-made-up-key-0123456789"


async def run(code: str, *arguments: str, timeout_s: float = 30.0) -> str:
    return await run_command((sys.executable, "-c", code, *arguments), timeout_s, os.environ)


async def test_its_output_is_the_key_without_one_line_end() -> None:
    """LF and CR LF are taken off once; what else is there is the key's."""
    assert [await run(f"print('a', end={end!r})") for end in ("", "\n", "\r\n", "\n\n")] == ["a", "a", "a", "a\n"]


async def test_no_shell_reads_the_arguments() -> None:
    """What looks like shell syntax arrives as it was written."""
    assert await run("import sys; print(sys.argv[1])", "$(id) `id` ; $HOME") == "$(id) `id` ; $HOME"


async def test_it_cannot_ask_for_input() -> None:
    """Stdin is empty rather than the terminal of whoever started us."""
    assert await run("import sys; print(repr(sys.stdin.read()))") == "''"


async def test_a_failure_names_the_command_and_masks_what_it_says() -> None:
    """Status and last line are told; anything like a key is not, and stdout never is."""
    code = f"import sys; print({KEY!r}); sys.stderr.write('noise\\nbad key {KEY} for you\\x1b[0m\\n'); sys.exit(7)"
    with pytest.raises(CredentialError) as caught:
        await run(code)
    assert Path(sys.executable).name in caught.value.message
    assert "exit status 7" in caught.value.message
    assert caught.value.hint == "It said: bad key … for you[0m"


async def test_a_silent_failure_has_a_hint() -> None:
    """There is always something to do."""
    with pytest.raises(CredentialError) as caught:
        await run("import sys; sys.exit(1)")
    assert "terminal" in caught.value.hint


async def test_much_noise_is_cut() -> None:
    """A megabyte of stderr neither blocks the command nor reaches the screen."""
    with pytest.raises(CredentialError) as caught:
        await run("import sys; sys.stderr.write('no ' * 400000); sys.exit(1)")
    assert len(caught.value.hint) < 250


async def test_a_command_that_prints_for_ever_is_stopped() -> None:
    """At the limit, not at the timeout."""
    with pytest.raises(CredentialError, match="more than 65536 bytes"):
        await run("while True: print('x' * 1000)")


async def test_output_that_is_not_text_is_refused() -> None:
    """A key is text."""
    with pytest.raises(CredentialError, match="not text"):
        await run(r"import sys; sys.stdout.buffer.write(b'\xff\xfe')")


@pytest.mark.parametrize(
    ("argv", "problem"),
    [
        (("no-such-program-here",), "was not found"),
        (("/",), "cannot be started"),
        (("true", "a\0b"), "cannot be started"),
    ],
)
async def test_a_command_that_cannot_be_started_says_why(argv: tuple[str, ...], problem: str) -> None:
    """With its name, without its arguments."""
    with pytest.raises(CredentialError, match=problem):
        await run_command(argv, 5.0, os.environ)


SLEEPY = """
import pathlib, subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
pathlib.Path(sys.argv[1]).write_text(str(child.pid))
print("key", flush=True)
if sys.argv[2] == "stay":
    child.wait()
"""


def is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def read(path: Path) -> str:
    return path.read_text() if path.exists() else ""


@pytest.mark.only_on("linux")
@pytest.mark.parametrize("behaviour", ["stay", "leave"])
async def test_a_late_command_is_killed_with_its_children(behaviour: str, tmp_path: Path) -> None:
    """Also where the command itself has ended and left a child that holds its output open."""
    with pytest.raises(CredentialError, match=r"did not finish within 1\.5 s"):
        await run(SLEEPY, str(tmp_path / "pid"), behaviour, timeout_s=1.5)
    child = int((tmp_path / "pid").read_text())
    until(lambda: is_gone(child), "the child is killed")


@pytest.mark.only_on("linux")
async def test_a_cancelled_request_kills_its_command(tmp_path: Path) -> None:
    """Nothing stays behind when the client goes away."""
    task = asyncio.get_running_loop().create_task(run(SLEEPY, str(tmp_path / "pid"), "stay"))
    text = await asyncio.to_thread(until, lambda: read(tmp_path / "pid"), "the child's id")
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    until(lambda: is_gone(int(text)), "the child is killed")


def test_the_child_gets_the_systems_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    """A frozen build's own library path would crash system programs."""
    ours = {"LD_LIBRARY_PATH": "/app/_internal", "A": "1"}
    assert child_environment(ours) == ours
    assert child_environment(ours | {"LD_LIBRARY_PATH_ORIG": "/opt/lib"}) == {"LD_LIBRARY_PATH": "/opt/lib", "A": "1"}
    monkeypatch.setattr(sys, "_MEIPASS", "/app/_internal", raising=False)
    assert child_environment(ours) == {"A": "1"}
