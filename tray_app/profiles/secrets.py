"""The secrets: provider keys and the local token, kept in the OS keyring.

The only module that imports keyring, and late: finding the backend takes 180 ms (the tray application has it done in
another process, see `keyring_process.py`). Every call runs in a daemon thread with a timeout, because a prompt nobody
answers blocks for ever and the default executor would keep the process alive with it. Nothing is ever written to a file by
us, and backends that would do so in plain text are refused.
"""

from __future__ import annotations

import asyncio
import inspect
import secrets
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from types import TracebackType
from typing import TYPE_CHECKING, Final, Generic, Protocol, TypeVar

from tray_app.profiles.session_secrets import (
    LOCAL_TOKEN,
    Secrets,
    SecretsError,
    SecretsStatus,
    SessionSecrets,
    refuse_empty,
)

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

__all__ = [
    "LOCAL_TOKEN",
    "SecretStore",
    "Secrets",
    "SecretsError",
    "SecretsStatus",
    "SessionSecrets",
    "local_token",
    "rotate_local_token",
]

SERVICE: Final = "dragoman"
TIMEOUT_S: Final = 60.0  # a person needs to find and type the keyring's password
MIN_PRIORITY: Final = 1  # keyring's own line between recommended backends and fail, null and plain text ones
WINDOWS_LIMIT: Final = 1280  # UTF-16 units: the credential manager keeps 2,560 bytes per entry (keyring issue 355)

T = TypeVar("T")


# What keyring's errors mean, by class name: the classes themselves would need the late import. Message, then hint.
_ADVICE: Final = (
    "Unlock or start the keyring, or keep the key for this session, in an environment variable or a command."
)
_EXPLANATIONS: Final = {
    "NoKeyringError": ("There is no usable keyring on this system.", _ADVICE),
    "KeyringLocked": ("The keyring is locked.", "Unlock it and try again."),
    "InitError": ("The keyring could not be opened.", _ADVICE),
    "PasswordSetError": ("The keyring refused to keep the key.", _ADVICE),
    "PasswordDeleteError": ("The keyring refused to delete the key.", "Delete it with the system's keyring program."),
}


def explain(error: BaseException) -> SecretsError:
    """An error of a keyring backend in words. The backend's own text is left out: it may quote what it was given."""
    for kind in type(error).__mro__:
        if kind.__name__ in _EXPLANATIONS:
            return SecretsError(*_EXPLANATIONS[kind.__name__])
    return SecretsError(f"The keyring failed ({type(error).__name__}).", _ADVICE)


class Backend(Protocol):
    """What we need of a backend of keyring; an answer may take as long as a person does."""

    def get_password(self, service: str, username: str) -> str | None:
        """The secret, or None."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep it."""

    def delete_password(self, service: str, username: str) -> None:
        """Remove it."""


