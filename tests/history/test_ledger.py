"""Tests of history/ledger.py: nothing is lost by a kill, a damaged file, a full disk or a stop."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from helpers.ledger_events import finished, recorded, started
from helpers.unprivileged import unprivileged
from tray_app.history import ledger as module
from tray_app.history.ledger import Ledger, LedgerError
from tray_app.history.prices import Price, Prices
from tray_app.history.reads import totals
from tray_app.history.schema import MIGRATIONS

DAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
OpenLedger = Callable[..., Ledger]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[OpenLedger]:
    """Ledgers that are stopped when the test ends."""
    opened: list[Ledger] = []

    def build(path: Path = tmp_path / "usage.sqlite", **options: Any) -> Ledger:
        options = {"today": lambda: DAY, "day_of": lambda _: DAY, "now": lambda: NOON} | options
        opened.append(Ledger(path, Prices(()), **options))
        return opened[-1]

    yield build
    for ledger in opened:
        ledger.stop()


def put(ledger: Ledger, *ids: str) -> None:
    for request_id in ids:
        ledger.consume((started(request_id), finished(request_id)))


def ids(ledger: Ledger) -> list[str]:
    return sorted(row.id for row in ledger.read(recorded).result(30))


def test_what_is_consumed_is_read(make: OpenLedger) -> None:
    """A read sees everything consumed before it."""
    ledger = make()
    assert ledger.start() == ledger.status
    assert ledger.status.open
    put(ledger, "1", "2")
    assert ids(ledger) == ["1", "2"]
    assert ledger.read(lambda db: totals(db, DAY, DAY)).result(30).prompt_tokens == 900


def test_many_at_once_are_all_kept(make: OpenLedger) -> None:
    """More than one statement takes, and one of them twice."""
    ledger = make()
    ledger.begin()
    put(ledger, *map(str, range(3 * module.ROWS_AT_ONCE + 1)), "5")
    count = ledger.read(lambda db: db.execute("SELECT count(*) FROM request").fetchone()[0]).result(30)
    assert count == 3 * module.ROWS_AT_ONCE + 1


def test_it_is_there_after_a_restart(make: OpenLedger) -> None:
    """Stop writes what is left; starting and stopping twice is once."""
    first = make()
    first.start()
    first.start()
    put(first, "1")
    first.stop()
    first.stop()
    second = make()
    second.start()
    put(second, "1", "2")
    assert ids(second) == ["1", "2"], "the same request twice is one"


def test_a_stopped_ledger_can_start_again(make: OpenLedger) -> None:
    """As the settings page may ask."""
    ledger = make()
    ledger.start()
    ledger.stop()
    assert ledger.start().open
    put(ledger, "1")
    assert ids(ledger) == ["1"]


def test_before_the_start_requests_are_counted_as_lost(make: OpenLedger) -> None:
    """And a read says that it is not open."""
    ledger = make()
    put(ledger, "1")
    assert ledger.status.lost == 1
    with pytest.raises(LedgerError, match="not open"):
        ledger.read(recorded).result(0)


def test_a_question_that_fails_fails_alone(make: OpenLedger) -> None:
    """Whoever asked gets the error, the ledger goes on."""
    ledger = make()
    ledger.start()
    wrong = ledger.read(lambda db: db.execute("SELECT nonsense"))
    with pytest.raises(LedgerError, match="nonsense"):
        wrong.result(30)
    with pytest.raises(ZeroDivisionError):
        ledger.read(lambda _: 1 // 0).result(30)
    put(ledger, "1")
    assert ids(ledger) == ["1"]


@pytest.mark.only_on("linux", "darwin")
def test_the_files_are_private(make: OpenLedger, tmp_path: Path) -> None:
    """The side files of SQLite too."""
    ledger = make()
    ledger.start()
    put(ledger, "1")
    ids(ledger)
    files = list(tmp_path.iterdir())
    assert len(files) == 3
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


@pytest.mark.parametrize(
    "data", [b"this is no database, however long it may be" * 50, b"SQLite format 3\x00" + b"\xff" * 4096]
)
def test_a_damaged_file_is_moved_aside(data: bytes, make: OpenLedger, tmp_path: Path) -> None:
    """A new one is begun, whatever was left beside the old, and the user is told."""
    (tmp_path / "usage.sqlite").write_bytes(data)
    (tmp_path / "usage.sqlite-wal").write_bytes(b"left behind")
    ledger = make()
    status = ledger.start()
    assert status.open
    assert "usage.damaged-20261123T120000000000Z.sqlite" in status.problem
    put(ledger, "1")
    assert ids(ledger) == ["1"]
    assert (tmp_path / "usage.damaged-20261123T120000000000Z.sqlite").read_bytes() == data


def test_a_newer_file_is_left_alone(make: OpenLedger, tmp_path: Path) -> None:
    """The ledger stays closed and says why; the proxy works without it."""
    with sqlite3.connect(tmp_path / "usage.sqlite") as connection:
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    connection.close()
    before = (tmp_path / "usage.sqlite").read_bytes()
    ledger = make()
    status = ledger.start()
    assert not status.open
    assert "newer version" in status.problem
    put(ledger, "1")
    assert ledger.status.lost == 1
    with pytest.raises(LedgerError, match="newer version"):
        ledger.read(recorded).result(0)
    assert (tmp_path / "usage.sqlite").read_bytes() == before


@pytest.mark.only_on("linux", "darwin")
def test_an_unwritable_directory_is_told(make: OpenLedger) -> None:
    """With the path."""
    with unprivileged() as folder:
        folder.chmod(0o500)
        status = make(folder / "sub" / "usage.sqlite").start()
    assert not status.open
    assert "Permission denied" in status.problem


def test_a_busy_file_is_not_taken_for_a_damaged_one(
    make: OpenLedger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another program at work on it is no reason to move it aside."""
    monkeypatch.setattr(module, "BUSY_S", 0)
    with closing(sqlite3.connect(tmp_path / "usage.sqlite")) as other:
        other.execute("BEGIN EXCLUSIVE")
        status = make().start()
    assert not status.open
    assert "locked" in status.problem
    assert make().start().open


