"""The keyring, asked by a process of its own: on Linux it needs 13 MB of libraries, which are gone with the answer.

Both ends are here: `KeyringProcess` stands in for a keyring's backend, and `answer` is what ``dragoman keyring`` runs. One
question a process, asked and answered on its pipes: a secret is in no argument and no variable. A prompt nobody answers
keeps the process only as long as the pipe is open, so it ends with the program. Counterpart: `secrets.py`, which calls this
from a thread and remembers the answers.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from typing import Final, Literal

import msgspec

from tray_app.profiles.secrets import SecretsError, SecretStore, explain, find_backend

COMMAND: Final = "keyring"
MAX_BYTES: Final = 1024 * 1024  # of a question or an answer
END_OF_PIPE: Final = 1  # exit status


class Question(msgspec.Struct, frozen=True):
    """What to do with one entry of the keyring."""

    do: Literal["get", "set", "delete"]
    service: str
    name: str
    secret: str = ""


class Answer(msgspec.Struct, frozen=True):
    """The secret that was asked for, if there is one; or what went wrong, in words (message, hint)."""

    secret: str | None = None
    problem: tuple[str, str] | None = None


class KeyringProcess:
    """Has the methods of a keyring's backend; each starts a process and waits for it.

    All raise SecretsError for what the keyring refuses, OSError if the process cannot be started.
    """

    def get_password(self, service: str, username: str) -> str | None:
        """The secret, or None."""
        return _ask(Question("get", service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep it."""
        _ask(Question("set", service, username, password))

    def delete_password(self, service: str, username: str) -> None:
        """Remove it."""
        _ask(Question("delete", service, username))


def system_keyring(platform: str) -> SecretStore:
    """The keyring of this system. Only Linux's needs enough libraries to be worth a process."""
    return SecretStore(KeyringProcess() if platform == "linux" else None)


def command(*, frozen: bool, executable: str) -> tuple[str, ...]:
    """What has to be run: the frozen program itself, or this interpreter with the package."""
    return (executable, COMMAND) if frozen else (executable, "-P", "-m", "tray_app", COMMAND)


def same_modules(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment in which another interpreter imports what this one does, wherever it was started."""
    return {**environ, "PYTHONPATH": os.pathsep.join(sys.path)}


def _ask(question: Question) -> str | None:
    argv = command(frozen=bool(getattr(sys, "frozen", False)), executable=sys.executable)
    pipe = subprocess.PIPE
    with subprocess.Popen(argv, stdin=pipe, stdout=pipe, env=same_modules(os.environ)) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(msgspec.json.encode(question) + b"\n")
        process.stdin.flush()  # and not closed: that would end the process
        answer = msgspec.json.decode(process.stdout.read(MAX_BYTES), type=Answer)
    if answer.problem is not None:
        raise SecretsError(*answer.problem)
    return answer.secret


def answer() -> int:
    """Answer the question on stdin; returns the exit status."""
    question = msgspec.json.decode(sys.stdin.buffer.readline(MAX_BYTES), type=Question)
    threading.Thread(target=_end_with_pipe, daemon=True).start()
    sys.stdout.buffer.write(msgspec.json.encode(_answer_to(question)))
    return 0


def _end_with_pipe() -> None:
    # Not through `sys.stdin`: its lock, held by a thread that waits, aborts an interpreter that is about to end.
    os.read(0, 1)
    os._exit(END_OF_PIPE)


def _answer_to(question: Question) -> Answer:
    try:
        backend = find_backend()
        match question.do:
            case "get":
                return Answer(backend.get_password(question.service, question.name))
            case "set":
                backend.set_password(question.service, question.name, question.secret)
            case "delete":
                backend.delete_password(question.service, question.name)
    except Exception as error:  # noqa: BLE001 - whatever a backend raises; the other end cannot see it
        told = error if isinstance(error, SecretsError) else explain(error)
        return Answer(problem=(told.message, told.hint))
    return Answer()
