"""Text to paste into a terminal so that a client talks to us: exports, a command for one provider, a curl line.

Pure functions; every value is quoted for the shell it is meant for. The token in them is our local one, never a
provider's key.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from tray_app.profiles.model import Slug

Shell = Literal["bash", "fish", "powershell", "cmd"]
SHELLS: Final[tuple[Shell, ...]] = ("bash", "fish", "powershell", "cmd")  # bash stands for zsh and sh as well
# Sent beside ours it would win or confuse: Claude Code sends both headers when both variables are set.
UNSET: Final = ("ANTHROPIC_API_KEY",)


@dataclass(frozen=True, slots=True)
class Advice:
    """What Claude Code should know of the models behind us; empty values are left out.

    `context_window` is the model's in tokens: of models it does not know Claude Code assumes a million, and would compact
    too late. Model names are only worth giving where the profile passes them through.
    """

    opus: str = ""
    sonnet: str = ""
    haiku: str = ""
    context_window: int = 0


NO_ADVICE: Final = Advice()


def variables(endpoint: str, token: str, advice: Advice = NO_ADVICE) -> dict[str, str]:
    """The environment a client needs, in the order it is shown. `endpoint` is ``http://127.0.0.1:8417``, without /v1."""
    wanted = {
        "ANTHROPIC_BASE_URL": endpoint.rstrip("/"),
        "ANTHROPIC_AUTH_TOKEN": token,
        "ANTHROPIC_DEFAULT_OPUS_MODEL": advice.opus,
        "ANTHROPIC_DEFAULT_SONNET_MODEL": advice.sonnet,
        "ANTHROPIC_DEFAULT_HAIKU_MODEL": advice.haiku,
        "CLAUDE_CODE_AUTO_COMPACT_WINDOW": str(advice.context_window or ""),
        "CLAUDE_CODE_ENABLE_GATEWAY_MODEL_DISCOVERY": "1",
    }
    return {name: value for name, value in wanted.items() if value}


def pinned(endpoint: str, profile_id: Slug) -> str:
    """The base URL that always uses this profile, whichever is active."""
    return f"{endpoint.rstrip('/')}/p/{profile_id}"


def exports(endpoint: str, token: str, shell: Shell, advice: Advice = NO_ADVICE) -> str:
    """Lines that set the environment of a terminal, one variable each; ends with a line end.

    Raises:
        ValueError: a value cannot be written in this shell.
    """
    dialect = _DIALECTS[shell]
    lines = [dialect.set(name, dialect.quote(value)) for name, value in variables(endpoint, token, advice).items()]
    lines += [dialect.unset(name) for name in UNSET]
    return "\n".join(lines) + "\n"


def command_for_profile(
    endpoint: str,
    token: str,
    profile_id: Slug,
    shell: Shell,
    advice: Advice = NO_ADVICE,
    program: str = "claude",
) -> str:
    """One line that starts `program` on this profile; other terminals keep the active one.

    In bash, zsh and fish the environment is that of the program alone; in PowerShell and cmd that of the terminal.

    Raises:
        ValueError: a value cannot be written in this shell.
    """
    dialect = _DIALECTS[shell]
    wanted = variables(pinned(endpoint, profile_id), token, advice)
    if shell in {"bash", "fish"}:
        # Assignments before `env`, not after it: arguments can be seen by every user of the machine.
        assignments = " ".join(f"{name}={dialect.quote(value)}" for name, value in wanted.items())
        return f"{assignments} env {' '.join(f'-u {name}' for name in UNSET)} {program}"
    steps = [dialect.set(name, dialect.quote(value)) for name, value in wanted.items()]
    steps += [dialect.unset(name) for name in UNSET]
    return dialect.join.join([*steps, program])


def curl_line(endpoint: str, body: Mapping[str, Any]) -> str:
    """A request for bash, zsh or fish, without any key: it takes the token from ``ANTHROPIC_AUTH_TOKEN``."""
    return " ".join(
        (
            "curl",
            _quote_posix(f"{endpoint.rstrip('/')}/v1/messages"),
            '-H "x-api-key: $ANTHROPIC_AUTH_TOKEN"',
            "-H 'anthropic-version: 2023-06-01'",
            "-H 'content-type: application/json'",
            # ASCII JSON without apostrophes and backslashes of its own means the same in all three shells.
            f"--data-binary {_quote_posix(_plain_json(body))}",
        )
    )


def _plain_json(body: Mapping[str, Any]) -> str:
    return json.dumps(body).replace("'", "\\u0027")


def _single_line(value: str) -> str:
    if not value.isprintable():
        raise ValueError("a value holds line breaks or control characters")
    return value


def _quote_posix(value: str) -> str:
    return "'" + _single_line(value).replace("'", "'\\''") + "'"


def _quote_fish(value: str) -> str:
    return "'" + _single_line(value).replace("\\", "\\\\").replace("'", "\\'") + "'"


def _quote_powershell(value: str) -> str:
    # PowerShell takes typographic quotes for apostrophes.
    return "'" + re.sub(r"(['\u2018\u2019\u201a\u201b])", r"\1\1", _single_line(value)) + "'"


def _quote_cmd(value: str) -> str:
    # cmd has no way to write these inside a quoted assignment at the prompt.
    if re.search(r'["%!]', _single_line(value)):
        raise ValueError('cmd cannot take a value with ", % or !')
    return value


@dataclass(frozen=True, slots=True)
class _Dialect:
    quote: Callable[[str], str]
    set: Callable[[str, str], str]
    unset: Callable[[str], str]
    join: str


_DIALECTS: Final[dict[Shell, _Dialect]] = {
    "bash": _Dialect(_quote_posix, "export {}={}".format, "unset {}".format, "; "),
    "fish": _Dialect(_quote_fish, "set -gx {} {}".format, "set -e {}".format, "; "),
    "powershell": _Dialect(
        _quote_powershell, "$env:{} = {}".format, "Remove-Item Env:{} -ErrorAction Ignore".format, "; "
    ),
    # A single & because `set` of an unset variable fails and would stop the line.
    "cmd": _Dialect(_quote_cmd, 'set "{}={}"'.format, 'set "{}="'.format, " & "),
}