def refuse_writes(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA query_only = ON")


def allow_writes(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA query_only = OFF")


def test_a_disk_that_refuses_is_tried_again(make: OpenLedger) -> None:
    """Rows wait in memory and the status tells; once it answers everything is there."""
    ledger = make()
    ledger.start()
    ledger.read(refuse_writes).result(30)
    put(ledger, "1")
    assert ids(ledger) == []
    assert "cannot be written" in ledger.status.problem
    ledger.read(allow_writes).result(30)
    put(ledger, "2")
    assert ids(ledger) == ["1", "2"]
    assert (ledger.status.problem, ledger.status.lost) == ("", 0)


def test_it_is_tried_again_without_a_further_request(make: OpenLedger, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last request of the day must not wait in memory for the first of the next."""
    monkeypatch.setattr(module, "RETRY_S", 0.01)
    ledger, over = make(), threading.Event()
    ledger.start()
    ledger.read(refuse_writes).result(30)
    put(ledger, "1")
    assert ids(ledger) == []
    ledger.on_trouble = over.set
    ledger.read(allow_writes).result(30)
    assert over.wait(30)
    assert ids(ledger) == ["1"]


def test_trouble_is_told_when_it_begins_and_when_it_ends(make: OpenLedger) -> None:
    """Once each, so that nobody has to ask; what was wrong with the file at the start stays known."""
    told: list[str] = []
    ledger = make()
    ledger.on_trouble = lambda: told.append(ledger.status.problem)
    ledger.start()
    ledger.read(refuse_writes).result(30)
    put(ledger, "1")
    put(ledger, "2")
    assert ids(ledger) == []
    ledger.read(allow_writes).result(30)
    put(ledger, "3")
    assert ids(ledger) == ["1", "2", "3"]
    assert [bool(problem) for problem in told] == [True, False]


def test_waiting_rows_are_bounded_and_losses_counted(make: OpenLedger, monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest go first."""
    monkeypatch.setattr(module, "MAX_PENDING", 2)
    ledger = make()
    ledger.start()
    ledger.read(refuse_writes).result(30)
    for number in "123":
        put(ledger, number)
        ids(ledger)
    ledger.read(allow_writes).result(30)
    assert ids(ledger) == ["2", "3"]
    assert ledger.status.lost == 1


def test_old_days_are_rolled_up_once_a_day(make: OpenLedger) -> None:
    """At the start and when the date changes, not with every request."""
    day = [DAY]
    dates = {1000.0: date(2026, 10, 1), 2000.0: DAY}
    ledger = make(today=lambda: day[0], day_of=lambda at: dates[at], retention_days=30)
    ledger.start()
    for request_id, at in (("old", 1000.0), ("new", 2000.0)):
        ledger.consume((started(request_id, at), finished(request_id)))
    assert ids(ledger) == ["new", "old"], "nothing is rolled up twice on one day"
    day[0] = date(2026, 11, 24)
    ledger.consume((started("x", 2000.0), finished("x")))
    ids(ledger)
    assert ids(ledger) == ["new", "x"]
    assert ledger.read(lambda db: totals(db, date(2026, 1, 1), DAY)).result(30).requests == 3


def test_a_roll_up_that_cannot_be_written_is_told(make: OpenLedger) -> None:
    """And tried again."""
    day = [DAY]
    ledger = make(today=lambda: day[0])
    ledger.start()
    ledger.read(refuse_writes).result(30)
    day[0] = date(2026, 11, 24)
    ids(ledger)
    ids(ledger)
    assert "cannot be written" in ledger.status.problem


def test_new_prices_hold_for_new_requests(make: OpenLedger) -> None:
    """What has been counted stays as it was."""
    ledger = make()
    ledger.start()
    put(ledger, "1")
    ledger.prices = Prices((Price(model="m", since=date(2026, 1, 1), input=1.0, output=1.0),))
    put(ledger, "2")
    assert ledger.prices.find("m", DAY, 0) is not None
    costs = {row.id: row.cost_usd for row in ledger.read(recorded).result(30)}
    assert costs["1"] is None
    assert costs["2"] == pytest.approx(470 / 1e6)


# Takes note of ten requests for every line it reads, and says so at once: it does not wait for the disk.
WRITER = """
import sys
from pathlib import Path
from tray_app.history.ledger import Ledger
from tray_app.history.prices import Prices
from helpers.ledger_events import finished, started
ledger = Ledger(Path(sys.argv[1]), Prices(()), retention_days=100_000)
assert ledger.start().open
for line in sys.stdin:
    for number in range(int(line), int(line) + 10):
        ledger.consume((started(f"{number:05}", float(number)), finished(f"{number:05}")))
    print(line.strip(), flush=True)
ledger.stop()
assert ledger.status.lost == 0
"""
ENVIRON = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, (Path(__file__).parents[2], Path(__file__).parents[1])))}


