"""Who holds a port and which one is free: what to tell the user when the stable port is taken.

Read from /proc where there is one; other systems tell nothing without privileges or extra tools, so there the answer is
"unknown". Nothing here changes anything.
"""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_LISTEN: Final = "0A"  # the state column of /proc/net/tcp
_TRIES: Final = 100
_READS: Final = 3  # the kernel hands the table out page by page, and a busy one may skip an entry between two pages
# EACCES: Windows reserves port ranges and answers "forbidden" instead of "in use".
TAKEN_ERRORS: Final = frozenset({errno.EADDRINUSE, errno.EACCES})


class PortTakenError(OSError):
    """The port is in use.

    Attributes:
        owner: the program that holds it, such as ``node (pid 4711)``, or empty if the system does not tell.
        free_port: the next port that is free, or None.
    """

    def __init__(self, host: str, port: int, owner: str, free_port: int | None) -> None:
        by = f" by {owner}" if owner else ""
        hint = f"; port {free_port} is free" if free_port else ""
        super().__init__(f"port {port} on {host} is taken{by}{hint}")
        self.port = port
        self.owner = owner
        self.free_port = free_port


def port_taken(host: str, port: int, proc: Path = Path("/proc")) -> PortTakenError:
    """The error to raise for a port that could not be bound."""
    return PortTakenError(host, port, owner_of(port, proc), next_free(host, port))


def next_free(host: str, port: int) -> int | None:
    """The first free port above `port`, or None within reach."""
    above = range(port + 1, min(port + 1 + _TRIES, 65_536))
    return next((candidate for candidate in above if is_free(host, candidate)), None)


def is_free(host: str, port: int) -> bool:
    """Whether the port could be bound right now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        if os.name == "posix":  # as the server does: connections that are still closing down do not hold a port
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def owner_of(port: int, proc: Path = Path("/proc")) -> str:
    """The program that listens on `port`, as far as this user may see; empty if unknown."""
    sockets: set[str] = set()
    for _ in range(_READS):
        sockets |= {f"socket:[{inode}]" for inode in _listening_inodes(port, proc)}
        if sockets:
            break
    for process in sorted(proc.glob("[0-9]*"), key=lambda path: int(path.name)):
        if _holds(process, sockets):
            return f"{_name(process)} (pid {process.name})"
    return ""


def _listening_inodes(port: int, proc: Path) -> Iterator[str]:
    for table in ("net/tcp", "net/tcp6"):
        try:
            lines = (proc / table).read_text().splitlines()[1:]
        except OSError:
            continue  # no /proc, or no IPv6
        for line in lines:
            fields = line.split()
            if fields[3] == _LISTEN and int(fields[1].rpartition(":")[2], 16) == port:
                yield fields[9]


def _holds(process: Path, sockets: set[str]) -> bool:
    try:
        return any(_target(link) in sockets for link in (process / "fd").iterdir())
    except OSError:
        return False  # another user's, or gone meanwhile


def _target(link: Path) -> str:
    try:
        return str(link.readlink())
    except OSError:
        return ""  # one file was closed meanwhile: the others still count


def _name(process: Path) -> str:
    try:
        return (process / "comm").read_text().strip() or "a program"
    except OSError:
        return "a program"
