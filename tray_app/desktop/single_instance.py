"""One Dragoman per user: the first start holds a lock and listens, a later one hands over its wish and leaves.

The lock (a file the operating system releases when its holder dies) decides who is first; the local socket only carries
messages. A message is one short line, ``dragoman 1 raise`` or ``dragoman 1 quit``: the number is the version of this
protocol, so that an old program and a new one understand at least that they do not understand each other. Everything a
peer may do is bounded: length, time, connections. Qt's network library is loaded when the first message can come, not
before. The counterpart is `app.py`.
"""

from __future__ import annotations

import hashlib
import sys
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QDeadlineTimer, QLockFile, QObject, QThread, QTimer, Signal

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer, QLocalSocket

PREFIX: Final = "dragoman 1 "
REPLY_OK: Final = b"ok\n"
REPLY_UNKNOWN: Final = b"unknown\n"
MESSAGE_LIMIT_BYTES: Final = 64
PEER_TIMEOUT_MS: Final = 1_000
MAX_PEERS: Final = 8
HANDOVER_TIMEOUT_MS: Final = 5_000  # a first instance that is just starting needs a moment before it listens
RETRY_PAUSE_MS: Final = 20
SOCKET_PATH_LIMIT: Final = 100  # sun_path holds 108 bytes on Linux and 104 on macOS


class Wish(StrEnum):
    """What a later start may ask of the first."""

    RAISE = "raise"
    QUIT = "quit"


class NotAnsweringError(Exception):
    """Another instance holds the lock but does not answer; the message names its process if that is known."""


def socket_name(runtime: Path) -> str:
    """The name of this user's socket: a path in the private runtime directory where sockets are files.

    Windows pipes, and paths too long for a socket, get a name derived from that directory, which differs per user.
    """
    path = str(runtime / "instance.sock")
    if sys.platform != "win32" and len(path.encode()) <= SOCKET_PATH_LIMIT:
        return path
    return "dragoman-" + hashlib.sha256(str(runtime).encode()).hexdigest()[:24]


class SingleInstance(QObject):
    """The lock and, for the instance that got it, the ear.

    Signals:
        wished(Wish): a later start asked for something.
    """

    wished = Signal(object)

    def __init__(self, runtime: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = socket_name(runtime)
        self._lock = QLockFile(str(runtime / "instance.lock"))
        self._lock.setStaleLockTime(0)  # age says nothing about a program that runs for weeks; a dead holder does
        self._server: QLocalServer | None = None

    def acquire(self) -> bool:
        """Whether this is the first instance."""
        return self._lock.tryLock(0)

    def listen(self) -> None:
        """Hear what later starts want, from now on. They try for a while, so there is no hurry after `acquire`.

        Raises:
            OSError: the socket cannot be made.
        """
        from PySide6.QtNetwork import QLocalServer

        QLocalServer.removeServer(self._name)  # left behind by a crash; the lock says that nobody is using it
        server = self._server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        server.setMaxPendingConnections(MAX_PEERS)
        server.newConnection.connect(self._welcome)
        if not server.listen(self._name):
            raise OSError(f"{self._name}: {server.errorString()}")

    def hand_over(self, wish: Wish) -> None:
        """Tell the first instance, waiting a few seconds for one that is only just starting.

        Raises:
            NotAnsweringError: nobody took the message.
        """
        deadline = QDeadlineTimer(HANDOVER_TIMEOUT_MS)
        while not self._deliver(wish, deadline):
            if deadline.hasExpired():
                process, *_ = self._lock.getLockInfo()
                holder = f" (process {process})" if process > 0 else ""
                raise NotAnsweringError(f"Another Dragoman{holder} is running but does not answer.")
            QThread.msleep(RETRY_PAUSE_MS)

    def release(self) -> None:
        """Stop listening, then let the next one in. Idempotent."""
        if self._server is not None:
            self._server.close()
        self._lock.unlock()

    def _deliver(self, wish: Wish, deadline: QDeadlineTimer) -> bool:
        from PySide6.QtNetwork import QLocalSocket

        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if not socket.waitForConnected(_remaining_ms(deadline)):
            return False
        socket.write(f"{PREFIX}{wish}\n".encode())
        answered = socket.waitForReadyRead(_remaining_ms(deadline))
        answer = socket.readAll().data() if answered else b""
        socket.abort()
        return answer == REPLY_OK

    def _welcome(self) -> None:
        assert self._server is not None
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.disconnected.connect(socket.deleteLater)
            # A peer that says nothing is dropped; the timer dies with the socket.
            QTimer.singleShot(PEER_TIMEOUT_MS, socket, socket.abort)
            socket.readyRead.connect(partial(self._hear, socket))
            if socket.bytesAvailable():
                self._hear(socket)

    def _hear(self, socket: QLocalSocket) -> None:
        if not socket.canReadLine():
            if socket.bytesAvailable() >= MESSAGE_LIMIT_BYTES:
                socket.abort()
            return
        wish = parse(bytes(socket.readLine(MESSAGE_LIMIT_BYTES).data()))
        socket.write(REPLY_UNKNOWN if wish is None else REPLY_OK)
        socket.flush()  # before anybody acts on the wish: it may be to quit
        socket.disconnectFromServer()
        if wish is not None:
            self.wished.emit(wish)


def parse(line: bytes) -> Wish | None:
    """The wish in a message, or None for anything this version does not know."""
    text = line.decode("ascii", "replace").strip()
    try:
        return Wish(text.removeprefix(PREFIX)) if text.startswith(PREFIX) else None
    except ValueError:
        return None


def _remaining_ms(deadline: QDeadlineTimer) -> int:
    return max(1, int(deadline.remainingTime()))
