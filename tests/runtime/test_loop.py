"""asyncio on Qt's loop: the faults of stock qasync, one by one, and the rules asyncio's own loops keep."""

from __future__ import annotations

import asyncio
import contextvars
import gc
import importlib.util
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEventLoop, QThread, QTimer
from PySide6.QtWidgets import QApplication

from tray_app.runtime.loop import QtLoop, run

TESTS = Path(__file__).resolve().parent.parent
DAY_S = 86_400.0


@pytest.fixture
def loop(qapp: QApplication) -> Iterator[QtLoop]:
    """A loop that is closed at the end."""
    loop = QtLoop(qapp)
    yield loop
    loop.close()


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Two ends of a connection."""
    left, right = socket.socketpair()
    left.setblocking(False)
    right.setblocking(False)
    with left, right:
        yield left, right


def in_subprocess(program: str) -> subprocess.Popen[str]:
    """A Python program of its own, for signals; it says ``ready`` when it may be signalled."""
    head = (
        "import asyncio, os, signal, sys\nfrom PySide6.QtCore import QCoreApplication\n"
        "from tray_app.runtime.loop import run\napp = QCoreApplication([])\n"
    )
    pipe = subprocess.PIPE
    return subprocess.Popen([sys.executable, "-c", head + program], stdout=pipe, stderr=pipe, text=True)


def finished(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """Exit code, output and error output of a program that ends by itself."""
    out, errors = process.communicate(timeout=30)
    return process.returncode, out, errors


# --- order and fairness


def test_callbacks_run_in_the_order_of_call_soon(loop: QtLoop) -> None:
    """A thousand callbacks, half of them queued by others, run in the order they were queued."""
    order: list[int] = []

    def first(number: int) -> None:
        order.append(number)
        loop.call_soon(order.append, number + 1000)

    for number in range(1000):
        loop.call_soon(first, number)
    loop.call_later(0.01, loop.stop)
    loop.run_forever()
    assert order == list(range(2000))


def test_a_socket_waits_behind_what_is_queued(loop: QtLoop, pair: tuple[socket.socket, socket.socket]) -> None:
    """A reader's callback does not overtake callbacks that were queued before its socket was ready."""
    left, right = pair
    order: list[str] = []

    def read() -> None:
        right.recv(1)
        order.append("socket")
        loop.stop()

    loop.add_reader(right, read)
    for _ in range(4):
        loop.call_soon(order.append, "queued")
    left.send(b"x")
    loop.run_forever()
    assert order == ["queued", "queued", "queued", "queued", "socket"]


def test_a_reader_is_called_once_for_each_time_it_can_read(
    loop: QtLoop, pair: tuple[socket.socket, socket.socket]
) -> None:
    """While the queue is long, Qt reports a ready socket many times and its callback still runs once."""
    left, right = pair
    reads: list[bytes] = []
    loop.add_reader(right, lambda: reads.append(right.recv(1)))

    for _ in range(60):  # six times the budget, so that Qt looks at the socket in between
        loop.call_soon(QThread.usleep, 500)
    loop.call_soon(loop.stop)
    left.send(b"x")
    loop.run_forever()
    loop.call_later(0.001, loop.stop)
    loop.run_forever()
    assert reads == [b"x"]


def test_sockets_get_their_turn_in_a_flood_of_callbacks(
    loop: QtLoop, pair: tuple[socket.socket, socket.socket]
) -> None:
    """A queue that never empties does not keep a socket from being read."""
    left, right = pair
    flooding = True

    def flood() -> None:
        if flooding:
            loop.call_soon(flood)

    async def main() -> bytes:
        nonlocal flooding
        flood()
        await loop.sock_sendall(left, b"through")
        received = await loop.sock_recv(right, 100)
        flooding = False
        return received

    assert loop.run_until_complete(main()) == b"through"


def test_qt_keeps_ticking_under_a_flood_of_callbacks(loop: QtLoop) -> None:
    """A Qt timer fires again and again while callbacks queue callbacks without end: the window stays alive."""
    ticks: list[None] = []
    timer = QTimer(interval=1)
    timer.timeout.connect(lambda: ticks.append(None))

    def flood() -> None:
        if len(ticks) < 10:
            loop.call_soon(flood)
        else:
            loop.stop()

    timer.start()
    loop.call_soon(flood)
    loop.run_forever()
    timer.stop()
    assert len(ticks) >= 10


