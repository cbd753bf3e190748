"""The keyring asked by a process of its own, against a real Secret Service and against one that never answers."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from helpers.secret_service import SecretService
from helpers.waiting import until
from tray_app.profiles.keyring_process import (
    END_OF_PIPE,
    KeyringProcess,
    Question,
    command,
    same_modules,
    system_keyring,
)
from tray_app.profiles.secrets import SecretsError, SecretStore

KEY = "sk-a-made-up-key-ü-0123456789"
STUCK = """
import threading
from pathlib import Path
from keyring.backend import KeyringBackend
class Keyring(KeyringBackend):
    priority = 1.0
    def get_password(self, service, username):
        Path(username).touch()
        threading.Event().wait()
    set_password = delete_password = get_password
"""


@pytest.mark.only_on("linux")
async def test_a_key_lives_in_the_real_secret_service(service: SecretService) -> None:
    """Set, read by somebody who asks the keyring itself, deleted, deleted again."""
    there, here = SecretStore(KeyringProcess()), SecretStore()
    assert await there.get("openai") is None
    await there.set("openai", KEY)
    assert await here.get("openai") == KEY
    assert await there.get("openai", refresh=True) == KEY
    await there.delete("openai")
    await there.delete("openai")
    assert await here.get("openai", refresh=True) is None
    assert (await there.status()).usable


@pytest.mark.only_on("linux")
async def test_a_locked_keyring_says_so(service: SecretService) -> None:
    """In the words that the keyring has in this process."""
    service.lock()
    with pytest.raises(SecretsError) as caught:
        await SecretStore(KeyringProcess()).get("openai")
    assert (caught.value.message, caught.value.hint) == ("The keyring is locked.", "Unlock it and try again.")


async def test_a_keyring_that_protects_nothing_is_refused() -> None:
    """What is decided there is told here."""
    status = await SecretStore(KeyringProcess()).status()
    assert not status.usable
    assert "keyring.backends.fail is configured" in status.problem


async def test_a_process_that_cannot_run_is_a_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not a traceback, and nothing is taken for an answer."""
    monkeypatch.setattr(sys, "executable", str(tmp_path / "gone"))
    status = await SecretStore(KeyringProcess()).status()
    assert "(FileNotFoundError)" in status.problem
    monkeypatch.setattr(sys, "executable", "true")
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert not (await SecretStore(KeyringProcess()).status()).usable


def test_a_prompt_does_not_outlive_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process ends with the pipe, whatever it waits for."""
    (tmp_path / "stuck.py").write_text(STUCK)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "stuck.Keyring")
    asked = tmp_path / "asked"
    argv = command(frozen=False, executable=sys.executable)
    environ = same_modules(os.environ)
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(msgspec.json.encode(Question("get", "dragoman", str(asked))) + b"\n")
        process.stdin.flush()
        until(asked.exists, "the question")
        process.stdin.close()
        assert process.stdout.read() == b""
    assert process.returncode == END_OF_PIPE


def test_a_frozen_program_asks_itself() -> None:
    """It is its own interpreter."""
    assert command(frozen=True, executable="/opt/dragoman") == ("/opt/dragoman", "keyring")


def test_only_linux_is_asked_in_a_process() -> None:
    """The keyrings of Windows and macOS are a call of the system."""
    backends = {platform: system_keyring(platform)._backend for platform in ("linux", "win32", "darwin")}
    assert isinstance(backends["linux"], KeyringProcess)
    assert backends["win32"] is backends["darwin"] is None
