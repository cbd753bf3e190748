"""The commands of the README, and those a developer runs before a commit, on a machine with nothing but Python.

    python3 packaging/dev.py run             set everything up and start the tray application
    python3 packaging/dev.py test            run the whole test suite, the desktop tests included
    python3 packaging/dev.py check           formatting, lint, types and the fast tests
    python3 packaging/dev.py translations    collect new words into resources/i18n/*.ts, compile what is translated
    python3 packaging/dev.py bench           measure the proxy beside a byte relay, `bench ui` the window

Anything after the command is passed on (to the application or to pytest). Only the standard library is imported.
"""

from __future__ import annotations

import argparse
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from _environment import ROOT, ensure, qt_folder
from _system import Problem, prepare_tests, require_libraries, say

TOKEN_VARIABLE = "DRAGOMAN_TOKEN"  # noqa: S105 -- the name of a variable
PREFERRED_PORT = 8417
INTERRUPTED = 130
NO_TESTS_RAN = 5
FAST = "not desktop and not slow and not clients"


def main(arguments: Sequence[str]) -> int:
    """Run one command; returns the exit code."""
    parser = argparse.ArgumentParser(prog="dev.py", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("command", choices=COMMANDS)
    options, rest = parser.parse_known_args(arguments)
    try:
        return COMMANDS[options.command](rest)
    except Problem as problem:
        say(f"\n{problem}\nNext: {problem.step}")
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED


def run(rest: list[str]) -> int:
    """Start the tray application, or the headless proxy where there is no screen."""
    python = ensure("runtime")
    if not has_screen():
        return serve(python, rest)
    qt = qt_folder()
    if qt:
        require_libraries(qt)
    say("Starting Dragoman (its icon appears in the system tray; Ctrl+C here quits it)")
    return hand_over([str(python), "-m", "tray_app", *rest])


def has_screen() -> bool:
    """Whether a window can be shown: always on Windows and macOS, on Linux with an X11 or Wayland display."""
    return sys.platform != "linux" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def serve(python: Path, rest: list[str]) -> int:
    """Start `dragoman serve` on the built-in Demo provider with a token made for this run."""
    token, port = secrets.token_urlsafe(24), free_port()
    say("There is no display here (DISPLAY and WAYLAND_DISPLAY are empty), so there can be no tray icon.")
    say("Starting the proxy alone instead, on the built-in Demo provider. Try it from another shell:\n")
    say(curl_line(port, token) + "\n")
    say("Ctrl+C stops it.")
    command = [str(python), "-m", "tray_app", "serve", "--port", str(port), "--token-env", TOKEN_VARIABLE]
    return hand_over([*command, *(rest or ["--profile", "demo"])], {TOKEN_VARIABLE: token})


def curl_line(port: int, token: str) -> str:
    """A line to paste into a shell that sends one streamed message through the proxy."""
    body = '{"model":"claude-sonnet-4-5","max_tokens":256,"stream":true,"messages":[{"role":"user","content":"Hello"}]}'
    return (
        f"  curl -N http://127.0.0.1:{port}/v1/messages -H 'content-type: application/json' \\\n"
        f"    -H 'anthropic-version: 2023-06-01' -H 'x-api-key: {token}' \\\n"
        f"    -d '{body}'"
    )


def free_port() -> int:
    """The usual port, or one that the system picks when it is taken."""
    for port in (PREFERRED_PORT, 0):
        with socket.socket() as probe:
            # What the server does too: a port whose last connections are still closing down counts as free.
            if os.name == "posix":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise Problem("No TCP port of 127.0.0.1 can be bound.", "Look at what limits this machine's network.")


def test(rest: list[str]) -> int:
    """Run the whole suite; extra arguments go to pytest."""
    python = ensure("dev")
    prepare_tests()
    qt = qt_folder()
    if qt:
        require_libraries(qt)
    return summed_up({"tests": [str(python), "-m", "pytest", *rest]})


def bench(rest: list[str]) -> int:
    """Run the benchmark of tests/performance; extra arguments go to it."""
    python = ensure("runtime")
    qt = qt_folder()
    if qt:
        require_libraries(qt)
    return hand_over(
        [str(python), "-m", "performance.bench", *rest], {"PYTHONPATH": f"{ROOT / 'tests'}{os.pathsep}{ROOT}"}
    )


def check(rest: list[str]) -> int:
    """What must be clean before a commit. ``--no-tests`` leaves the fast tests out."""
    python = str(ensure("dev"))
    steps = {
        "format": [python, "-m", "ruff", "format", "--check", "--quiet", "."],
        "lint": [python, "-m", "ruff", "check", "--quiet", "."],
        "types": [python, "-m", "mypy"],
    }
    if "--no-tests" in rest:
        rest.remove("--no-tests")
    else:
        steps["fast tests"] = [python, "-m", "pytest", "-q", "-m", FAST, *rest]
    return summed_up(steps)


def translations(rest: list[str]) -> int:
    """Bring the files of the translators in step with the sources, and the compiled ones with them."""
    return call([str(ensure("dev")), str(ROOT / "packaging" / "_translations.py"), *rest])


def summed_up(steps: dict[str, list[str]]) -> int:
    """Run every step, then say of each how it went; 0 if all went well."""
    results = {}
    for name, command in steps.items():
        say(f"--- {name}")
        started = time.monotonic()
        code = call(command)
        results[name] = (code, time.monotonic() - started)
    say("")
    for name, (code, seconds) in results.items():
        say(f"{name:12} {OUTCOMES.get(code, 'failed')} ({seconds:.0f} s)")
    failed = [name for name, (code, _) in results.items() if code]
    if failed:
        say(f"Next: read above, under --- {failed[0]}. {HINTS.get(failed[0], '')}")
    return 1 if failed else 0


OUTCOMES = {0: "passed", NO_TESTS_RAN: "ran no test"}
HINTS = {
    "format": "`.venv/bin/ruff format .` repairs the formatting.",
    "lint": "`.venv/bin/ruff check --fix .` repairs what can be repaired by itself.",
    "tests": "`python3 packaging/dev.py test --last-failed` runs only those again.",
}


def hand_over(command: list[str], extra: dict[str, str] | None = None) -> int:
    """Become the program where the system can do that, so that every signal reaches it; else run it."""
    if os.name != "posix":
        return call(command, extra)
    os.chdir(ROOT)
    return os.execve(command[0], command, {**os.environ, **(extra or {})})


def call(command: list[str], extra: dict[str, str] | None = None) -> int:
    """Run a program in the project's folder with our streams; its exit code. Ctrl+C is the program's own to handle."""
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **(extra or {})})
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:  # the terminal sent it to the program as well: let that end by itself
            continue


COMMANDS = {"run": run, "test": test, "check": check, "bench": bench, "translations": translations}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
