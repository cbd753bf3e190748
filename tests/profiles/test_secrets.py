"""Tests of profiles/secrets.py: a real Secret Service where there is one, and every way a keyring can fail."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import keyring.errors
import pytest
from keyring.backend import KeyringBackend
from keyring.testing.backend import BackendBasicTests

from helpers.secret_service import SecretService, secret_service
from tray_app.profiles import secrets as module
from tray_app.profiles.credentials import CredentialError, credential_source
from tray_app.profiles.model import KeyringCredential, Profile
from tray_app.profiles.secrets import (
    LOCAL_TOKEN,
    SERVICE,
    SecretsError,
    SecretStore,
    SessionSecrets,
    find_backend,
    local_token,
    rotate_local_token,
)
from tray_app.profiles.store import ProfileStore

KEY = "sk-a-made-up-key-0123456789"


class MemoryBackend(KeyringBackend):
    """A keyring in memory. Priority 0, so that no search for a real one ever finds it."""

    priority = 0

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.values: dict[tuple[str, str], str] = {}
        self.reads = 0
        self.before: Callable[[], None] = lambda: None

    def get_password(self, service: str, username: str) -> str | None:
        self.before()
        self.reads += 1
        return self.values.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.before()
        self.values[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if (service, username) not in self.values:
            raise keyring.errors.PasswordDeleteError("no such password")
        del self.values[service, username]


class TestMemoryBackend(BackendBasicTests):
    """The fake keeps keyring's own contract, or what is proved with it would mean nothing."""

    test_empty_username = None  # keyring's deprecated corner, which the base class does not support either

    def init_keyring(self) -> MemoryBackend:
        return MemoryBackend()


@pytest.fixture
def backend() -> MemoryBackend:
    return MemoryBackend()


@pytest.mark.only_on("linux")
async def test_a_key_lives_in_the_real_secret_service(service: SecretService) -> None:
    """Set, read by another store, replaced, deleted, deleted again."""
    first, second = SecretStore(), SecretStore()
    assert await first.get("openai") is None
    await first.set("openai", KEY)
    assert await second.get("openai") == KEY
    await first.set("openai", "other")
    assert await second.get("openai") == KEY, "read once, then from memory"
    assert await second.get("openai", refresh=True) == "other"
    await first.delete("openai")
    await first.delete("openai")
    assert await second.get("openai", refresh=True) is None
    status = await first.status()
    assert (status.usable, status.backend, status.problem) == (True, "keyring.backends.SecretService", "")


@pytest.mark.only_on("linux")
@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")  # keyring leaves its bus connection to the collector
async def test_a_locked_keyring_says_so(service: SecretService) -> None:
    """What was read before is still known; everything else is told to be locked, in words."""
    store = SecretStore()
    await store.set("openai", KEY)
    service.lock()
    assert await store.get("openai") == KEY
    status = await SecretStore().status()
    assert not status.usable
    assert status.problem == "The keyring is locked. Unlock it and try again."
    with pytest.raises(SecretsError, match="locked"):
        await store.set("openai", "other")
    for thread in threading.enumerate():
        if thread.name == "dragoman-keyring":
            thread.join()  # its frames hold the connection a moment longer than its answer
    gc.collect()


@pytest.mark.only_on("linux")
async def test_a_stored_key_is_nowhere_in_our_files(service: SecretService, tmp_path: Path) -> None:
    """Neither profiles nor backups nor anything else under our directories holds the key or the local token."""
    store = SecretStore()
    profile = Profile(id="openai", name="OpenAI", base_url="https://api.example.com", credential=KeyringCredential())
    await store.set(profile.id, KEY)
    token = await local_token(store)
    profiles = ProfileStore(tmp_path / "config" / "profiles.json")
    profiles.load()
    profiles.save([profile], profile.id)
    assert await credential_source(profile, SecretStore()).token() == KEY
    written = contents(tmp_path)
    assert len(written) >= 2
    assert not [path for path, data in written.items() if KEY.encode() in data or token.encode() in data]


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.only_on("linux")
async def test_a_provider_that_starts_later_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keyring remembers a failure for ever; we look again."""
    monkeypatch.delenv("PYTHON_KEYRING_BACKEND")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
    store = SecretStore()
    assert not (await store.status()).usable
    with secret_service(monkeypatch):
        assert (await store.status()).usable


@pytest.mark.only_on("linux")
async def test_no_bus_at_all_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names the ways out, none of which is a file."""
    monkeypatch.delenv("PYTHON_KEYRING_BACKEND")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
    status = await SecretStore().status()
    assert (status.usable, status.backend) == (False, "none")
    assert "no usable keyring" in status.problem
    assert "environment variable or a command" in status.problem


@pytest.mark.parametrize("name", ["fail", "null"])
async def test_backends_that_keep_nothing_are_refused(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even if the user configured one for keyring."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", f"keyring.backends.{name}.Keyring")
    status = await SecretStore().status()
    assert not status.usable
    assert f"keyring.backends.{name} is configured" in status.problem


def test_a_configured_backend_that_protects_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """The user's choice for keyring holds for us too."""
    monkeypatch.setattr(MemoryBackend, "priority", 5)
    monkeypatch.setattr("keyring.core.load_env", MemoryBackend)
    assert isinstance(find_backend(), MemoryBackend)


async def test_a_backend_that_does_not_exist_is_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not a traceback."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "no.such.Backend")
    assert "(ModuleNotFoundError)" in (await SecretStore().status()).problem