# --- timers


def test_sockets_that_are_ready_together_do_not_hold_up_the_window(loop: QtLoop) -> None:
    """They share one budget: of forty callbacks of 2 ms, Qt gets its turn after every few."""
    pairs = [socket.socketpair() for _ in range(40)]
    runs, most = [0], [0]

    def read(number: int) -> None:
        loop.remove_reader(pairs[number][1])
        QThread.usleep(2_000)
        runs[0] += 1

    def tick() -> None:
        most[0] = max(most[0], runs[0])
        runs[0] = 0

    for number, (left, right) in enumerate(pairs):
        left.send(b"x")
        loop.add_reader(right, read, number)
    timer = QTimer(interval=0)
    timer.timeout.connect(tick)
    timer.start()
    loop.call_later(0.5, loop.stop)
    loop.run_forever()
    timer.stop()
    for left, right in pairs:
        loop.remove_reader(right)
        left.close()
        right.close()
    assert 0 < most[0] <= 10


def test_no_timer_fires_early(loop: QtLoop) -> None:
    """Every timer fires at its time or after it, and in the order of their times."""
    fired: list[tuple[float, float]] = []
    start = loop.time()
    for step in range(60, 0, -1):
        when = start + step / 997
        loop.call_at(when, lambda due=when: fired.append((due, loop.time())))
    loop.call_at(start + 0.07, loop.stop)
    loop.run_forever()
    assert len(fired) == 60
    assert fired == sorted(fired)
    assert all(now >= due - loop._clock_resolution for due, now in fired)


def test_cancelled_timers_are_not_kept(loop: QtLoop) -> None:
    """Ten thousand timers of five minutes, set and cancelled as HTTP clients do, leave next to nothing behind."""
    for _ in range(10_000):
        loop.call_later(300, pytest.fail).cancel()
    assert len(loop._scheduled) <= 300


def test_sweeping_keeps_the_timers_that_count(loop: QtLoop) -> None:
    """Timers that were not cancelled survive the sweep and still fire in order."""
    fired: list[int] = []
    for number in range(200):
        loop.call_later(0.001 + number / 100_000, fired.append, number)
        loop.call_later(300, pytest.fail).cancel()
        loop.call_later(300, pytest.fail).cancel()
    loop.call_later(0.01, loop.stop)
    loop.run_forever()
    assert fired == list(range(200))


def test_a_cancelled_earliest_timer_does_not_fire(loop: QtLoop) -> None:
    """Cancelling the timer that Qt waits for leaves the next one in its place."""
    fired: list[str] = []
    loop.call_later(0.001, fired.append, "cancelled").cancel()
    loop.call_later(0.002, fired.append, "kept")
    loop.call_later(0.003, loop.stop)
    loop.run_forever()
    assert fired == ["kept"]


def test_a_timer_beyond_what_qt_can_count_fires_in_time(loop: QtLoop, monkeypatch: pytest.MonkeyPatch) -> None:
    """call_later of 60 days neither overflows nor fires at once; it fires when the clock has come that far."""
    fired: list[float] = []
    offset = 0.0
    real = loop.time
    monkeypatch.setattr(loop, "time", lambda: real() + offset)
    loop.call_later(60 * DAY_S, lambda: fired.append(loop.time()))
    loop.call_later(0.001, loop.stop)
    loop.run_forever()
    assert fired == []
    assert 0 < loop._clock.remainingTime() <= DAY_S * 1000
    offset = 60 * DAY_S
    loop.call_soon(loop._collect_due)
    loop.call_later(0.001, loop.stop)
    loop.run_forever()
    assert len(fired) == 1


def test_nothing_runs_while_there_is_nothing_to_do(loop: QtLoop, pair: tuple[socket.socket, socket.socket]) -> None:
    """When Qt goes to sleep waiting for a socket, no timer of the loop is set: no wake-ups while idle."""
    left, right = pair
    seen: list[bool] = []

    def about_to_block() -> None:
        if not loop._ready:
            seen.append(loop._soon.isActive() or loop._clock.isActive())
            left.send(b"x")

    async def main() -> bytes:
        dispatcher = QThread.currentThread().eventDispatcher()
        dispatcher.aboutToBlock.connect(about_to_block)
        received = await loop.sock_recv(right, 1)
        dispatcher.aboutToBlock.disconnect(about_to_block)
        return received

    assert loop.run_until_complete(main()) == b"x"
    assert seen[0] is False


