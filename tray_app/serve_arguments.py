"""The arguments of `dragoman serve`, and nothing of what they need.

The tray application parses the same command line before its icon is shown, so that nothing of the proxy may be imported here.
Keys are never arguments. What the arguments mean is in `serve_options.py`.
"""

from __future__ import annotations

import argparse
from typing import Final

from tray_app.profiles.model import ApiKind
from tray_app.profiles.settings import DEFAULT_PORT

MOST_WORKERS: Final = 64


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `serve`. Keys are never among them: a command line is there for every process to read."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument(
        "--port", type=_port, default=DEFAULT_PORT, help="port, 0 for a free one (default: %(default)s)"
    )
    parser.add_argument("--profile", metavar="NAME", help="stored profile to use, by id or name")
    parser.add_argument("--upstream", metavar="URL", help="base URL of an upstream, without a stored profile")
    parser.add_argument("--api", choices=[kind.value for kind in ApiKind], help="what the upstream speaks")
    parser.add_argument("--key-env", metavar="VAR", help="environment variable with the upstream's key")
    parser.add_argument("--model", metavar="NAME", help="upstream model for every request (default: as asked)")
    parser.add_argument("--header", metavar="'K: V'", action="append", default=[], help="extra header, repeatable")
    parser.add_argument("--outbound-proxy", metavar="URL", help="URL, direct or system")
    token = parser.add_mutually_exclusive_group()
    token.add_argument("--token-env", metavar="VAR", help="environment variable with the local token")
    token.add_argument("--no-token", action="store_true", help="let every local program in")
    parser.add_argument("--no-ledger", action="store_true", help="do not count requests in the usage ledger")
    parser.add_argument(
        "--workers", type=_workers, default=1, metavar="N", help="processes that share the port (Linux; default: 1)"
    )
    parser.add_argument("--log-json", metavar="FILE", help="one JSON line per finished request; - for stdout")


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65_535:
        raise argparse.ArgumentTypeError(f"not a port: {text}")
    return int(text)


def _workers(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST_WORKERS:
        raise argparse.ArgumentTypeError(f"not a number from 1 to {MOST_WORKERS}: {text}")
    return int(text)
