"""One instance per user, proven with real processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtNetwork import QLocalSocket
from pytestqt.qtbot import QtBot

from helpers.waiting import until
from tray_app.desktop.single_instance import (
    MESSAGE_LIMIT_BYTES,
    SOCKET_PATH_LIMIT,
    NotAnsweringError,
    SingleInstance,
    Wish,
    parse,
    socket_name,
)

# Prints "first" and then every wish, or "second"; ends when told to quit.
PROGRAM = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from tray_app.desktop.single_instance import SingleInstance, Wish
app = QCoreApplication([])
instance = SingleInstance(Path(sys.argv[1]))
if not instance.acquire():
    instance.hand_over(Wish(sys.argv[2]))
    print("second", flush=True)
    sys.exit(0)
instance.listen()
def heard(wish):
    print(wish.value, flush=True)
    if wish is Wish.QUIT:
        app.quit()
instance.wished.connect(heard)
print("first", flush=True)
app.exec()
instance.release()
"""


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts the program with a wish, in one runtime directory for all."""
    started: list[subprocess.Popen[str]] = []

    def begin(wish: Wish = Wish.RAISE) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", PROGRAM, str(tmp_path), wish.value]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        started.append(process)
        return process

    yield begin
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def line(process: subprocess.Popen[str]) -> str:
    """The next line it prints."""
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_five_starts_at_once_have_one_winner(start: Callable[..., subprocess.Popen[str]]) -> None:
    """The four others deliver their wish and leave, however early they were."""
    processes = [start() for _ in range(5)]
    firsts = {process: line(process) for process in processes}
    (winner,) = [process for process, said in firsts.items() if said == "first"]
    assert sorted(firsts.values()) == ["first"] + ["second"] * 4
    assert [line(winner) for _ in range(4)] == ["raise"] * 4
    assert [process.wait(10) for process in processes if process is not winner] == [0] * 4
    assert line(start(Wish.QUIT)) == "second"
    assert (line(winner), winner.wait(10)) == ("quit", 0)


def test_after_a_kill_the_next_one_is_first(start: Callable[..., subprocess.Popen[str]], tmp_path: Path) -> None:
    """Neither the lock nor the socket it left behind is in the way."""
    victim = start()
    assert line(victim) == "first"
    os.kill(victim.pid, signal.SIGKILL)
    victim.wait(10)
    assert (tmp_path / "instance.sock").exists()
    heir = start()
    assert line(heir) == "first"
    assert line(start()) == "second"
    assert line(heir) == "raise"


def test_the_socket_is_private(start: Callable[..., subprocess.Popen[str]], tmp_path: Path) -> None:
    """Other users of the machine cannot speak to us."""
    first = start()
    assert line(first) == "first"
    assert (tmp_path / "instance.sock").stat().st_mode & 0o077 == 0


def test_a_first_instance_that_hangs_is_named(
    qtbot: QtBot, start: Callable[..., subprocess.Popen[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second one does not wait for ever, and says which process it is."""
    first = start()
    assert line(first) == "first"
    os.kill(first.pid, signal.SIGSTOP)
    monkeypatch.setattr("tray_app.desktop.single_instance.HANDOVER_TIMEOUT_MS", 200)
    second = SingleInstance(tmp_path)
    assert second.acquire() is False
    with pytest.raises(NotAnsweringError, match=f"process {first.pid}"):
        second.hand_over(Wish.RAISE)
    os.kill(first.pid, signal.SIGCONT)


def test_a_socket_that_cannot_be_made_is_an_error(tmp_path: Path, qtbot: QtBot) -> None:
    """A directory stands in its place."""
    (tmp_path / "instance.sock").mkdir()
    (tmp_path / "instance.sock" / "x").touch()
    instance = SingleInstance(tmp_path)
    assert instance.acquire()
    with pytest.raises(OSError, match=r"instance\.sock"):
        instance.listen()
    instance.release()
    instance.release()


@pytest.fixture
def first(qtbot: QtBot, tmp_path: Path) -> Iterator[SingleInstance]:
    """A first instance in this process."""
    instance = SingleInstance(tmp_path)
    assert instance.acquire()
    instance.listen()
    yield instance
    instance.release()


def connected(tmp_path: Path) -> QLocalSocket:
    """A peer of it."""
    socket = QLocalSocket()
    socket.connectToServer(socket_name(tmp_path))
    assert socket.waitForConnected(1_000)
    return socket


def test_a_message_may_come_in_pieces(first: SingleInstance, tmp_path: Path, qtbot: QtBot) -> None:
    """Nothing happens before its line end."""
    peer = connected(tmp_path)
    peer.write(b"dragoman 1 ")
    peer.flush()
    qtbot.waitUntil(lambda: bool(first.findChildren(QLocalSocket)))
    with qtbot.waitSignal(first.wished) as caught:
        peer.write(b"raise\n")
        peer.flush()
    assert caught.args == [Wish.RAISE]
    qtbot.waitUntil(lambda: peer.bytesAvailable() > 0 or peer.state() == QLocalSocket.LocalSocketState.UnconnectedState)
    assert peer.readAll().data() == b"ok\n"


@pytest.mark.parametrize("garbage", [b"x" * MESSAGE_LIMIT_BYTES * 2, b"dragoman 2 raise\n", b"\xff\xfe\n", b"\n"])
def test_garbage_is_dropped(first: SingleInstance, tmp_path: Path, qtbot: QtBot, garbage: bytes) -> None:
    """Too long, of another version, or no text at all: the connection ends and nothing else happens."""
    wishes: list[object] = []
    first.wished.connect(wishes.append)
    peer = connected(tmp_path)
    with qtbot.waitSignal(peer.disconnected):
        peer.write(garbage)
        peer.flush()
    assert wishes == []


def test_a_silent_peer_is_dropped(
    first: SingleInstance, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may not hold a connection for ever."""
    monkeypatch.setattr("tray_app.desktop.single_instance.PEER_TIMEOUT_MS", 30)
    peer = QLocalSocket()
    with qtbot.waitSignal(peer.disconnected):
        peer.connectToServer(socket_name(tmp_path))


@pytest.mark.parametrize(
    ("message", "wish"),
    [
        (b"dragoman 1 raise\n", Wish.RAISE),
        (b"dragoman 1 quit\n", Wish.QUIT),
        (b"dragoman 1 explode\n", None),
        (b"dragoman 2 raise\n", None),
        (b"raise\n", None),
    ],
)
def test_messages_are_versioned(message: bytes, wish: Wish | None) -> None:
    """An unknown version or wish is understood as unknown."""
    assert parse(message) is wish


def test_the_name_fits_into_a_socket_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """A path where it fits, else a name that differs by directory and so by user."""
    assert socket_name(Path("/run/user/7/dragoman")) == "/run/user/7/dragoman/instance.sock"
    long = Path("/" + "x" * SOCKET_PATH_LIMIT)
    assert socket_name(long).startswith("dragoman-")
    assert socket_name(long) != socket_name(long / "y")
    monkeypatch.setattr("sys.platform", "win32")
    assert socket_name(Path("/short")).startswith("dragoman-")


def test_a_good_end_leaves_no_socket(tmp_path: Path, start: Callable[..., subprocess.Popen[str]]) -> None:
    """Nothing has to be cleaned up by the next one."""
    first = start()
    assert line(first) == "first"
    assert line(start(Wish.QUIT)) == "second"
    first.wait(10)
    until(lambda: not (tmp_path / "instance.sock").exists(), "the socket to go")