# --- Qt loops inside, and the end


def test_a_dialog_inside_a_coroutine_does_not_hang_the_others(loop: QtLoop) -> None:
    """After a nested Qt loop inside a coroutine, this and every other task go on; during it no task is entered."""
    seen: list[str] = []

    async def other() -> None:
        for _ in range(3):
            await asyncio.sleep(0)
            seen.append("other")

    async def main() -> None:
        task = loop.create_task(other())
        nested = QEventLoop()
        QTimer.singleShot(5, nested.quit)
        nested.exec()
        seen.append("after the dialog")
        await task

    loop.run_until_complete(main())
    assert seen == ["after the dialog", "other", "other", "other"]


def test_a_dialog_inside_a_coroutine_is_not_flooded_by_sockets(
    loop: QtLoop, pair: tuple[socket.socket, socket.socket]
) -> None:
    """A socket that becomes ready during the nested loop neither keeps Qt from waiting nor is it forgotten."""
    left, right = pair
    turns: list[None] = []

    async def main() -> bytes:
        nested = QEventLoop()
        dispatcher = QThread.currentThread().eventDispatcher()
        receiving = loop.create_task(loop.sock_recv(right, 1))
        await asyncio.sleep(0)
        left.send(b"x")
        dispatcher.awake.connect(lambda: turns.append(None))
        QTimer.singleShot(50, nested.quit)
        nested.exec()
        dispatcher.awake.disconnect()
        return await receiving

    assert loop.run_until_complete(main()) == b"x"
    assert len(turns) < 20


def test_a_menu_that_qt_opens_does_not_hold_the_tasks(loop: QtLoop) -> None:
    """In a nested loop that Qt itself started (a menu, a drag), tasks run on."""
    nested = QEventLoop()

    async def main() -> int:
        opened, closed = asyncio.Event(), asyncio.Event()
        results: list[int] = []

        def open_menu() -> None:
            opened.set()
            results.append(nested.exec())
            closed.set()

        QTimer.singleShot(0, open_menu)
        await opened.wait()
        await asyncio.sleep(0.001)
        nested.exit(7)
        await closed.wait()
        return results[0]

    assert loop.run_until_complete(main()) == 7


def test_quitting_the_application_does_not_skip_the_drain(qapp: QApplication) -> None:
    """app.quit() reaches the main coroutine through aboutToQuit; it drains, with awaits, and its result counts."""
    steps: list[str] = []

    async def main() -> int:
        asked = asyncio.Event()
        connection = qapp.aboutToQuit.connect(asked.set)
        QTimer.singleShot(0, qapp.quit)
        await asked.wait()
        steps.append("asked")
        await asyncio.sleep(0.005)
        steps.append("drained")
        qapp.aboutToQuit.disconnect(connection)
        return 4

    assert run(qapp, main()) == 4
    assert steps == ["asked", "drained"]


def test_stop_lets_the_queued_callbacks_run_and_no_later_ones(loop: QtLoop) -> None:
    """stop() ends the loop after the batch it was called in, as asyncio's loops do."""
    seen: list[str] = []
    loop.call_soon(loop.stop)
    loop.call_soon(lambda: (seen.append("same batch"), loop.call_soon(seen.append, "next batch")))
    loop.run_forever()
    assert seen == ["same batch"]
    loop.call_soon(loop.stop)
    loop.run_forever()
    assert seen == ["same batch", "next batch"]


def test_stop_before_the_start_runs_one_batch(loop: QtLoop) -> None:
    """A loop that was stopped before run_forever runs what is queued, then returns."""
    seen: list[str] = []
    loop.call_soon(seen.append, "queued")
    loop.stop()
    loop.run_forever()
    assert seen == ["queued"]


def test_stop_from_a_slot_of_qt_ends_the_loop(loop: QtLoop) -> None:
    """stop() works outside asyncio's callbacks too."""
    QTimer.singleShot(0, loop.stop)
    loop.run_forever()
    assert not loop.is_running()


def test_callbacks_do_not_run_in_a_foreign_qt_loop(loop: QtLoop) -> None:
    """While the asyncio loop does not run, a Qt loop of someone else leaves its queue alone."""
    seen: list[str] = []
    loop.call_soon(seen.append, "ran")
    foreign = QEventLoop()
    QTimer.singleShot(5, foreign.quit)
    foreign.exec()
    assert seen == []


