"""Runs the command that prints a key: no shell, no stdin, bounded output, killed with its children when it is late.

What it prints is a secret: stdout is returned and never shown, stderr is shown only shortened and masked.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

MAX_OUTPUT_BYTES: Final = 64 * 1024  # the longest tokens (signed web tokens with many claims) stay below 20 kB
MAX_WORDS_SHOWN: Final = 200  # characters of stderr in a message
STDERR: Final = 2
_LOOKS_SECRET: Final = re.compile(r"(?=\S*[0-9_\-.=+/])\S{12,}")
_RUN_IT: Final = "Run it in a terminal to see what is wrong."


class CredentialError(Exception):
    """There is no key to send; message and hint are for the user and never hold the key."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


async def run_command(argv: Sequence[str], timeout_s: float, environ: Mapping[str, str]) -> str:
    """What the command prints, without one trailing line end.

    Raises:
        CredentialError: it cannot be started, fails, is late, or prints too much or no text.
    """
    name = Path(argv[0]).name
    transport, output = await _start(argv, name, environ)
    try:
        async with asyncio.timeout(timeout_s):
            await output.complete
    except TimeoutError:
        raise CredentialError(f"The command {name!r} did not finish within {timeout_s:g} s.", _RUN_IT) from None
    finally:
        await _end(transport, output)
    status = transport.get_returncode()
    if status:
        raise CredentialError(f"The command {name!r} failed (exit status {status}).", _said(output.errors))
    return _text(bytes(output.printed), name)


class _Output(asyncio.SubprocessProtocol):
    """Collects what the command writes; `complete` ends when it has ended and closed its pipes, or said too much.

    A protocol rather than `asyncio.subprocess`: its streams stop reading when they are full, and waiting for a killed
    process whose pipe nobody reads never ends.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self.printed = bytearray()
        self.errors = b""
        loop = asyncio.get_running_loop()
        self.complete: asyncio.Future[None] = loop.create_future()
        self.exited: asyncio.Future[None] = loop.create_future()

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        """Keep all of stdout within the limit, the last part of stderr."""
        if fd == STDERR:
            self.errors = (self.errors + data)[-MAX_OUTPUT_BYTES:]
            return
        self.printed += data
        if len(self.printed) > MAX_OUTPUT_BYTES and not self.complete.done():
            problem = f"The command {self._name!r} printed more than {MAX_OUTPUT_BYTES} bytes."
            self.complete.set_exception(CredentialError(problem, _RUN_IT))

    def ended_well(self) -> bool:
        """Whether `complete` came by itself."""
        return self.complete.done() and not self.complete.cancelled() and self.complete.exception() is None

    def process_exited(self) -> None:
        """The process has ended; a child of it may still hold the pipes."""
        self.exited.set_result(None)

    def connection_lost(self, error: Exception | None) -> None:
        """The process has ended and both pipes are closed."""
        if not self.complete.done():
            self.complete.set_result(None)


async def _start(
    argv: Sequence[str], name: str, environ: Mapping[str, str]
) -> tuple[asyncio.SubprocessTransport, _Output]:
    try:
        return await asyncio.get_running_loop().subprocess_exec(
            lambda: _Output(name),
            *argv,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=child_environment(environ),
            **_apart(),
        )
    except FileNotFoundError as error:
        raise CredentialError(f"The command {name!r} was not found.", "Give its full path.") from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in an argument
        problem = getattr(error, "strerror", None) or "its arguments cannot be passed"
        raise CredentialError(f"The command {name!r} cannot be started: {problem}.", _RUN_IT) from error


async def _end(transport: asyncio.SubprocessTransport, output: _Output) -> None:
    """Kill what did not end well: it is late, too talkative, or the request that wanted the key is gone.

    The whole group, because the command may itself have ended and left a child that holds its pipes.
    """
    if not output.ended_well():
        _kill_group(transport)
        await output.exited  # reaped, so that neither a zombie nor a watcher outlives the loop
    transport.close()


def _kill_group(transport: asyncio.SubprocessTransport) -> None:
    if sys.platform == "win32":  # pragma: no cover - exercised on Windows only
        transport.kill()
    else:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(transport.get_pid(), signal.SIGKILL)


def _apart() -> dict[str, Any]:
    # A group of its own, so that what the command started dies with it; no console window flashing up on Windows.
    if sys.platform == "win32":  # pragma: no cover - exercised on Windows only
        return {"creationflags": subprocess.CREATE_NO_WINDOW}
    return {"start_new_session": True}


def child_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """Our environment as a system program expects it.

    A frozen build points LD_LIBRARY_PATH at its own libraries and keeps the original under another name; system programs
    crash with ours (PyInstaller's documentation, "LD_LIBRARY_PATH considerations").
    """
    child = dict(environ)
    original = child.pop("LD_LIBRARY_PATH_ORIG", None)
    if original is not None:
        child["LD_LIBRARY_PATH"] = original
    elif hasattr(sys, "_MEIPASS"):
        child.pop("LD_LIBRARY_PATH", None)
    return child


def _said(errors: bytes) -> str:
    lines = errors.decode(errors="replace").strip().splitlines()
    words = _LOOKS_SECRET.sub("…", lines[-1] if lines else "")
    shown = "".join(c for c in words if c.isprintable())[:MAX_WORDS_SHOWN]
    return f"It said: {shown}" if shown else _RUN_IT


def _text(output: bytes, name: str) -> str:
    try:
        text = output.decode()
    except UnicodeDecodeError:
        raise CredentialError(f"The command {name!r} printed something that is not text.", _RUN_IT) from None
    return text.removesuffix("\n").removesuffix("\r")
