"""Where a profile's key comes from at the moment of a request: keyring, environment, command, or nowhere.

A source gives the bare token; how it is put into a header is the proxy's business. What a source raises is meant for the
user's eyes and never holds the key. The command's own mechanics are in `command.py`.
"""

from __future__ import annotations

import asyncio
import os
import re
import time
from collections.abc import Callable, Mapping
from typing import Final, Protocol

from tray_app.profiles.command import CredentialError, run_command
from tray_app.profiles.model import (
    CommandCredential,
    EnvironmentCredential,
    KeyringCredential,
    NoCredential,
    Profile,
)
from tray_app.profiles.secrets import Secrets, SecretsError

__all__ = ["CredentialError", "CredentialSource", "credential_source"]

_SENDABLE: Final = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?")  # what a header value may hold


class CredentialSource(Protocol):
    """One profile's key. Safe to ask from many requests at once."""

    async def token(self, *, refresh: bool = False) -> str | None:
        """The key, or None for a server that wants none; `refresh` after a 401: do not answer from memory.

        Raises:
            CredentialError: there is no key to be had.
        """


def credential_source(
    profile: Profile,
    secrets: Secrets,
    *,
    environ: Mapping[str, str] = os.environ,
    clock: Callable[[], float] = time.monotonic,
) -> CredentialSource:
    """The source the profile's credential reference names; nothing is read before the first `token()`."""
    credential = profile.credential
    if isinstance(credential, KeyringCredential):
        return KeyringSource(profile.id, secrets)
    if isinstance(credential, EnvironmentCredential):
        return EnvironmentSource(credential.variable, environ)
    if isinstance(credential, CommandCredential):
        return CommandSource(credential, clock=clock, environ=environ)
    assert isinstance(credential, NoCredential)
    return NoSource()


class NoSource:
    """A server that wants no key."""

    async def token(self, *, refresh: bool = False) -> str | None:
        """None."""
        return None


class KeyringSource:
    """The key kept under the profile's id."""

    def __init__(self, profile_id: str, secrets: Secrets) -> None:
        self._profile_id = profile_id
        self._secrets = secrets

    async def token(self, *, refresh: bool = False) -> str | None:
        """The key.

        Raises:
            CredentialError: the keyring does not answer or has none.
        """
        try:
            token = await self._secrets.get(self._profile_id, refresh=refresh)
        except SecretsError as error:
            raise CredentialError(error.message, error.hint) from error
        if token is None:
            raise CredentialError(
                f"No key is stored for the provider {self._profile_id!r}.", "Enter it under Providers and save."
            )
        return sendable(token, "The stored key")


class EnvironmentSource:
    """The key in an environment variable of our own process, read at each request."""

    def __init__(self, variable: str, environ: Mapping[str, str]) -> None:
        self._variable = variable
        self._environ = environ

    async def token(self, *, refresh: bool = False) -> str | None:
        """The variable's value.

        Raises:
            CredentialError: it is unset or empty.
        """
        token = self._environ.get(self._variable, "")
        if not token:
            raise CredentialError(
                f"The environment variable {self._variable} is not set.",
                "Set it where Dragoman is started (a shell's variables do not reach a program started at login), "
                "or keep the key in the keyring.",
            )
        return sendable(token, f"The environment variable {self._variable}")


class CommandSource:
    """The key a command prints, kept for its time to live.

    One run at a time: requests that come during a run wait for it and share its outcome, success or failure. A request
    that is cancelled while its run goes on takes the run with it; the next in line starts a new one.
    """

    def __init__(
        self,
        command: CommandCredential,
        *,
        clock: Callable[[], float] = time.monotonic,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        self._command = command
        self._clock = clock
        self._environ = environ
        self._running = asyncio.Lock()
        self._runs = 0
        self._outcome: str | CredentialError = ""
        self._expires = -1.0

    async def token(self, *, refresh: bool = False) -> str | None:
        """The key.

        Raises:
            CredentialError: the command fails, takes too long or prints no key.
        """
        runs_before = self._runs
        async with self._running:
            shared = self._runs != runs_before
            if not shared and (refresh or not self._is_fresh()):
                await self._run()
            return self._told()

    def _is_fresh(self) -> bool:
        return isinstance(self._outcome, str) and self._clock() < self._expires

    async def _run(self) -> None:
        try:
            output = await run_command(self._command.argv, self._command.timeout_s, self._environ)
            self._outcome = sendable(output, f"The output of {os.path.basename(self._command.argv[0])!r}")  # noqa: PTH119
        except CredentialError as error:
            self._outcome = error
        self._expires = self._clock() + self._command.ttl_s
        self._runs += 1

    def _told(self) -> str:
        if isinstance(self._outcome, CredentialError):
            # A fresh one each time: raising the same object from many tasks would grow its traceback.
            raise CredentialError(self._outcome.message, self._outcome.hint)
        return self._outcome


class GivenKey:
    """A key that was typed and is not stored yet."""

    def __init__(self, key: str) -> None:
        self._key = key

    async def token(self, *, refresh: bool = False) -> str | None:
        """The key.

        Raises:
            CredentialError: it cannot be sent in a header.
        """
        return sendable(self._key, "The key")


def sendable(token: str, what: str) -> str:
    """The token itself if it can stand in a header.

    Raises:
        CredentialError: it is empty, spans lines, or holds other characters a header cannot carry.
    """
    if not token:
        raise CredentialError(f"{what} is empty.", "Check where the key comes from.")
    if not _SENDABLE.fullmatch(token):
        raise CredentialError(
            f"{what} holds spaces at an end, line breaks or other characters that cannot be sent.",
            "A key is one line of plain characters; enter or print just that.",
        )
    return token