def test_a_closed_loop_refuses_work(qapp: QApplication) -> None:
    """close() may be called twice; a closed loop takes no callbacks, a running one cannot be closed."""
    loop = QtLoop(qapp)
    errors: list[str] = []

    def close() -> None:
        try:
            loop.close()
        except RuntimeError as error:
            errors.append(str(error))
        loop.stop()

    loop.call_soon(close)
    loop.run_forever()
    assert "running" in errors[0]
    loop.close()
    loop.close()
    with pytest.raises(RuntimeError, match="closed"):
        loop.call_soon(print)
    with pytest.raises(RuntimeError, match="closed"):
        loop.call_later(1, print)


# --- errors and interrupts


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit])
def test_an_interrupt_in_a_callback_ends_the_loop(loop: QtLoop, kind: type[BaseException]) -> None:
    """KeyboardInterrupt and SystemExit come out of run_forever, from a callback, a timer and a socket; it runs again."""

    def interrupt() -> None:
        raise kind

    for schedule in (loop.call_soon, lambda callback: loop.call_later(0.001, callback)):
        schedule(interrupt)
        with pytest.raises(kind):
            loop.run_forever()
    assert loop.run_until_complete(asyncio.sleep(0, "still works")) == "still works"


def test_an_error_in_a_callback_goes_to_the_exception_handler(loop: QtLoop) -> None:
    """Ordinary errors are reported and the loop goes on."""
    reported: list[str] = []
    loop.set_exception_handler(lambda _loop, context: reported.append(repr(context["exception"])))
    loop.call_soon(lambda: 1 / 0)
    assert loop.run_until_complete(asyncio.sleep(0, "still works")) == "still works"
    assert reported == ["ZeroDivisionError('division by zero')"]


@pytest.mark.only_on("linux", "darwin")
def test_ctrl_c_cancels_the_main_coroutine() -> None:
    """SIGINT wakes an idle Qt up: the main coroutine is cancelled at once and the exit code says so."""
    process = in_subprocess(
        "async def main():\n"
        "    print('ready', flush=True)\n"
        "    try: await asyncio.Event().wait()\n"
        "    finally: print('drained')\n"
        "sys.exit(run(app, main()))\n"
    )
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGINT)
    assert finished(process) == (130, "drained\n", "")


@pytest.mark.only_on("linux", "darwin")
def test_a_signal_handler_runs_while_idle() -> None:
    """Handlers of asyncio get their signal, and after one is removed the others still wake Qt up."""
    process = in_subprocess(
        "async def main():\n"
        "    loop, got = asyncio.get_running_loop(), asyncio.Event()\n"
        "    loop.add_signal_handler(signal.SIGTERM, got.set)\n"
        "    print('ready', flush=True)\n"
        "    await got.wait()\n"
        "    loop.remove_signal_handler(signal.SIGTERM)\n"
        "    again = asyncio.Event()\n"
        "    signal.signal(signal.SIGUSR1, lambda *_: loop.call_soon_threadsafe(again.set))\n"
        "    print('ready again', flush=True)\n"
        "    await again.wait()\n"
        "    return 5\n"
        "sys.exit(run(app, main()))\n"
    )
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGTERM)
    assert process.stdout.readline() == "ready again\n"
    process.send_signal(signal.SIGUSR1)
    assert finished(process) == (5, "", "")


# --- threads, processes, and what belongs to asyncio


def test_threads_may_queue_callbacks(loop: QtLoop) -> None:
    """call_soon_threadsafe from four threads wakes the loop up and loses nothing."""
    seen: list[int] = []
    total = 400

    def add(number: int) -> None:
        seen.append(number)
        if len(seen) == total:
            loop.stop()

    def work(start: int) -> None:
        for number in range(start, start + 100):
            loop.call_soon_threadsafe(add, number)

    threads = [threading.Thread(target=work, args=(start,)) for start in range(0, total, 100)]
    loop.call_soon(lambda: [thread.start() for thread in threads])
    loop.run_forever()
    for thread in threads:
        thread.join()
    assert sorted(seen) == list(range(total))


def test_a_thread_wakes_an_idle_loop(loop: QtLoop) -> None:
    """A result from a worker thread arrives although nothing else happens."""
    assert loop.run_until_complete(asyncio.wait_for(loop.run_in_executor(None, lambda: 42), 30)) == 42