async def test_the_secret_is_read_once(backend: MemoryBackend) -> None:
    """Every request asks; the keyring is asked once, and again only on request."""
    store = SecretStore(backend)
    await store.set("x", KEY)
    assert [await store.get("x"), await store.get("x", refresh=True)] == [KEY, KEY]
    assert backend.reads == 1
    backend.values.clear()
    assert await store.get("x", refresh=True) is None
    assert await store.get("x") is None


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (keyring.errors.NoKeyringError(KEY), "no usable keyring"),
        (keyring.errors.KeyringLocked(KEY), "locked"),
        (keyring.errors.InitError(KEY), "could not be opened"),
        (keyring.errors.PasswordSetError(KEY), "refused to keep"),
        (keyring.errors.PasswordDeleteError(KEY), "refused to delete"),
        (keyring.errors.KeyringError(KEY), "(KeyringError)"),
        (ConnectionResetError(KEY), "(ConnectionResetError)"),
        (RuntimeError(KEY), "(RuntimeError)"),
    ],
)
async def test_every_failure_of_a_backend_is_told_without_the_secret(
    error: Exception, words: str, backend: MemoryBackend
) -> None:
    """Also the errors of D-Bus and the systems, which are no keyring errors."""

    def fail() -> None:
        raise error

    backend.before = fail
    with pytest.raises(SecretsError) as caught:
        await SecretStore(backend).set("x", KEY)
    assert words in caught.value.message
    assert KEY not in caught.value.message + caught.value.hint


async def test_an_unanswered_prompt_does_not_hold_us(backend: MemoryBackend) -> None:
    """The call ends in time, later calls fail at once, and an answer given late is not lost."""
    answered = threading.Event()
    backend.values[SERVICE, "x"] = KEY
    backend.before = answered.wait  # type: ignore[assignment]
    store = SecretStore(backend, timeout_s=0.05)
    with pytest.raises(SecretsError, match="did not answer in time"):
        await store.get("x")
    with pytest.raises(SecretsError, match="waiting for an answer"):
        await store.get("x")
    stuck = next(thread for thread in threading.enumerate() if thread.name == "dragoman-keyring")
    assert stuck.daemon
    answered.set()
    stuck.join()
    assert await store.get("x") == KEY
    assert backend.reads == 1


def test_an_unanswered_prompt_does_not_keep_the_process(tmp_path: Path) -> None:
    """The thread that waits for ever dies with the program."""
    code = """
import asyncio, threading
from keyring.backend import KeyringBackend
from tray_app.profiles.secrets import SecretsError, SecretStore
class Stuck(KeyringBackend):
    priority = 0
    def get_password(self, service, username):
        threading.Event().wait()
    set_password = delete_password = get_password
try:
    asyncio.run(SecretStore(Stuck(), timeout_s=0.05).get("x"))
except SecretsError:
    print("told")
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60, check=True)
    assert run.stdout == b"told\n"


async def test_an_empty_key_is_refused(backend: MemoryBackend) -> None:
    """It would look like a stored one."""
    with pytest.raises(SecretsError, match="empty"):
        await SecretStore(backend).set("x", "")
    assert backend.values == {}


async def test_a_key_too_long_for_the_system_is_refused(backend: MemoryBackend) -> None:
    """Windows keeps 1,280 UTF-16 units; the message names the limit and another way."""
    store = SecretStore(backend, limit=module.WINDOWS_LIMIT)
    await store.set("x", "k" * 1280)
    for value in ("k" * 1281, "\U0001f511" * 641):
        with pytest.raises(SecretsError, match="1280 characters"):
            await store.set("x", value)


async def test_a_key_the_keyring_will_not_delete_is_reported(
    backend: MemoryBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A missing entry is fine, a failure is not, although keyring has one error for both."""

    def refuse(*args: str) -> None:
        raise keyring.errors.PasswordDeleteError("Can't delete password in keychain")

    store = SecretStore(backend)
    await store.set("x", KEY)
    monkeypatch.setattr(backend, "delete_password", refuse)
    await store.delete("y")
    with pytest.raises(SecretsError, match="refused to delete"):
        await store.delete("x")


async def test_the_local_token_is_made_once_and_can_be_rotated() -> None:
    """Long, random, kept; its entry's name can never be a profile's."""
    store = SessionSecrets()
    token = await local_token(store)
    assert len(token) >= 40
    assert await local_token(store) == token
    new = await rotate_local_token(store)
    assert new != token
    assert [await local_token(store), await store.get(LOCAL_TOKEN)] == [new, new]


async def test_an_unusable_keyring_gives_no_local_token() -> None:
    """The caller is told and offers session memory; no token is invented that would be gone tomorrow."""
    with pytest.raises(SecretsError):
        await local_token(SecretStore())


def test_keyring_is_imported_late() -> None:
    """Finding a backend takes 180 ms; the icon must not wait for it."""
    code = "import sys, tray_app.profiles.secrets, tray_app.profiles.credentials; sys.exit('keyring' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


async def test_a_source_passes_the_reason_on() -> None:
    """What the keyring says reaches the user as the credential's error."""
    profile = Profile(id="x", name="X", base_url="https://api.example.com", credential=KeyringCredential())
    with pytest.raises(CredentialError, match="does not protect secrets"):
        await credential_source(profile, SecretStore()).token()
