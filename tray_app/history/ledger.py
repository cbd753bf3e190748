"""The usage ledger: every finished request ends up in a small SQLite file, written by one thread of its own.

Events come in from the proxy's side without waiting (`consume`); reads for the screen run on the same thread
(`read`), so there is one connection and no locking. What cannot be written is counted, never raised at the caller.
"""

from __future__ import annotations

import os
import queue
import sqlite3
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from datetime import UTC, date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Generic, TypeVar

import msgspec

from tray_app.history.prices import Prices
from tray_app.history.record import Joiner, Record, local_day
from tray_app.history.rollup import roll_up
from tray_app.history.schema import NewerLedgerError, prepare
from tray_app.proxy.events import Event

LEDGER_FILE: Final = "usage.sqlite"  # in the data directory
MAX_PENDING: Final = 10_000  # rows waiting for a disk that does not answer: about 5 MB
RETRY_S: Final = 5.0  # between attempts to write to a disk that refuses, as long as it does
STOP_TIMEOUT_S: Final = 5.0
BUSY_S: Final = 5.0  # `dragoman serve` beside the tray app may be writing the same file
_COLUMNS: Final = Record.__struct_fields__
# Rows of one statement. For each statement this thread waits for the interpreter's lock, and interrupts the proxy for it.
ROWS_AT_ONCE: Final = 999 // len(_COLUMNS)  # an older SQLite takes 999 values

T = TypeVar("T")


class LedgerError(Exception):
    """The ledger is not open; the message says why. The proxy works without it."""


class LedgerStatus(msgspec.Struct, frozen=True):
    """How the ledger is. `problem` is a sentence for the user; `lost` counts requests that were not written."""

    open: bool
    problem: str = ""
    lost: int = 0


class _Read(Generic[T]):
    """A question to the writer thread; whatever goes wrong in it belongs to who asked."""

    def __init__(self, question: Callable[[sqlite3.Connection], T]) -> None:
        self.question = question
        self.answer: Future[T] = Future()
        self.answer.set_running_or_notify_cancel()

    def run(self, connection: sqlite3.Connection) -> None:
        with self:
            self.answer.set_result(self.question(connection))

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if isinstance(error, sqlite3.Error):
            error = LedgerError(str(error))
        if error is not None:
            self.answer.set_exception(error)
        return True


