"""Tests of profiles/credentials.py: four kinds of key, one run at a time, refresh after a 401."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from helpers.waiting import until
from tray_app.profiles.credentials import CredentialError, CredentialSource, GivenKey, credential_source, sendable
from tray_app.profiles.model import (
    CommandCredential,
    Credential,
    EnvironmentCredential,
    KeyringCredential,
    NoCredential,
    Profile,
)
from tray_app.profiles.secrets import SessionSecrets

KEY = "sk-a-made-up-key-0123456789"
# Appends a line to the file argv[1] and prints "key-<number of lines>".
COUNTING = "import sys; p = sys.argv[1]; open(p, 'a').write('x\\n'); print('key-%d' % len(open(p).readlines()))"


class Clock:
    """A clock that stands still until told otherwise."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def source(credential: Credential, secrets: SessionSecrets | None = None, **options: object) -> CredentialSource:
    profile = Profile(id="p", name="P", base_url="https://api.example.com", credential=credential)
    return credential_source(profile, secrets or SessionSecrets(), **options)  # type: ignore[arg-type]


def counting(path: Path, ttl_s: float = 300.0) -> CommandCredential:
    return CommandCredential((sys.executable, "-c", COUNTING, str(path)), ttl_s=ttl_s)


async def test_a_local_server_gets_no_key() -> None:
    """None, also after a 401."""
    none = source(NoCredential())
    assert [await none.token(), await none.token(refresh=True)] == [None, None]


async def test_the_keyring_key_is_looked_up_by_the_profile() -> None:
    """None stored: the message says where to enter one."""
    secrets = SessionSecrets()
    stored = source(KeyringCredential(), secrets)
    with pytest.raises(CredentialError, match="No key is stored") as caught:
        await stored.token()
    assert "Providers" in caught.value.hint
    await secrets.set("p", KEY)
    assert await stored.token() == KEY


async def test_the_environment_is_read_at_each_request() -> None:
    """Unset and empty are the same, and the variable is named."""
    environ = {"MY_KEY": KEY}
    variable = source(EnvironmentCredential("MY_KEY"), environ=environ)
    assert await variable.token() == KEY
    environ["MY_KEY"] = "other"
    assert await variable.token() == "other"
    environ["MY_KEY"] = ""
    with pytest.raises(CredentialError, match="MY_KEY is not set"):
        await variable.token()


async def test_a_command_is_run_once_per_time_to_live(tmp_path: Path) -> None:
    """Its output is kept until the clock says otherwise; a 401 forces one new run."""
    clock = Clock()
    command = source(counting(tmp_path / "runs", ttl_s=60), clock=clock)
    assert [await command.token(), await command.token()] == ["key-1", "key-1"]
    assert await command.token(refresh=True) == "key-2"
    clock.now += 59.9
    assert await command.token() == "key-2"
    clock.now += 0.1
    assert await command.token() == "key-3"


async def test_requests_share_one_run(tmp_path: Path) -> None:
    """Forty requests at once, or forty refusals at once, cost one run each."""
    command = source(counting(tmp_path / "runs"))
    assert set(await asyncio.gather(*(command.token() for _ in range(40)))) == {"key-1"}
    assert set(await asyncio.gather(*(command.token(refresh=True) for _ in range(40)))) == {"key-2"}


async def test_requests_share_one_failure(tmp_path: Path) -> None:
    """A command that fails is not run once per waiting request, but the next request tries again."""
    script = "import sys; open(sys.argv[1], 'a').write('x'); sys.exit(3)"
    command = source(CommandCredential((sys.executable, "-c", script, str(tmp_path / "runs"))))
    outcomes = await asyncio.gather(*(command.token() for _ in range(10)), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [CredentialError] * 10
    assert (tmp_path / "runs").read_text() == "x"
    with pytest.raises(CredentialError, match="exit status 3"):
        await command.token()
    assert (tmp_path / "runs").read_text() == "xx"


async def test_a_cancelled_request_does_not_take_the_others_with_it(tmp_path: Path) -> None:
    """The client that goes away ends its run; the next in line starts one."""
    waiting = tmp_path / "started"
    script = (
        "import sys, time, pathlib; p = pathlib.Path(sys.argv[1])\n"
        "if not p.exists():\n    p.touch(); time.sleep(60)\n"
        "print('second')"
    )
    command = source(CommandCredential((sys.executable, "-c", script, str(waiting))))
    loop = asyncio.get_running_loop()
    first = loop.create_task(command.token())
    second = loop.create_task(command.token())
    await asyncio.to_thread(until, waiting.exists, "the command runs")
    first.cancel()
    assert await second == "second"
    assert first.cancelled()


@pytest.mark.parametrize("token", ["", "k3y\nk3y", " k3y", "k3y ", "k3y\x00", "k3ü", "k3y\r\nX-Evil: 1"])
def test_what_cannot_stand_in_a_header_is_refused(token: str) -> None:
    """And never quoted."""
    with pytest.raises(CredentialError) as caught:
        sendable(token, "The key")
    assert "k3" not in caught.value.message + caught.value.hint


def test_a_bearer_value_may_hold_spaces_inside() -> None:
    """Some gateways want two words."""
    assert [sendable(token, "The key") for token in ("a", "Token abc")] == ["a", "Token abc"]


async def test_a_typed_key_must_be_sendable() -> None:
    """One line of plain characters."""
    with pytest.raises(CredentialError):
        await GivenKey("a\nb").token()
