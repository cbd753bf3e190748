"""A keyring for one run of the benchmark: keys live in this process, the local token is the benchmark's own."""

from __future__ import annotations

import os

from keyring.backend import KeyringBackend

from tray_app.profiles.secrets import LOCAL_TOKEN, SERVICE


class MemoryKeyring(KeyringBackend):
    """Named by PYTHON_KEYRING_BACKEND, so that nobody is asked to unlock anything."""

    priority = 1.0  # type: ignore[assignment]  # a class property in keyring

    def __init__(self) -> None:
        super().__init__()
        self._kept = {(SERVICE, LOCAL_TOKEN): os.environ["DRAGOMAN_BENCH_TOKEN"]}

    def get_password(self, service: str, username: str) -> str | None:
        return self._kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self._kept[service, username]
