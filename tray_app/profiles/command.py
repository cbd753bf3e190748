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
    process = await _start(argv, name, environ)
    finished = False
    try:
        async with asyncio.timeout(timeout_s):
            output, errors = await _collect(process, name)
        finished = True
    except TimeoutError:
        raise CredentialError(f"The command {name!r} did not finish within {timeout_s:g} s.", _RUN_IT) from None
    finally:
        if not finished:  # late, too talkative, or the request that wanted the key is gone
            await _kill(process)
    if process.returncode:
        raise CredentialError(f"The command {name!r} failed (exit status {process.returncode}).", _said(errors))
    return _text(output, name)


async def _start(argv: Sequence[str], name: str, environ: Mapping[str, str]) -> asyncio.subprocess.Process:
    try:
        return await asyncio.create_subprocess_exec(
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


async def _collect(process: asyncio.subprocess.Process, name: str) -> tuple[bytes, bytes]:
    assert process.stdout is not None
    assert process.stderr is not None
    # Both at once: a command that fills one pipe while we read the other would wait for ever.
    output, errors = await asyncio.gather(_read_output(process.stdout, name), _read_errors(process.stderr))
    await process.wait()
    return output, errors


async def _read_output(stream: asyncio.StreamReader, name: str) -> bytes:
    kept = bytearray()
    while data := await stream.read(MAX_OUTPUT_BYTES):
        kept += data
        if len(kept) > MAX_OUTPUT_BYTES:
            raise CredentialError(f"The command {name!r} printed more than {MAX_OUTPUT_BYTES} bytes.", _RUN_IT)
    return bytes(kept)


async def _read_errors(stream: asyncio.StreamReader) -> bytes:
    """The last part of it; read to the end, or the command would block."""
    kept = b""
    while data := await stream.read(MAX_OUTPUT_BYTES):
        kept = (kept + data)[-MAX_OUTPUT_BYTES:]
    return kept


async def _kill(process: asyncio.subprocess.Process) -> None:
    """Kill the command and what it started, even if it has itself ended and left children holding its pipes."""
    with contextlib.suppress(ProcessLookupError):
        if sys.platform == "win32":  # pragma: no cover - exercised on Windows only
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    await process.wait()


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
