"""The benchmark: how much of the processor a proxy takes for itself, beside a byte relay in the same run.

    python3 packaging/dev.py bench                the table (about a minute)
    python3 packaging/dev.py bench --rounds 9     steadier medians
    python3 packaging/dev.py bench ui             the tray application's window, memory and idleness

What is compared is the CPU time of the proxy's own process: it holds on a busy machine, where wall time does not. All
contestants run from the beginning to the end and take turns within a round, so that a slow minute is slow for each of
them. Nothing passes or fails here. Counterparts: `contestants.py`, `upstream.py`, `load.py`, `report.py`, `ui.py`.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import uvloop

from performance import report, ui
from performance.contestants import CONTESTANTS, Contestant, Stage, open_stage
from performance.load import Job, drive
from performance.processes import BenchError, Child, cores, pin, require_linux
from performance.report import Sample
from performance.script import BIG_PROMPT, SMALL_PROMPT, plan_of, request, text, text_of

BASE: Final = "relay"
FAILED: Final = 1


@dataclass(frozen=True)
class Work:
    """A workload: what is asked, how often; `per_event` divides by the upstream's events instead of the requests."""

    row: str
    model: str
    stream: bool
    connections: int
    requests: int
    scale: float  # of a second, for the unit of the row
    prompt: int = SMALL_PROMPT
    per_event: bool = False

    def job(self, port: int, token: str) -> Job:
        body = request(port, token, self.model, stream=self.stream, prompt=self.prompt)
        return Job(port, body, self.connections, self.requests)

    @property
    def units(self) -> int:
        """What the CPU time is divided by."""
        events = plan_of(f'"model":"{self.model}"'.encode()).pieces if self.per_event else 1
        return self.requests * events


WORKS: Final = (
    Work("burst", "burst-2000", stream=True, connections=8, requests=16, scale=1e6, per_event=True),
    Work("trickle", "trickle-75-20", stream=True, connections=20, requests=20, scale=1e6, per_event=True),
    Work("small", "plain-500", stream=False, connections=8, requests=200, scale=1e6),
    Work("big", "plain-500", stream=False, connections=1, requests=8, scale=1e3, prompt=BIG_PROMPT),
    Work("ttft", "trickle-3-1", stream=True, connections=1, requests=60, scale=1.0),
)


def arguments() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(prog="dev.py bench", description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("what", nargs="?", choices=["proxy", "ui"], default="proxy", help="default: %(default)s")
    parser.add_argument(
        "--rounds", type=_positive, default=3, help="times that each is measured (default: %(default)s)"
    )
    parser.add_argument("--only", metavar="ROW", choices=[work.row for work in WORKS], help="one workload")
    parser.add_argument("--json", metavar="FILE", type=Path, help="write every value there as well")
    return parser


def _positive(words: str) -> int:
    if not words.isdecimal() or not int(words):
        raise argparse.ArgumentTypeError(f"not a number of rounds: {words}")
    return int(words)


def main(given: Sequence[str] | None = None) -> int:
    """Measure and print; returns the exit status."""
    options = arguments().parse_args(given)
    try:
        require_linux()
        pin(0, cores()[0])
        with tempfile.TemporaryDirectory(prefix="dragoman-bench-") as folder:
            measure: Callable[[Path, argparse.Namespace], tuple[str, Any]] = (
                ui.measure if options.what == "ui" else compare
            )
            shown, values = measure(Path(folder), options)
    except (BenchError, TimeoutError) as error:
        sys.stderr.write(f"bench: {error}\n")
        return FAILED
    say(f"\n{shown}\n\n{machine()}")
    if options.json:
        options.json.write_text(json.dumps({"machine": machine(), **values}, indent=1) + "\n", encoding="utf-8")
    return 0


def say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def machine() -> str:
    """What it ran on, and how busy that was."""
    load = os.getloadavg()[0]
    return f"Python {platform.python_version()}, {os.cpu_count()} cores, load {load:.1f} ({platform.machine()})"


# --- the table


def compare(folder: Path, options: argparse.Namespace) -> tuple[str, Any]:
    """Every contestant, every workload, in turns."""
    works = [work for work in WORKS if options.only in (None, work.row)]
    samples: list[Sample] = []
    with ExitStack() as stack:
        stage = open_stage(folder, stack)
        running = {one: started(one, stage, stack) for one in CONTESTANTS}
        samples += [Sample("memory", one.name, child.memory_mb()) for one, child in running.items()]
        for one, child in running.items():
            uvloop.run(check(one, child, stage, works))
        for number in range(options.rounds):
            say(f"round {number + 1} of {options.rounds}")
            for work in works:
                samples += [Sample(work.row, one.name, measured(work, running[one], stage)) for one in CONTESTANTS]
    labels = {one.name: one.label for one in CONTESTANTS}
    return report.table(samples, labels, BASE), report.as_json(samples, labels, BASE)


def started(one: Contestant, stage: Stage, stack: ExitStack) -> Child:
    """A contestant that listens, and ends with `stack`."""
    child = one.start(stage)
    stack.callback(child.stop)
    say(f"{one.label} listens on port {child.port}")
    return child


async def check(one: Contestant, child: Child, stage: Stage, works: Sequence[Work]) -> None:
    """One whole answer of each kind, read to the last letter: who is fast and wrong has not finished. Warms up, too."""
    for work in works:
        job = await drive(replace(work.job(child.port, stage.token), requests=1, keep=True))
        got, wanted = text_of(job.last, translated=one.name != BASE), text(plan_of(job.request))
        if got != wanted:
            raise BenchError(
                f"{one.label}: the text of {work.model} is not what the upstream sent: {got[-200:]!r}, {wanted[-200:]!r}"
            )


def measured(work: Work, child: Child, stage: Stage) -> float:
    """One value, in the unit of the row."""
    before = child.cpu_s()
    job = uvloop.run(drive(work.job(child.port, stage.token)))
    if work.row == "ttft":
        return statistics.median(job.first_ms)
    return (child.cpu_s() - before) / work.units * work.scale


if __name__ == "__main__":
    sys.exit(main())
