"""The tray application in the long run: how late its window's timers are under load, what it weighs, whether it ever wakes.

One process, watched from its start: idle, with many streams while the window is closed, the same with the window open on
the list of requests, closed again, and after a million events. Counterpart: `tray.py`, the application with a probe in it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import uvloop

from performance.contestants import Stage, open_stage, tray, tray_variables
from performance.load import Job, drive
from performance.processes import ROOT, BenchError, Child, wakes
from performance.report import aligned, number, quantile
from performance.script import request
from tray_app.wiring.tidying import QUIET_MS

STREAMS: Final = 50
SETTLE_S: Final = 3.0  # timers that were set at the start, and the pool's threads, have come to their end
TIDIED_S: Final = QUIET_MS / 1_000 + 3.0  # memory has been given back
IDLE_S: Final = 5.0
LOAD_S: Final = 6
MANY: Final = 1_000_000
BURST: Final = 2_000


@dataclass(frozen=True)
class Loaded:
    """What was seen under load. Lateness in ms, CPU in µs per event, `stream_mb` of memory more per open stream."""

    late_p50: float
    late_p99: float
    late_max: float
    cpu_us: float
    stream_mb: float


@dataclass(frozen=True)
class Rest:
    """What was seen with nothing to do: `wakes` and CPU time in ms over `IDLE_S` seconds, memory in MB."""

    wakes: int
    cpu_ms: float
    memory: float


def measure(folder: Path, options: argparse.Namespace) -> tuple[str, Any]:
    """Everything once; `options.rounds` makes the time under load longer."""
    seconds = LOAD_S * options.rounds
    with ExitStack() as stack:
        stage = open_stage(folder, stack)
        child = tray(stage)
        stack.callback(child.stop)
        rest, loaded = {}, {}
        rest["window never opened"] = at_rest(child)
        loaded["closed, 50 x 100 events/s"] = under_load(child, stage, 100, seconds)
        loaded["closed, 50 x 50 events/s"] = under_load(child, stage, 50, seconds)
        open_window(child, stage)
        loaded["open, 50 x 50 events/s"] = under_load(child, stage, 50, seconds)
        rest["window open"] = at_rest(child)
        ordered(child, "close")
        rest["window closed again"] = at_rest(child, TIDIED_S)
        flood(child, stage)
        rest["after a million events"] = at_rest(child, TIDIED_S)
    return shown(rest, loaded), {"rest": _values(rest), "load": _values(loaded), "streams": STREAMS}


def at_rest(child: Child, settle_s: float = SETTLE_S) -> Rest:
    """Watch it do nothing, after some seconds to come to rest."""
    _pause(settle_s)
    switches, cpu = child.switches(), child.cpu_s()
    _pause(IDLE_S)
    return Rest(wakes(switches, child.switches()), (child.cpu_s() - cpu) * 1_000, child.memory_mb())


def under_load(child: Child, stage: Stage, per_second: int, seconds: int) -> Loaded:
    """Many streams at a pace, for some seconds; the memory is read halfway."""
    pieces = per_second * seconds
    body = request(child.port, stage.token, f"trickle-{pieces}-{1_000 // per_second}", stream=True)
    ordered(child, "tick")
    memory, cpu = child.memory_mb(), child.cpu_s()
    halfway = uvloop.run(_halfway(Job(child.port, body, STREAMS, STREAMS), child, seconds / 2))
    cpu = child.cpu_s() - cpu
    late = ordered(child, "report")["late_ms"]
    return Loaded(
        late_p50=quantile(late, 0.5),
        late_p99=quantile(late, 0.99),
        late_max=max(late, default=0.0),
        cpu_us=cpu / (pieces * STREAMS) * 1e6,
        stream_mb=(halfway - memory) / STREAMS,
    )


async def _halfway(job: Job, child: Child, seconds: float) -> float:
    running = asyncio.ensure_future(drive(job))  # noqa: TID251 -- the application's spawn() is not for other programs
    await asyncio.wait([running], timeout=seconds)
    memory = child.memory_mb()
    await running
    return memory


def open_window(child: Child, stage: Stage) -> None:
    """As a person does it who starts the program a second time; then go to the requests."""
    command = [sys.executable, "-m", "tray_app"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **tray_variables(stage)}
    subprocess.run(command, cwd=ROOT, env=environment, timeout=30, check=True)
    if not ordered(child, "requests")["open"]:
        raise BenchError("the window did not open")


def ordered(child: Child, order: str) -> Any:
    """The answer to an order, see `tray.py`."""
    child.tell(order)
    return json.loads(child.expect(rb"\{.*\}(?=\n)")[0])


def flood(child: Child, stage: Stage) -> None:
    """A million events."""
    body = request(child.port, stage.token, f"burst-{BURST}", stream=True)
    uvloop.run(drive(Job(child.port, body, 8, MANY // BURST)))


def _pause(seconds: float) -> None:
    """Let the other process do what it does when nobody disturbs it."""
    threading.Event().wait(seconds)


def _values(found: Mapping[str, Rest | Loaded]) -> dict[str, dict[str, float]]:
    return {name: asdict(one) for name, one in found.items()}


# --- the tables


def shown(rest: Mapping[str, Rest], loaded: Mapping[str, Loaded]) -> str:
    """Two tables: under load, and at rest."""
    load: list[Sequence[str]] = [
        ("under load", "", "timer late p50 ms", "p99", "worst", "CPU µs / event", "MB / stream")
    ]
    load += [
        (name, "", *map(number, (one.late_p50, one.late_p99, one.late_max, one.cpu_us, one.stream_mb)))
        for name, one in loaded.items()
    ]
    still: list[Sequence[str]] = [("at rest", "", f"wakes in {IDLE_S:g} s", "CPU ms", "memory MB")]
    still += [(name, "", str(one.wakes), number(one.cpu_ms), number(one.memory)) for name, one in rest.items()]
    return f"{aligned(load)}\n\n{aligned(still)}"
