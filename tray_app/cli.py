"""The command line: `dragoman` starts the tray application, `dragoman serve` the proxy without one, `dragoman doctor` looks.

Only parses, checks that there is a screen, and hands over; the heavy imports happen after that. Bad arguments are one clear
line and exit status 2.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from typing import Final, NoReturn

from tray_app import __version__

BAD_ARGUMENTS: Final = 2
NO_SCREEN: Final = (
    "dragoman: there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set). "
    "Run `dragoman serve` for the proxy without a tray icon."
)


class _Parser(argparse.ArgumentParser):
    """argparse, with one line instead of a screen of usage."""

    def error(self, message: str) -> NoReturn:
        self.exit(BAD_ARGUMENTS, f"{self.prog}: {message} (see {self.prog} --help)\n")


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    root = _Parser(prog="dragoman", description="Anthropic Messages clients on any OpenAI-compatible provider.")
    root.add_argument("--version", action="version", version=f"dragoman {__version__}")
    root.add_argument("--minimized", action="store_true", help="start without opening the window")
    root.add_argument("--quit", action="store_true", help="end the running Dragoman")
    commands = root.add_subparsers(dest="command", metavar="serve | doctor")
    # No abbreviations: `--key sk-…` would be taken for --key-env and end in an error message.
    serve = commands.add_parser("serve", help="run the proxy without a tray icon", allow_abbrev=False)
    from tray_app.serve_arguments import add_arguments

    add_arguments(serve)
    commands.add_parser("doctor", help="show what Dragoman finds on this machine")
    commands.add_parser("keyring")  # for the program itself, see `keyring_process.py`; the help does not name it
    return root


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    options = parser().parse_args(arguments)
    if options.command == "serve":
        from tray_app.serve import run

        return run(options)
    if options.command == "doctor":
        from tray_app.doctor import examine

        return examine(os.environ)
    if options.command == "keyring":
        from tray_app.profiles.keyring_process import answer

        return answer()
    return _tray(options, os.environ)


def _tray(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    # Qt aborts the process when it finds no screen, so this comes before its import.
    if not has_screen(environ):
        print(NO_SCREEN, file=sys.stderr)
        return BAD_ARGUMENTS
    from tray_app.app import main as run_tray

    return run_tray(minimized=options.minimized, quit_running=options.quit)


def has_screen(environ: Mapping[str, str], platform: str = sys.platform) -> bool:
    """Whether Qt can open a window: always on Windows and macOS, elsewhere with a display or a platform of its own."""
    if platform in ("win32", "darwin"):
        return True
    wanted = environ.get("QT_QPA_PLATFORM", "").partition(":")[0]
    return wanted in ("offscreen", "minimal", "vnc") or bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))