class Ledger:
    """Owns the file and its thread. `start` and `stop` are idempotent; nothing happens before `start`.

    `consume` must always be called from the same thread. `today` gives the local date, `now` the time for file names.

    Attributes:
        on_trouble: called on the ledger's thread when `status` begins or ceases to tell of a problem.
    """

    def __init__(
        self,
        path: Path,
        prices: Prices,
        *,
        retention_days: int = 30,
        day_of: Callable[[float], date] = local_day,
        today: Callable[[], date] = date.today,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.path = path
        self.retention_days = retention_days
        self._joiner = Joiner(prices, day_of)
        self._today = today
        self._now = now
        self._inbox: queue.SimpleQueue[Record | _Read[Any] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._usable = False  # false again when the file turned out to be of no use
        self._opened: Future[LedgerStatus] = Future()
        self._pending: list[Record] = []
        self._found = ""  # what had to be done to open the file: told until the end of the run
        self._problem = ""
        self._lost = 0
        self._rolled: date | None = None
        self.on_trouble: Callable[[], None] | None = None

    def start(self) -> LedgerStatus:
        """Open the file, make or update its tables; a damaged file is moved aside. Tells how it went."""
        return self.begin().result()

    def begin(self) -> Future[LedgerStatus]:
        """The same without waiting for a disk that may not answer; what is consumed meanwhile waits for it."""
        if self._thread is None:
            self._opened = Future()
            self._opened.set_running_or_notify_cancel()  # from now on nobody can cancel it
            self._usable = True
            self._thread = threading.Thread(target=self._run, name="dragoman-ledger", daemon=True)
            self._thread.start()
        return self._opened

    def stop(self) -> None:
        """Write what is left and close the file; gives up after five seconds of a disk that does not answer."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._inbox.put(None)
            thread.join(STOP_TIMEOUT_S)

    @property
    def status(self) -> LedgerStatus:
        """How it is now."""
        return LedgerStatus(
            open=self._writes, problem="; ".join(filter(None, (self._found, self._problem))), lost=self._lost
        )

    @property
    def _writes(self) -> bool:
        return self._thread is not None and self._usable and self._thread.is_alive()

    @property
    def prices(self) -> Prices:
        """The prices for requests that finish from now on."""
        return self._joiner.prices

    @prices.setter
    def prices(self, prices: Prices) -> None:
        self._joiner.prices = prices

    def consume(self, events: Iterable[Event]) -> None:
        """Take note of events of the proxy; returns at once."""
        for record in filter(None, map(self._joiner.feed, events)):
            self._accept(record)

    def _accept(self, record: Record) -> None:
        if not self._writes or self._inbox.qsize() >= MAX_PENDING:
            self._lost += 1
        else:
            self._inbox.put(record)

    def read(self, question: Callable[[sqlite3.Connection], T]) -> Future[T]:
        """Run a read (`reads.py`, `export.py`) on the ledger's thread, after everything consumed so far.

        The future raises what the read raised; LedgerError for what SQLite says, and when the ledger is not open.
        """
        asked = _Read(question)
        if self.status.open:
            self._inbox.put(asked)
        else:
            asked.answer.set_exception(LedgerError(self._found or "the usage ledger is not open"))
        return asked.answer

    # ---- on the ledger's thread -------------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            connection, self._found = _open(self.path, self._now)
        except (OSError, sqlite3.Error, NewerLedgerError) as error:
            self._found = f"{self.path} cannot be used: {error}"
            self._usable = False
            self._opened.set_result(self.status)
            return
        self._opened.set_result(self.status)
        try:
            self._roll_up(connection)
            while self._serve(connection):
                pass
        finally:
            connection.close()

    def _serve(self, connection: sqlite3.Connection) -> bool:
        """Handle everything that has come in as one batch; False when told to stop."""
        batch = self._take()
        self._keep([item for item in batch if isinstance(item, Record)])
        self._write(connection)
        for item in batch:
            if isinstance(item, _Read):
                item.run(connection)
        self._roll_up(connection)
        return None not in batch

    def _take(self) -> list[Record | _Read[Any] | None]:
        """What has come in; waits for it, but not for ever while there is something that could not be written."""
        try:
            batch = [self._inbox.get(timeout=RETRY_S if self._pending else None)]
        except queue.Empty:
            return []
        while not self._inbox.empty():
            batch.append(self._inbox.get())
        return batch

    def _keep(self, records: list[Record]) -> None:
        self._pending += records
        over = len(self._pending) - MAX_PENDING
        if over > 0:  # the disk has refused for long: the oldest are given up
            del self._pending[:over]
            self._lost += over

    def _write(self, connection: sqlite3.Connection) -> None:
        if not self._pending:
            return
        try:
            with connection:
                for at in range(0, len(self._pending), ROWS_AT_ONCE):
                    _insert(connection, self._pending[at : at + ROWS_AT_ONCE])
        except sqlite3.Error as error:
            self._tell(f"{self.path} cannot be written: {error}")  # tried again, see _take
        else:
            self._pending.clear()
            self._tell("")

    def _roll_up(self, connection: sqlite3.Connection) -> None:
        today = self._today()
        if self._rolled == today:
            return
        try:
            roll_up(connection, today, self.retention_days)
        except sqlite3.Error as error:
            self._tell(f"{self.path} cannot be written: {error}")
        else:
            self._rolled = today

    def _tell(self, problem: str) -> None:
        changed, self._problem = problem != self._problem, problem
        if changed and self.on_trouble is not None:
            self.on_trouble()


def _insert(connection: sqlite3.Connection, records: list[Record]) -> None:
    """Add rows. An id seen twice is the same request (a batch repeated after a crash), so the first row stays."""
    row = f"({', '.join('?' * len(_COLUMNS))})"
    statement = f"INSERT OR IGNORE INTO request ({', '.join(_COLUMNS)}) VALUES {', '.join([row] * len(records))}"  # noqa: S608
    connection.execute(statement, [value for record in records for value in msgspec.structs.astuple(record)])


def _open(path: Path, now: Callable[[], datetime]) -> tuple[sqlite3.Connection, str]:
    """A prepared connection and what had to be done to get it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        return _connect(path), ""
    except sqlite3.DatabaseError as error:
        if type(error) is not sqlite3.DatabaseError:  # OperationalError and others: the file may be fine
            raise
        aside = _move_aside(path, now())
        return _connect(path), f"{path} is damaged ({error}); it was moved to {aside.name} and a new one begun"


def _connect(path: Path) -> sqlite3.Connection:
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))  # SQLite gives its side files the mode of the file
    connection = sqlite3.connect(path, timeout=BUSY_S)
    try:
        prepare(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _move_aside(path: Path, now: datetime) -> Path:
    aside = path.with_name(f"{path.stem}.damaged-{now.strftime('%Y%m%dT%H%M%S%fZ')}{path.suffix}")
    path.rename(aside)  # a write-ahead log left beside it is dropped by SQLite when it meets the new, empty file
    return aside
