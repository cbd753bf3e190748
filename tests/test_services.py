"""What the controller works with is built from files, environment and keyring."""

from __future__ import annotations

from pathlib import Path

import pytest

from tray_app.desktop.paths import Paths
from tray_app.profiles.files import FileError
from tray_app.profiles.model import DEMO_ID
from tray_app.profiles.secrets import LOCAL_TOKEN, SecretsError, SecretsStatus, SessionSecrets
from tray_app.profiles.settings import Settings, SettingsStore
from tray_app.proxy.events import ServerState
from tray_app.proxy.upstream.trial import tell_nobody
from tray_app.services import build, find_keys, server_settings
from tray_app.state import ProblemKind, TokenStatus

NONE = SecretsStatus(usable=False, backend="none", problem="There is no usable keyring.")


class NoKeyring(SessionSecrets):
    """A keyring that cannot be used at all."""

    async def status(self) -> SecretsStatus:
        return NONE


class ReadOnly(SessionSecrets):
    """A keyring that answers but keeps nothing."""

    async def set(self, name: str, value: str) -> None:
        raise SecretsError("The keyring refused to keep the key.", "Use another.")


def locations(folder: Path) -> Paths:
    """Directories that exist."""
    return Paths(*(folder / name for name in ("config", "data", "state", "cache", "runtime"))).create()


async def test_a_working_keyring_keeps_the_token() -> None:
    """The same one at the next start."""
    keyring = SessionSecrets()
    first = await find_keys(keyring, await keyring.status(), Settings())
    second = await find_keys(keyring, await keyring.status(), Settings())
    assert (first.store, first.status, first.problems) == (keyring, TokenStatus.STORED, ())
    assert first.token == second.token == await keyring.get(LOCAL_TOKEN)


@pytest.mark.parametrize("keyring", [NoKeyring(), ReadOnly()])
async def test_without_a_keyring_everything_lasts_until_the_end(keyring: SessionSecrets) -> None:
    """There is a token all the same, and the user is told why it will change."""
    keys = await find_keys(keyring, await keyring.status(), Settings())
    assert keys.token
    assert keys.store is not keyring
    assert keys.status is TokenStatus.SESSION
    assert [problem.kind for problem in keys.problems] == [ProblemKind.NO_KEYRING]
    assert "keyring" in keys.problems[0].detail


async def test_the_token_can_be_switched_off() -> None:
    """Then none is made."""
    keyring = SessionSecrets()
    keys = await find_keys(keyring, await keyring.status(), Settings(require_token=False))
    assert (keys.token, keys.status) == (None, TokenStatus.OFF)
    assert await keyring.get(LOCAL_TOKEN) is None


def test_the_server_is_told_of_the_settings() -> None:
    """Address and token."""
    made = server_settings(Settings(port=1234, ipv6=True), "t")
    assert (made.host, made.port, made.ipv6, made.token) == ("127.0.0.1", 1234, True, "t")


async def test_the_first_start_is_told_from_the_second(tmp_path: Path) -> None:
    """By a settings file, which is written at once; nothing listens for clients yet."""
    for first in (True, False):
        built = await build(locations(tmp_path), {}, tmp_path, NoKeyring(), NONE)
        try:
            assert built.first_start is first
            assert built.services.server.state is ServerState.STOPPED
            await built.services.library.open()
            assert built.services.library.active_id == DEMO_ID
        finally:
            await built.close()
            await built.close()
    assert (tmp_path / "config" / "settings.json").stat().st_mode & 0o077 == 0


async def test_trouble_with_the_settings_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A damaged file and one that cannot be written; the program starts with what it has."""

    def refuse(*_: object) -> None:
        raise FileError("settings.json: the disk is full")

    (tmp_path / "config").mkdir(mode=0o700)
    (tmp_path / "config" / "settings.json").write_text("{")
    monkeypatch.setattr(SettingsStore, "save", refuse)
    built = await build(locations(tmp_path), {}, tmp_path, NoKeyring(), NONE)
    await built.close()
    kinds = [problem.kind for problem in built.services.problems]
    assert kinds == [ProblemKind.NO_KEYRING, ProblemKind.PROFILES_UNREADABLE, ProblemKind.SAVE_FAILED]


async def test_a_trial_runs_with_real_clocks(tmp_path: Path) -> None:
    """The Demo passes."""
    built = await build(locations(tmp_path), {}, tmp_path, NoKeyring(), NONE)
    try:
        await built.services.library.open()
        profile, credential = built.services.library.candidate(built.services.library.draft(DEMO_ID), "")
        assert (await built.services.try_profile(profile, credential, tell_nobody)).passed
    finally:
        await built.close()
