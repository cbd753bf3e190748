"""Tests of clients/shells.py: what is copied is run in the real shells where they exist."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tray_app.clients.shells import SHELLS, Advice, Shell, command_for_profile, curl_line, exports, pinned, variables

ENDPOINT = "http://127.0.0.1:8417"
TOKEN = "a-local_token"
NASTY = "it's $HOME `id` \"q\" \\ \\' !! %PATH% ; & | ‘x’ #"
SHOW = "import json, os; print(json.dumps({k: v for k, v in os.environ.items() if 'ANTHROPIC' in k or 'CLAUDE' in k}))"
POSIX_SHELLS = ("bash", "dash", "zsh")


def environment(program: str, script: str) -> dict[str, str]:
    """What a program started by this script sees, in a shell that had an API key set."""
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    environ = {
        "PATH": os.environ["PATH"],
        "HOME": "/nonexistent",
        "ANTHROPIC_API_KEY": "the user's own",
        "LANG": "C.UTF-8",
    }
    run = subprocess.run([program, "-c", script], env=environ, capture_output=True, check=True)
    found: dict[str, str] = json.loads(run.stdout)
    return found


def show() -> str:
    return f"'{sys.executable}' -c \"{SHOW}\""


def test_r_mod_5_the_environment_is_what_claude_code_needs() -> None:
    """Base URL without /v1, the token as bearer, and the window where it is known: it assumes a million tokens otherwise."""
    assert variables(f"{ENDPOINT}/", TOKEN) == {
        "ANTHROPIC_BASE_URL": ENDPOINT,
        "ANTHROPIC_AUTH_TOKEN": TOKEN,
        "CLAUDE_CODE_ENABLE_GATEWAY_MODEL_DISCOVERY": "1",
    }
    full = variables(ENDPOINT, TOKEN, Advice(opus="o", sonnet="s", haiku="h", context_window=131072))
    assert full["CLAUDE_CODE_AUTO_COMPACT_WINDOW"] == "131072"
    assert [full[f"ANTHROPIC_DEFAULT_{role}_MODEL"] for role in ("OPUS", "SONNET", "HAIKU")] == ["o", "s", "h"]


def test_a_profile_is_pinned_by_its_path() -> None:
    """So that all statistics are kept."""
    assert pinned(f"{ENDPOINT}/", "open-router") == f"{ENDPOINT}/p/open-router"


@pytest.mark.parametrize("program", POSIX_SHELLS)
def test_exports_work_in_posix_shells(program: str) -> None:
    """Every value arrives as it is and the API key is gone."""
    script = exports(ENDPOINT, NASTY, "bash", Advice(haiku=NASTY)) + show()
    expected = variables(ENDPOINT, NASTY, Advice(haiku=NASTY))
    assert environment(program, script) == expected


@settings(max_examples=25, deadline=None)
@given(value=st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=20))
def test_bash_quoting_holds_for_any_text(value: str) -> None:
    """Whatever can be printed is passed through unchanged."""
    assert environment("bash", exports(ENDPOINT, value, "bash") + show())["ANTHROPIC_AUTH_TOKEN"] == value


@pytest.mark.parametrize("program", POSIX_SHELLS)
def test_a_command_for_one_profile_leaves_the_terminal_alone(program: str) -> None:
    """The program sees the pinned address and no API key; the next command sees neither."""
    line = command_for_profile(ENDPOINT, NASTY, "open-router", "bash", program=show())
    seen = environment(program, line)
    assert seen == variables(f"{ENDPOINT}/p/open-router", NASTY)
    after = environment(program, f"{line} > /dev/null\n{show()}")
    assert after == {"ANTHROPIC_API_KEY": "the user's own"}


def test_the_token_is_not_an_argument() -> None:
    """Arguments can be seen by every user of the machine: it stands before the command, not after `env`."""
    line = command_for_profile(ENDPOINT, TOKEN, "x", "bash")
    assert TOKEN not in line.partition(" env ")[2]
    assert line.endswith("env -u ANTHROPIC_API_KEY claude")


def test_exports_work_in_fish() -> None:
    """With fish's own quoting."""
    assert environment("fish", exports(ENDPOINT, NASTY, "fish") + show()) == variables(ENDPOINT, NASTY)


