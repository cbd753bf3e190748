"""The ledger behind the controller: the whole day's sums, what the page is told, files, and its trouble."""

from __future__ import annotations

import csv
import json
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from helpers.app_services import Stack, ask, kinds, stack
from helpers.ledger_events import finished, started
from helpers.signals import Listener
from tray_app.history.ledger import Ledger
from tray_app.history.overview import Span
from tray_app.history.prices import Price, Prices
from tray_app.history.record import local_day
from tray_app.history.schema import MIGRATIONS
from tray_app.proxy.hub import Batch
from tray_app.state import AppState, NoticeKind, ProblemKind, Totals

FLAT = Prices((Price(model="m", since=local_day(0.0), input=1000.0, output=1000.0),))


def earlier(folder: Path, *names: str) -> None:
    """Another program has counted these today: 450 tokens in, 20 out, 47 cents each."""
    ledger = Ledger(folder / "data" / "usage.sqlite", FLAT)
    ledger.start()
    for name in names:
        ledger.consume((started(name, time.time()), finished(name)))
    ledger.stop()


def happen(parts: Stack, *names: str) -> None:
    """These requests came and went."""
    events = [event for name in names for event in (started(name, time.time()), finished(name, time.time()))]
    parts.controller.observe(Batch(0, tuple(events), 0))


async def state(parts: Stack, wanted: Callable[[AppState], object]) -> AppState:
    """What is shown, once it is as wanted."""
    states = Listener(parts.controller.board.stateChanged)
    if not wanted(parts.controller.state):
        await states.until(wanted)
    return parts.controller.state


async def today(parts: Stack) -> Totals:
    """The sums on screen, once they are those of the day."""
    return (await state(parts, lambda state: state.today.since_midnight)).today


async def test_today_is_the_whole_day(tmp_path: Path) -> None:
    """What was counted before the start, by this program or another, and what has happened since."""
    earlier(tmp_path, "1", "2")
    async with stack(tmp_path) as parts:
        await parts.controller.start()
        sums = await today(parts)
        assert (sums.requests, sums.input_tokens, sums.output_tokens, sums.cached_tokens) == (2, 900, 40, 600)
        assert round(sums.cost_usd, 6) == 0.94
        happen(parts, "3")
        sums = parts.controller.state.today
        assert (sums.requests, sums.input_tokens, sums.unpriced) == (3, 1_350, 1)


async def test_the_page_is_told_and_the_day_put_right(tmp_path: Path) -> None:
    """A reading holds what another program has written meanwhile; the day's sums follow it."""
    async with stack(tmp_path) as parts:
        await parts.controller.start()
        await today(parts)
        changes = Listener(parts.controller.usage.changed)
        happen(parts, "1")
        earlier(tmp_path, "2")
        assert len(changes.seen) == 1
        readings = Listener(parts.controller.usage.overviewRead)
        parts.controller.usage.read(Span.TODAY)
        reading = await readings.until()
        assert (reading.totals.requests, parts.controller.state.today.requests) == (2, 2)


async def test_real_requests_are_counted(tmp_path: Path) -> None:
    """Through the proxy, to the Demo, into the file."""
    async with stack(tmp_path) as parts:
        await parts.controller.start()
        await today(parts)
        assert await ask(parts) == 200
        parts.controller.observe(parts.hub.read())
        sums = parts.controller.state.today
        assert sums.requests == 1
        assert (sums.unpriced, sums.cost_usd) == (0, 0.0), "the Demo is free"
    with closing(sqlite3.connect(tmp_path / "data" / "usage.sqlite")) as connection:
        assert connection.execute("SELECT profile_id, outcome FROM request").fetchall() == [("demo", "finished")]


async def test_exports_hold_everything(tmp_path: Path) -> None:
    """A file of the form that was asked for."""
    earlier(tmp_path, "1", "2")
    async with stack(tmp_path) as parts:
        await parts.controller.start()
        written = Listener(parts.controller.usage.exported)
        parts.controller.usage.export("requests", "csv", str(tmp_path / "out.csv"))
        assert await written.until() == str(tmp_path / "out.csv")
        with (tmp_path / "out.csv").open(newline="") as file:
            assert [row["id"] for row in csv.DictReader(file)] == ["1", "2"]
        parts.controller.usage.export("daily", "json", str(tmp_path / "out.json"))
        await written.until(lambda path: path.endswith("json"))
        assert [day["requests"] for day in json.loads((tmp_path / "out.json").read_text())] == [2]