@pytest.mark.only_on("linux", "darwin")
def test_a_kill_in_the_middle_of_ten_thousand_inserts_loses_at_most_a_second(make: OpenLedger, tmp_path: Path) -> None:
    """After kill -9 the file is whole and holds everything that was consumed more than a second before, row by whole row."""
    path = tmp_path / "usage.sqlite"
    consumed: list[tuple[float, int]] = []  # when the writer had so many requests
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=ENVIRON
    ) as writer:
        assert writer.stdin is not None
        assert writer.stdout is not None
        for number in range(0, 10_000, 10):
            writer.stdin.write(f"{number}\n")
            writer.stdin.flush()
            assert int(writer.stdout.readline()) == number
            consumed.append((time.monotonic(), number + 10))
            if number >= 5_000 and time.monotonic() - consumed[0][0] > 1.5:
                break
        writer.send_signal(signal.SIGKILL)
        killed = time.monotonic()
    assert writer.returncode == -signal.SIGKILL
    ledger = make(path, retention_days=100_000)
    assert ledger.start().problem == ""
    assert ledger.read(lambda db: db.execute("PRAGMA integrity_check").fetchall()).result(60) == [("ok",)]
    rows = ledger.read(recorded).result(60)
    assert len(rows) >= max((count for at, count in consumed if killed - at > 1.0), default=0)
    assert len(rows) <= consumed[-1][1]
    assert sorted(row.id for row in rows) == [f"{number:05}" for number in range(len(rows))]
    assert {row.input_tokens + row.cache_read_tokens + row.cache_write_tokens for row in rows} == {450}


def test_several_programs_may_use_one_file_at_once(tmp_path: Path) -> None:
    """Started at the same moment on a file that is not there yet, they all write, and no request is missing."""
    path = tmp_path / "usage.sqlite"
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER.replace("{number:05}", f"{name}-{{number:05}}"), str(path)],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, env=ENVIRON,
        )
        for name in "abcd"
    ]  # fmt: skip
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("".join(f"{number}\n" for number in range(0, 500, 10)))
        writer.stdin.close()
    assert [writer.wait(60) for writer in writers] == [0, 0, 0, 0]
    with closing(sqlite3.connect(path)) as connection:
        counts = connection.execute("SELECT substr(id, 1, 1), count(*) FROM request GROUP BY 1").fetchall()
    assert counts == [(name, 500) for name in "abcd"]
