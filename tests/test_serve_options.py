"""What the arguments of `serve` mean: a profile, a token, or one clear line."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from tray_app.profiles.model import ApiKind, EnvironmentCredential, NoCredential, Profile
from tray_app.profiles.secrets import LOCAL_TOKEN, SecretsError, SessionSecrets
from tray_app.profiles.store import ProfileStore
from tray_app.serve_arguments import add_arguments
from tray_app.serve_options import PROFILES_FILE, StartError, chosen_profile, local_token

STORED = Profile(id="my-one", name="My One", base_url="http://h/v1")


def options(*arguments: str) -> argparse.Namespace:
    """Parsed arguments."""
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return parser.parse_args(arguments)


def home(tmp_path: Path, *profiles: Profile, active: str = "demo") -> dict[str, str]:
    """An environment whose configuration holds these profiles."""
    ProfileStore(tmp_path / "config" / PROFILES_FILE).save(profiles, active)
    return {"DRAGOMAN_HOME": str(tmp_path)}


def test_an_ad_hoc_upstream_is_a_profile_of_this_run() -> None:
    """Model ids pass through unless one is given; the key stays in its variable."""
    arguments = [
        "--upstream",
        "http://10.0.0.1:8000/v1",
        "--key-env",
        "UP",
        "--header",
        "X-A: b: c",
        "--outbound-proxy",
        "direct",
    ]
    profile, stored = chosen_profile(options(*arguments), {"UP": "sk-1"})
    assert profile is not None
    assert (profile.base_url, profile.api, profile.models.default) == (
        "http://10.0.0.1:8000/v1",
        ApiKind.OPENAI_CHAT,
        "",
    )
    assert profile.credential == EnvironmentCredential("UP")
    assert (profile.headers, profile.outbound_proxy, stored) == ({"X-A": "b: c"}, "direct", ())
    other, _ = chosen_profile(options("--upstream", "http://h", "--api", "anthropic", "--model", "m"), {})
    assert other is not None
    assert (other.api, other.models.default, other.credential) == (ApiKind.ANTHROPIC, "m", NoCredential())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--upstream", "http://h", "--profile", "x"], "exclude each other"),
        (["--upstream", "http://h", "--key-env", "NOT_SET"], "NOT_SET is not set"),
        (["--upstream", "http://h", "--header", "no colon"], "Name: value"),
        (["--key-env", "UP"], "--key-env needs --upstream"),
        (["--outbound-proxy", "direct"], "--outbound-proxy needs --upstream"),
        (["--profile", "gone"], "there are: demo, my-one"),
    ],
)
def test_what_does_not_fit_together_is_said_in_one_line(arguments: list[str], said: str, tmp_path: Path) -> None:
    """With exit status 2."""
    with pytest.raises(StartError, match=said) as raised:
        chosen_profile(options(*arguments), home(tmp_path, STORED))
    assert raised.value.code == 2
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("name", ["my-one", "MY ONE", "My-One"])
def test_a_stored_profile_is_found_by_id_or_name(name: str, tmp_path: Path) -> None:
    """In any case."""
    assert chosen_profile(options("--profile", name), home(tmp_path, STORED)) == (STORED, (STORED,))


def test_without_arguments_it_is_the_active_profile_or_the_demo(tmp_path: Path) -> None:
    """None stands for the built-in one."""
    assert chosen_profile(options(), home(tmp_path, STORED, active="my-one"))[0] == STORED
    assert chosen_profile(options(), {"DRAGOMAN_HOME": str(tmp_path / "empty")})[0] is None
    assert chosen_profile(options("--profile", "Demo"), {"DRAGOMAN_HOME": str(tmp_path / "empty")})[0] is None


async def test_the_local_token_is_made_once_and_kept() -> None:
    """Then it is the same at every start."""
    secrets = SessionSecrets()
    token = await local_token(options(), {}, secrets)
    assert token is not None
    assert len(token) >= 32
    assert await local_token(options(), {}, secrets) == token == await secrets.get(LOCAL_TOKEN)


async def test_the_token_may_come_from_a_variable_or_be_left_out() -> None:
    """The keyring is not asked then."""
    assert await local_token(options("--token-env", "T"), {"T": "abc"}, Locked()) == "abc"
    assert await local_token(options("--no-token"), {}, Locked()) is None
    with pytest.raises(StartError, match="T is not set"):
        await local_token(options("--token-env", "T"), {}, Locked())
    with pytest.raises(StartError, match="without a token"):
        await local_token(options("--no-token", "--host", "0.0.0.0"), {}, Locked())


class Locked(SessionSecrets):
    """A keyring that does not open."""

    async def get(self, name: str, *, refresh: bool = False) -> str | None:
        """Never."""
        raise SecretsError("The keyring is locked.", "Unlock it.")


async def test_without_a_usable_keyring_the_ways_round_are_named() -> None:
    """Never a plaintext file instead."""
    with pytest.raises(StartError, match=r"keyring is locked.*--token-env.*--no-token") as raised:
        await local_token(options(), {}, Locked())
    assert raised.value.code == 2