async def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """With its path."""
    (tmp_path / "out.csv").mkdir()
    async with stack(tmp_path) as parts:
        await parts.controller.start()
        parts.controller.usage.export("daily", "csv", str(tmp_path / "out.csv"))
        await state(parts, lambda state: ProblemKind.SAVE_FAILED in kinds(state))
        assert "out.csv cannot be written" in parts.controller.state.problems[0].detail


async def test_a_ledger_that_cannot_be_used_costs_no_request(tmp_path: Path) -> None:
    """The client gets its answer, the user hears what is wrong and how much was not counted."""
    (tmp_path / "data").mkdir()
    with closing(sqlite3.connect(tmp_path / "data" / "usage.sqlite")) as connection:
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    async with stack(tmp_path) as parts:
        await parts.controller.start()
        await state(parts, lambda state: kinds(state) == [ProblemKind.LEDGER])
        assert await ask(parts) == 200
        parts.controller.observe(parts.hub.read())
        (problem,) = parts.controller.state.problems
        assert "newer version" in problem.detail
        assert problem.count == 1
        assert (parts.controller.state.today.requests, parts.controller.state.today.since_midnight) == (1, False)
        answers = Listener(parts.controller.usage.unavailable)
        parts.controller.usage.read(Span.TODAY)
        assert "newer version" in await answers.until()
        parts.controller.usage.export("daily", "csv", str(tmp_path / "out.csv"))
        await state(parts, lambda state: ProblemKind.SAVE_FAILED in kinds(state))


async def test_a_full_disk_is_a_problem_until_it_is_over(tmp_path: Path) -> None:
    """It is told by the ledger itself, whoever writes next."""
    async with stack(tmp_path) as parts:
        await parts.controller.start()
        await today(parts)
        parts.ledger.read(lambda db: db.execute("PRAGMA query_only = ON")).result(30)
        happen(parts, "1")
        await state(parts, lambda state: kinds(state) == [ProblemKind.LEDGER])
        parts.ledger.read(lambda db: db.execute("PRAGMA query_only = OFF")).result(30)
        happen(parts, "2")
        await state(parts, lambda state: kinds(state) == [])
        assert parts.ledger.read(lambda db: db.execute("SELECT count(*) FROM request").fetchone()).result(30) == (2,)


async def test_the_budget_is_told_when_it_is_reached_and_not_at_the_next_start(tmp_path: Path) -> None:
    """What had been spent before the start is no news."""
    async with stack(tmp_path) as parts:
        await parts.controller.start()
        await today(parts)
        notices = Listener(parts.controller.activity.noticeRaised)
        limited = msgspec.structs.replace(parts.controller.state.settings, daily_budget_usd=0.9)
        parts.controller.board.publish(settings=limited)
        parts.controller.activity.use_prices(FLAT)
        happen(parts, "1")
        assert notices.seen == []
        happen(parts, "2")
        happen(parts, "3")
        assert [notice.kind for notice in notices.seen] == [NoticeKind.BUDGET_REACHED]
        raised = msgspec.structs.replace(limited, daily_budget_usd=1.0)
        parts.controller.board.publish(settings=raised)
        happen(parts, "4")
        assert len(notices.seen) == 2, "another budget is another matter"
    earlier(tmp_path, "5", "6")
    async with stack(tmp_path, settings=raised) as parts:
        notices = Listener(parts.controller.activity.noticeRaised)
        await parts.controller.start()
        await today(parts)
        happen(parts, "7")
        assert notices.seen == []


async def test_the_retention_follows_the_settings(tmp_path: Path) -> None:
    """From the next roll-up on."""
    async with stack(tmp_path) as parts:
        longer = msgspec.structs.replace(parts.controller.state.settings, retention_days=90)
        parts.controller.board.publish(settings=longer)
        assert parts.ledger.retention_days == 90


async def test_a_program_that_ends_while_it_begins_to_count_is_not_in_trouble(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The ledger was opened, and closed before the day's sums were asked for."""
    async with stack(tmp_path) as parts:
        opening = parts.controller.usage._ledger.begin()
        opening.result(timeout=10)
        parts.controller.usage._ledger.stop()
        monkeypatch.setattr(Ledger, "begin", lambda _: opening)
        await parts.controller.usage._open()
        assert parts.controller.state.today.since_midnight is False
