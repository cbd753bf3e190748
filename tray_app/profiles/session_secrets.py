"""What a place for secrets is to the rest of the program, and the simplest one: the memory of this session.

The place that lasts, the OS keyring, is `secrets.py`. Nothing here touches a file or the system.
"""

from __future__ import annotations

from typing import Final, Protocol

import msgspec

LOCAL_TOKEN: Final = "@local-token"  # noqa: S105 - the entry's name; no profile id can start with @


class SecretsError(Exception):
    """A secret cannot be read or kept. Neither part ever holds the secret."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class SecretsStatus(msgspec.Struct, frozen=True):
    """Whether secrets can be kept, where, and if not, why (for the user)."""

    usable: bool
    backend: str
    problem: str = ""


class Secrets(Protocol):
    """What the rest of the program sees of either store. Names are profile ids and `LOCAL_TOKEN`."""

    async def get(self, name: str, *, refresh: bool = False) -> str | None:
        """The secret, or None if there is none; `refresh` looks past the memory cache."""

    async def set(self, name: str, value: str) -> None:
        """Keep it."""

    async def delete(self, name: str) -> None:
        """Forget it; no error if there is none."""

    async def status(self) -> SecretsStatus:
        """Whether `get` and `set` can work right now."""


class SessionSecrets:
    """Secrets in memory, gone when the program ends: what is offered where there is no usable keyring."""

    def __init__(self) -> None:
        self._values: dict[str, str] = {}

    async def get(self, name: str, *, refresh: bool = False) -> str | None:
        """The secret, or None."""
        return self._values.get(name)

    async def set(self, name: str, value: str) -> None:
        """Keep it until the program ends.

        Raises:
            SecretsError: the value is empty.
        """
        refuse_empty(value)
        self._values[name] = value

    async def delete(self, name: str) -> None:
        """Forget it."""
        self._values.pop(name, None)

    async def status(self) -> SecretsStatus:
        """Always usable."""
        return SecretsStatus(usable=True, backend="memory of this session")


def refuse_empty(value: str) -> None:
    """An empty key would look like a stored one.

    Raises:
        SecretsError: it is empty.
    """
    if not value:
        raise SecretsError("The key is empty.", "Paste the whole key.")