class SecretStore:
    """Secrets in the OS keyring, one small entry each, cached in memory after the first read.

    `backend` is found at the first call unless given. While a prompt of the keyring is unanswered past `timeout_s`, calls
    fail at once instead of queueing up more prompts; a late answer still fills the cache.
    """

    def __init__(
        self,
        backend: Backend | None = None,
        *,
        timeout_s: float = TIMEOUT_S,
        limit: int | None = WINDOWS_LIMIT if sys.platform == "win32" else None,
    ) -> None:
        self._backend = backend
        self._timeout_s = timeout_s
        self._limit = limit
        self._cache: dict[str, str] = {}
        self._one_at_a_time = threading.Lock()
        self._stuck: threading.Thread | None = None

    async def get(self, name: str, *, refresh: bool = False) -> str | None:
        """The secret, or None if the keyring has none; `refresh` asks the keyring again.

        Raises:
            SecretsError: no usable keyring, locked, or no answer in time.
        """
        if name in self._cache and not refresh:
            return self._cache[name]
        return await self._in_thread(lambda: self._read(name))

    async def set(self, name: str, value: str) -> None:
        """Keep it in the keyring.

        Raises:
            SecretsError: empty, too long for this system, or as for `get`.
        """
        refuse_empty(value)
        self._refuse_too_long(value)
        await self._in_thread(lambda: self._write(name, value))

    async def delete(self, name: str) -> None:
        """Remove it from the keyring; no error if there is none.

        Raises:
            SecretsError: as for `get`, or the keyring kept it.
        """
        await self._in_thread(lambda: self._remove(name))

    async def status(self) -> SecretsStatus:
        """Whether the keyring answers. Reads the local token, which the program needs anyway, so no extra prompt."""
        try:
            await self.get(LOCAL_TOKEN, refresh=True)
        except SecretsError as error:
            return SecretsStatus(usable=False, backend=self._backend_name(), problem=f"{error.message} {error.hint}")
        return SecretsStatus(usable=True, backend=self._backend_name())

    def _read(self, name: str) -> str | None:
        value = self._found().get_password(SERVICE, name)
        if value is None:
            self._cache.pop(name, None)
        else:
            self._cache[name] = value
        return value

    def _write(self, name: str, value: str) -> None:
        self._found().set_password(SERVICE, name, value)
        self._cache[name] = value

    def _remove(self, name: str) -> None:
        # Backends say "no such entry" and "could not delete" with the same error, so look first.
        backend = self._found()
        if backend.get_password(SERVICE, name) is not None:
            backend.delete_password(SERVICE, name)
        self._cache.pop(name, None)

    def _found(self) -> Backend:
        if self._backend is None:
            self._backend = find_backend()
        return self._backend

    def _backend_name(self) -> str:
        return type(self._backend).__module__ if self._backend is not None else "none"

    def _refuse_too_long(self, value: str) -> None:
        if self._limit is not None and len(value.encode("utf-16-le")) // 2 > self._limit:
            raise SecretsError(
                f"The key is longer than the {self._limit} characters this system's keyring can keep.",
                "Use a command or an environment variable for it.",
            )

    async def _in_thread(self, work: Callable[[], T]) -> T:
        if self._stuck is not None and self._stuck.is_alive():
            raise SecretsError("The keyring is waiting for an answer.", "Answer or close its prompt, then try again.")
        call = _Call(work, self._one_at_a_time)
        thread = threading.Thread(target=call.run, name="dragoman-keyring", daemon=True)
        thread.start()
        try:
            return await asyncio.wait_for(asyncio.wrap_future(call.future), self._timeout_s)
        except TimeoutError:
            self._stuck = thread
            raise SecretsError(
                "The keyring did not answer in time.", "Answer or close its prompt, then try again."
            ) from None


class _Call(Generic[T]):
    """One piece of work in a thread, its outcome carried over by a future.

    A context manager rather than an `except`: whatever a backend raises (D-Bus, Win32 and macOS errors are no keyring
    errors) becomes a `SecretsError` here, the one boundary between their code and ours.
    """

    def __init__(self, work: Callable[[], T], lock: threading.Lock) -> None:
        self._work = work
        self._lock = lock
        self.future: Future[T] = Future()
        self.future.set_running_or_notify_cancel()  # nobody can cancel it, so a late outcome is always accepted

    def run(self) -> None:
        with self, self._lock:
            self.future.set_result(self._work())

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if error is not None:
            self.future.set_exception(error if isinstance(error, SecretsError) else explain(error))
        return True


def find_backend() -> KeyringBackend:
    """The backend the user configured for keyring, else the best one that works here; never one that keeps plain text.

    Not `keyring.get_keyring()`: that remembers a failure for ever, and its chain would fall through to plain text files.

    Raises:
        SecretsError: there is none, or the configured one is refused.
    """
    from keyring import core
    from keyring.backend import get_all_keyring

    configured = core.load_env() or core.load_config()
    if configured is not None:
        return _recommended(configured)
    get_all_keyring()  # loads the plug-ins; its answer is cached for ever, so look again ourselves
    candidates = _viable()
    if not candidates:
        raise SecretsError(*_EXPLANATIONS["NoKeyringError"])
    return max(candidates, key=lambda kind: float(kind.priority))()


def _viable() -> list[type[KeyringBackend]]:
    from keyring.backend import KeyringBackend
    from keyring.backends.chainer import ChainerBackend

    return [
        kind
        for kind in KeyringBackend.get_viable_backends()
        if not inspect.isabstract(kind) and not issubclass(kind, ChainerBackend) and kind.priority >= MIN_PRIORITY
    ]


def _recommended(backend: KeyringBackend) -> KeyringBackend:
    if type(backend).priority < MIN_PRIORITY:
        raise SecretsError(
            f"The keyring backend {type(backend).__module__} is configured, which does not protect secrets.", _ADVICE
        )
    return backend


async def local_token(store: Secrets) -> str:
    """The token clients send to us; made and kept at the first start.

    Raises:
        SecretsError: the store cannot read or keep it.
    """
    return await store.get(LOCAL_TOKEN) or await rotate_local_token(store)


async def rotate_local_token(store: Secrets) -> str:
    """Replace the local token by a new one and return it; clients need the new one from then on.

    Raises:
        SecretsError: the store cannot keep it; the old one stays valid.
    """
    token = secrets.token_urlsafe(32)
    await store.set(LOCAL_TOKEN, token)
    return token
