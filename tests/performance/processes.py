"""The processes of the benchmark: started, found by their port, given a core each, their CPU time read, ended.

Linux only: there the CPU clock of another process can be read to the nanosecond, and its memory from /proc.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import re
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Final

from helpers.waiting import until

ROOT: Final = Path(__file__).resolve().parents[2]
START_S: Final = 30.0
STOP_S: Final = 10.0
PORT: Final = rb"(?:port |127\.0\.0\.1:)(\d+)"


class BenchError(Exception):
    """The benchmark cannot go on; the message says why."""


class Child:
    """A program; its port is given, or said on stdout: ``port 1234``, or an address that ends in it."""

    def __init__(
        self, command: list[str], variables: Mapping[str, str], log: Path, core: int | None, port: int = 0
    ) -> None:
        self.log = log
        with log.open("ab") as errors:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": f"{ROOT / 'tests'}{os.pathsep}{ROOT}", **variables},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
            )
        pin(self.process.pid, core)
        self._port = port

    @property
    def port(self) -> int:
        """Where it listens; waits until it says so. Raises BenchError if it does not."""
        if not self._port:
            said = self.expect(PORT)
            self._port = int(said[1])
        return self._port

    def wait_until_it_listens(self) -> None:
        """For a program that says nothing. Raises TimeoutError."""
        until(lambda: _answers(self.port), f"an answer on port {self.port}", START_S)

    def expect(self, pattern: bytes, timeout_s: float = START_S) -> re.Match[bytes]:
        """The first match in what it writes to stdout from now on. Raises BenchError if it ends or takes too long."""
        end, said = time.monotonic() + timeout_s, b""
        pipe = self._pipe(self.process.stdout)
        while (found := re.search(pattern, said)) is None:
            ready, _, _ = select.select([pipe], [], [], max(0.0, end - time.monotonic()))
            more = os.read(pipe.fileno(), 65_536) if ready else b""
            if not more:
                words = self.log.read_text(errors="replace")[-2_000:]
                raise BenchError(f"{' '.join(self.process.args[:4])} says {said!r}, then nothing\n{words}")
            said += more
        return found

    def tell(self, line: str) -> None:
        """Write a line to its stdin."""
        pipe = self._pipe(self.process.stdin)
        pipe.write(line.encode() + b"\n")
        pipe.flush()

    @staticmethod
    def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
        assert pipe is not None
        return pipe

    def cpu_s(self) -> float:
        """CPU time of the process so far, all threads, in seconds."""
        return time.clock_gettime((~self.process.pid << 3) | 2)  # what clock_getcpuclockid(3) gives on Linux

    def memory_mb(self) -> float:
        """Resident memory, in MB of 2**20 bytes."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGESIZE") / (1 << 20)

    def switches(self) -> dict[str, int]:
        """Per thread, how often it went to sleep so far, that is: how often something woke it."""
        found = {}
        for task in Path(f"/proc/{self.process.pid}/task").iterdir():
            with contextlib.suppress(OSError):  # the thread has ended
                lines = (task / "status").read_text().splitlines()
                found[task.name] = next(int(line.split()[1]) for line in lines if line.startswith("voluntary"))
        return found

    def stop(self) -> None:
        """End it, kindly first."""
        self.process.send_signal(signal.SIGTERM)
        with contextlib.suppress(BrokenPipeError):
            self._pipe(self.process.stdin).close()
        try:
            self.process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._pipe(self.process.stdout).close()


def free_port() -> int:
    """A port that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wakes(before: Mapping[str, int], after: Mapping[str, int]) -> int:
    """Wake-ups between two counts of `Child.switches`; threads that have ended are left out, new ones count in full."""
    return sum(count - before.get(thread, 0) for thread, count in after.items())


def require_linux() -> None:
    """Raise BenchError on other systems."""
    if sys.platform != "linux":
        raise BenchError("the benchmark needs Linux: it reads the CPU clock of other processes")


def cores() -> tuple[int | None, int | None]:
    """A core for load and upstream and one for the proxies; none where there is only one to share."""
    allowed = sorted(os.sched_getaffinity(0))
    return (allowed[0], allowed[1]) if len(allowed) > 1 else (None, None)


def pin(pid: int, core: int | None) -> None:
    """Keep a process (0: this one) on one core."""
    if core is not None:
        os.sched_setaffinity(pid, {core})


def end_with_parent() -> None:
    """Have the system end this process when the one that started it is gone, however that happened."""
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)