@pytest.mark.only_on("linux", "darwin")
def test_programs_can_be_started(qapp: QApplication) -> None:
    """A subprocess is started, fed, read and waited for."""

    async def main() -> int:
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", "print(input().upper()); exit(3)", stdin=pipe, stdout=pipe
        )
        out, _ = await process.communicate(b"hello\n")
        assert out == b"HELLO\n"
        return process.returncode

    assert run(qapp, main()) == 3


def test_context_variables_are_kept(loop: QtLoop) -> None:
    """Each callback and timer runs in the context it was queued in."""
    variable = contextvars.ContextVar("variable", default="none")
    seen: list[str] = []

    def remember() -> None:
        seen.append(variable.get())

    for value in ("first", "second"):
        variable.set(value)
        loop.call_soon(remember)
        loop.call_later(0.001, remember)
        loop.call_soon_threadsafe(remember)
    variable.set("none")
    loop.call_later(0.01, loop.stop)
    loop.run_forever()
    assert sorted(seen) == ["first"] * 3 + ["second"] * 3


def test_abandoned_generators_are_closed(qapp: QApplication) -> None:
    """An async generator left in the middle is finished with its awaits before run() returns."""
    closed: list[str] = []

    async def numbers() -> AsyncIterator[int]:
        try:
            yield 1
            yield 2
        finally:
            await asyncio.sleep(0)
            closed.append("closed")

    kept = numbers()

    async def main() -> int:
        await anext(kept)
        return 0

    assert run(qapp, main()) == 0
    assert closed == ["closed"]


def test_a_core_application_is_enough() -> None:
    """The loop needs no window system: a QCoreApplication will do."""
    process = in_subprocess("async def main(): return 6\nsys.exit(run(app, main()))\n")
    assert finished(process) == (6, "", "")


def test_a_server_and_its_client_share_the_loop(qapp: QCoreApplication) -> None:
    """A megabyte goes through a loopback server and back, with back-pressure on both sides."""

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
        writer.close()

    async def main() -> int:
        server = await asyncio.start_server(echo, "127.0.0.1", 0)
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        payload = bytes(range(256)) * 4096
        writer.write(payload)
        writer.write_eof()
        received = await reader.read(-1)
        writer.close()
        await writer.wait_closed()
        server.close()
        return int(received == payload)

    assert run(qapp, main()) == 1


# CPython's own tests of event loops: python.org's builds and pyenv's bring them, Debian keeps them in another package.
if sys.platform == "linux" and importlib.util.find_spec("test") and importlib.util.find_spec("test.test_asyncio"):

    @pytest.mark.slow
    def test_it_passes_the_tests_of_asyncio_itself() -> None:
        """What CPython asks of its own loops on Unix (events, servers, sockets, processes) holds for this one."""
        program = [sys.executable, str(TESTS / "helpers" / "asyncio_conformance.py")]
        variables = os.environ | {"PYTHONPATH": str(TESTS.parent)}
        done = subprocess.run(program, env=variables, capture_output=True, text=True, timeout=110, check=False)
        assert done.returncode == 0, done.stderr[-4000:]
        assert "OK" in done.stderr


def test_qasync_is_what_it_stands_on(loop: QtLoop) -> None:
    """It is one of qasync's loops, so that whatever looks for qasync finds it."""
    import qasync

    assert isinstance(loop, qasync.QEventLoop)


def test_objects_of_qt_that_are_garbage_die_on_the_thread_of_the_loop(qapp: QApplication) -> None:
    """However busy another thread is: Qt would go on to call a timer that died there."""
    died_on: list[str] = []

    def make_garbage() -> None:
        timer = QTimer()
        timer.destroyed.connect(lambda: died_on.append(threading.current_thread().name))
        timer.itself = timer  # type: ignore[attr-defined]

    def make_containers() -> list[list[object]]:
        return [[] for _ in range(50_000)]

    async def main() -> int:
        make_garbage()
        made = await asyncio.to_thread(make_containers)
        await asyncio.sleep(0)
        return len(made)

    before = gc.isenabled()
    gc.collect()
    gc.enable()
    try:
        assert run(qapp, main()) == 50_000
        gc.collect()
    finally:
        if not before:
            gc.disable()
    assert died_on == [threading.main_thread().name]
