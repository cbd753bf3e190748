"""asyncio on Qt's event loop, on one thread: the only module that imports qasync.

`QtLoop` keeps qasync's place inside Qt (and its I/O thread on Windows) and gives the scheduling back to asyncio: its own
ready queue, its own heap of timers, its own run_forever. It must not know what runs on it. Counterpart: `app.py`.

How it works, and which fault of qasync 0.28 each part is the answer to:

- Callbacks wait in one queue in the order of their call_soon. One Qt timer of 0 ms runs them, at most `BUDGET_S` at a
  time, then Qt has its turn, so that a flood of callbacks cannot freeze the window. (qasync: one Qt timer for each
  callback, which Windows may run out of order and finally runs out of.)
- Timers wait in asyncio's heap; one precise Qt timer is set to the earliest. Nothing runs early, cancelled ones are swept,
  a distance Qt cannot count to is walked in steps. (qasync: 90 ms early, 278 late, cancelled kept, overflow after 24 days.)
- Qt watches one descriptor for all sockets (`sockets.py`); callbacks of those that are ready go to the end of the queue,
  which is run at once. (qasync: a notifier for each, and two rounds of Qt for each callback.)
- A callback that starts a Qt loop of its own (a dialog's exec()) holds the queue until that loop ends, for a task cannot
  be entered while another runs; afterwards everything goes on. A Qt loop started by Qt itself (a menu, a drag) does not
  hold anything.
- KeyboardInterrupt and SystemExit raised in a callback end run_forever and are raised there. Signals wake Qt up:
  Python's handlers run at once. (qasync: Ctrl+C waits for the next event.)
- `app.quit()` ends one exec() of Qt, not the program; connect `aboutToQuit` to what makes the main coroutine return.
- With nothing to do nothing runs: no timer ticks. Garbage is collected between turns, where objects of Qt may die.
"""

from __future__ import annotations

import asyncio
import heapq
import math
import selectors
import signal
import sys
import threading
import time
from collections.abc import Callable, Coroutine
from contextvars import Context
from typing import Any, Final

import qasync
from PySide6.QtCore import QCoreApplication, Qt, QTimer

from tray_app.runtime import garbage
from tray_app.runtime.sockets import Doorbell, Sockets

# asyncio's loop of this platform, which qasync's is made of.
_AsyncioLoop: Any = asyncio.SelectorEventLoop
if sys.platform == "win32":
    _AsyncioLoop = asyncio.ProactorEventLoop

BUDGET_S: Final = 0.005  # callbacks run this long before Qt has its turn: a third of a frame
CALLBACKS_PER_LOOK: Final = 8  # looking at the clock costs a tenth of a short callback
LONGEST_WAIT_S: Final = 24 * 3600.0  # Qt counts milliseconds in 31 bits; a longer wait is a row of these
SWEEP_FROM: Final = 100  # cancelled timers are swept out when there are more of them, and more than half
EXIT_CANCELLED: Final = 130


def run(app: QCoreApplication, main: Coroutine[Any, Any, int]) -> int:
    """Run the main coroutine on Qt's event loop; returns its result, the exit code.

    Ctrl+C cancels the coroutine once, as `asyncio.run` does; if it lets itself be cancelled the code is 130. Tasks and
    async generators left behind are cancelled and closed before this returns.
    """
    with garbage.on_this_thread(), asyncio.Runner(loop_factory=lambda: QtLoop(app)) as runner:
        try:
            return runner.run(main)
        except KeyboardInterrupt:
            return EXIT_CANCELLED