@pytest.mark.if_installed("pwsh")
def test_exports_work_in_powershell() -> None:
    """With PowerShell's own quoting."""
    script = exports(ENDPOINT, NASTY, "powershell") + f"& '{sys.executable}' -c '{SHOW.replace(chr(39), chr(39) * 2)}'"
    assert environment("pwsh", script) == variables(ENDPOINT, NASTY)


@pytest.mark.only_on("win32")
def test_exports_work_in_cmd(tmp_path: Path) -> None:
    """As a batch file, which is read as the prompt reads it."""
    (tmp_path / "try.bat").write_text("@echo off\r\n" + exports(ENDPOINT, TOKEN, "cmd").replace("\n", "\r\n"))
    assert environment("cmd", f"{tmp_path / 'try.bat'} & {show()}") == variables(ENDPOINT, TOKEN)


@pytest.mark.parametrize(
    ("shell", "expected"),
    [
        ("bash", "export ANTHROPIC_AUTH_TOKEN='a'\\''b'"),
        ("fish", "set -gx ANTHROPIC_AUTH_TOKEN 'a\\'b'"),
        ("powershell", "$env:ANTHROPIC_AUTH_TOKEN = 'a''b'"),
        ("cmd", 'set "ANTHROPIC_AUTH_TOKEN=a\'b"'),
    ],
)
def test_each_shell_has_its_own_quoting(shell: Shell, expected: str) -> None:
    """Also checked where the shell is not installed."""
    assert exports(ENDPOINT, "a'b", shell).splitlines()[1] == expected


@pytest.mark.parametrize(
    ("shell", "unset"),
    [
        ("bash", "unset ANTHROPIC_API_KEY"),
        ("fish", "set -e ANTHROPIC_API_KEY"),
        ("powershell", "Remove-Item Env:ANTHROPIC_API_KEY -ErrorAction Ignore"),
        ("cmd", 'set "ANTHROPIC_API_KEY="'),
    ],
)
def test_the_users_own_key_is_unset(shell: Shell, unset: str) -> None:
    """Both set, Claude Code would send both."""
    assert exports(ENDPOINT, TOKEN, shell).splitlines()[-1] == unset


def test_windows_shells_chain_their_steps() -> None:
    """Cmd with a single &: clearing an unset variable fails and must not stop the line."""
    assert command_for_profile(ENDPOINT, TOKEN, "x", "cmd").endswith('" & set "ANTHROPIC_API_KEY=" & claude')
    assert command_for_profile(ENDPOINT, TOKEN, "x", "powershell").endswith("-ErrorAction Ignore; claude")


@pytest.mark.parametrize("shell", SHELLS)
def test_line_breaks_are_refused(shell: Shell) -> None:
    """They would start a command of their own."""
    with pytest.raises(ValueError, match="line breaks"):
        exports(ENDPOINT, "a\nrm -rf x", shell)


@pytest.mark.parametrize("value", ["%PATH%", 'a"b', "a!b"])
def test_cmd_refuses_what_it_cannot_quote(value: str) -> None:
    """Rather than copying something that means something else."""
    with pytest.raises(ValueError, match="cmd cannot"):
        exports(ENDPOINT, value, "cmd")


class _Recorder(BaseHTTPRequestHandler):
    seen: tuple[str, dict[str, str], bytes]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        type(self).seen = (self.path, dict(self.headers), body)
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Nothing on the terminal."""


def test_the_curl_line_sends_the_body_and_holds_no_key() -> None:
    """The body arrives whole, whatever is in it; the token comes from the environment."""
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    body = {"model": "m", "messages": [{"role": "user", "content": 'it\'s "so" $HOME \\n €\n'}]}
    with HTTPServer(("127.0.0.1", 0), _Recorder) as server:
        thread = Thread(target=server.handle_request)
        thread.start()
        line = curl_line(f"http://127.0.0.1:{server.server_port}/", body)
        assert TOKEN not in line
        subprocess.run(
            ["bash", "-c", f"{line} --silent --max-time 20 --noproxy '*'"],
            env={**os.environ, "ANTHROPIC_AUTH_TOKEN": TOKEN},
            check=True,
        )
        thread.join()
    path, headers, sent = _Recorder.seen
    assert (path, json.loads(sent)) == ("/v1/messages", body)
    assert (headers["x-api-key"], headers["content-type"]) == (TOKEN, "application/json")