class QtLoop(qasync.QEventLoop):  # type: ignore[misc]  # qasync has no types
    """An asyncio event loop that runs inside `app.exec()`. See the module for its rules."""

    # Where asyncio keeps its timers: handles whose private parts tell whether they stand in the heap.
    _scheduled: list[Any]
    _timer_cancelled_count: int
    _selector: selectors.BaseSelector
    _sockets: Sockets | None = None

    # Given back to asyncio: these only touch the queue and the heap, or threads of their own.
    call_later = _AsyncioLoop.call_later
    call_soon_threadsafe = _AsyncioLoop.call_soon_threadsafe
    run_forever = _AsyncioLoop.run_forever
    run_until_complete = _AsyncioLoop.run_until_complete
    is_running = _AsyncioLoop.is_running
    run_in_executor = _AsyncioLoop.run_in_executor
    set_default_executor = _AsyncioLoop.set_default_executor
    set_exception_handler = _AsyncioLoop.set_exception_handler
    default_exception_handler = _AsyncioLoop.default_exception_handler
    call_exception_handler = _AsyncioLoop.call_exception_handler
    get_debug = _AsyncioLoop.get_debug
    set_debug = _AsyncioLoop.set_debug

    def __init__(self, app: QCoreApplication) -> None:
        self._app = app
        self._doorbell = Doorbell()
        self._doorbell.rang.connect(self._wake_up, Qt.ConnectionType.QueuedConnection)
        self._draining = False
        self._left_of_pass = 0  # callbacks Qt's turn came in between
        self._fatal: BaseException | None = None
        self._soon = QTimer(singleShot=True, interval=0)
        self._soon.timeout.connect(self._drain)
        self._clock = QTimer(singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._clock.timeout.connect(self._collect_due)
        super().__init__(app)

    # --- the queue

    def call_soon(self, callback: Callable[..., object], *args: Any, context: Context | None = None) -> asyncio.Handle:
        """As asyncio's; Qt is told when the queue was empty."""
        handle: asyncio.Handle = _AsyncioLoop.call_soon(self, callback, *args, context=context)
        self._wake()
        return handle

    def _add_callback(self, handle: asyncio.Handle) -> None:
        """How asyncio queues the handlers of signals."""
        self._ready.append(handle)
        self._wake()

    def _write_to_self(self) -> None:
        """How asyncio wakes the loop up from another thread."""
        self._doorbell.rang.emit()

    def _wake(self) -> None:
        if not (self._draining or self._soon.isActive()):
            self._soon.start()

    def _wake_up(self) -> None:
        """Run the queue now, unless that is to come anyhow."""
        if not self._soon.isActive():
            self._drain()

    def _drain(self) -> None:
        """Run queued callbacks until the queue is empty, the budget is spent or stop() was called."""
        if self._draining or not self.is_running():  # in a Qt loop inside a callback, or in one that is not ours
            return
        self._draining = True
        more = False
        try:
            more = self._run_ready(time.monotonic() + BUDGET_S)
        except BaseException as error:  # noqa: BLE001 -- KeyboardInterrupt, SystemExit: raised again by _run_once
            self._fatal = error
            self._stopping = True
            self._left_of_pass = 0
        finally:
            self._draining = False
        if self._stopping:
            self._app.exit()
        elif more:
            self._soon.start()
        elif self._sockets:
            self._sockets.resume()
        garbage.collect_if_due()

    def _run_ready(self, deadline: float) -> bool:
        """Returns whether it ended because the budget was spent."""
        ready, look = self._ready, True
        while not self._stopping:
            # What these callbacks queue belongs to the next pass: the same rule as asyncio's for stop(). The sockets are
            # looked at between passes only, for a callback that still waits must not be queued twice.
            if not self._left_of_pass:
                if look:
                    look = self._queue_sockets() > 1
                self._left_of_pass = len(ready)
                if not ready:
                    return False
            for number in range(self._left_of_pass - 1, -1, -1):
                handle = ready.popleft()
                if not handle._cancelled:
                    handle._run()
                if number % CALLBACKS_PER_LOOK == 0 and self._spent(deadline):
                    self._left_of_pass = number
                    return True
            self._left_of_pass = 0
        return False

    def _spent(self, deadline: float) -> bool:
        """Whether it is Qt's turn; after stop() the pass is finished first."""
        return not self._stopping and time.monotonic() >= deadline

    # --- timers

    def call_at(
        self, when: float, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        """As asyncio's; Qt's one timer follows the earliest."""
        handle: asyncio.TimerHandle = _AsyncioLoop.call_at(self, when, callback, *args, context=context)
        if self._scheduled[0] is handle:
            self._set_clock()
        return handle

    def _set_clock(self) -> None:
        """Set Qt's timer to the earliest timer that still counts. Rounded up: late by less than 1 ms, never early."""
        heap = self._scheduled
        while heap and heap[0].cancelled():
            self._timer_cancelled_count -= 1
            heapq.heappop(heap)._scheduled = False
        if heap:
            wait_s = min(max(heap[0].when() - self.time(), 0.0), LONGEST_WAIT_S)
            self._clock.start(math.ceil(wait_s * 1000))
        else:
            self._clock.stop()

    def _collect_due(self) -> None:
        """Move the timers that are due to the queue, in the order of their times, and run them."""
        heap, now = self._scheduled, self.time() + self._clock_resolution
        while heap and (heap[0].cancelled() or heap[0].when() < now):
            handle = heapq.heappop(heap)
            handle._scheduled = False
            if handle.cancelled():
                self._timer_cancelled_count -= 1
            else:
                self._ready.append(handle)
        self._set_clock()
        self._wake_up()

    def _timer_handle_cancelled(self, handle: Any) -> None:
        """Called by a timer that is cancelled; asyncio would sweep in its own loop, which does not run here."""
        if not handle._scheduled:
            return
        self._timer_cancelled_count += 1
        if self._timer_cancelled_count > max(SWEEP_FROM, len(self._scheduled) // 2):
            for timer in self._scheduled:
                timer._scheduled = not timer.cancelled()
            self._scheduled = [timer for timer in self._scheduled if timer._scheduled]
            heapq.heapify(self._scheduled)
            self._timer_cancelled_count = 0

    # --- sockets and pipes (on Windows qasync's thread waits for the completion port)

    if sys.platform != "win32":
        _add_reader = _AsyncioLoop._add_reader
        _add_writer = _AsyncioLoop._add_writer
        _remove_reader = _AsyncioLoop._remove_reader
        _remove_writer = _AsyncioLoop._remove_writer

        def _make_self_pipe(self) -> None:
            """The first thing asyncio watches: the moment to put our selector in the place of qasync's."""
            self._selector.close()
            self._selector = self._sockets = Sockets(self._sockets_ready)
            super()._make_self_pipe()

    def _sockets_ready(self) -> None:
        if self._draining or self._soon.isActive() or not self.is_running():
            assert self._sockets
            self._sockets.pause()  # it would be told again and again, and Qt's timers wait for a moment without news
        else:
            self._drain()

    def _queue_sockets(self) -> int:
        """Queue the callbacks of what is ready now; returns of how many sockets and pipes."""
        events = self._sockets.select(0) if self._sockets else ()
        self._process_events(events)
        return len(events)

    # --- life

    def _run_once(self) -> None:
        """What run_forever repeats until stop(): one exec() of Qt, with signals waking it up."""
        if self._stopping:  # stop() came before the start: what is queued by now runs, as in asyncio
            self._stopping = False
            self.call_soon(self.stop)
        previous = self._watch_signals()
        self._before_run_forever()
        try:
            self._wake()
            self._app.exec()
        finally:
            self._after_run_forever()
            if previous is not None:
                signal.set_wakeup_fd(previous)
        if self._fatal is not None:
            error, self._fatal = self._fatal, None
            raise error

    def stop(self) -> None:
        """End run_forever after the callbacks queued by now."""
        self._stopping = True
        self._wake()

    def close(self) -> None:
        """Release everything. Idempotent; raises RuntimeError while running."""
        if not self.is_running():
            self._soon.stop()
            self._clock.stop()
        super().close()

    def remove_signal_handler(self, sig: int) -> bool:
        """As asyncio's, which would also stop signals from waking Qt up."""
        removed: bool = super().remove_signal_handler(sig)
        if self.is_running():
            self._watch_signals()
        return removed

    def _watch_signals(self) -> int | None:
        """Let every signal write to the loop's own socket; the descriptor it wrote to before, None off the main thread.

        Qt goes on waiting when a signal interrupts it, and Python runs its handlers between bytecodes only.
        """
        if threading.current_thread() is not threading.main_thread():
            return None
        return signal.set_wakeup_fd(self._csock.fileno(), warn_on_full_buffer=False)
