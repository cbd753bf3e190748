"""Who holds a port."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from tray_app.proxy.endpoint.ports import next_free, owner_of, port_taken


@pytest.mark.only_on("linux")
def test_the_owner_of_a_port_is_named() -> None:
    """This very process, by name and number, from the real /proc."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        assert owner_of(port).endswith(f"(pid {os.getpid()})")
        error = port_taken("127.0.0.1", port)
        assert f"(pid {os.getpid()})" in str(error)
        assert error.free_port is not None
        assert str(error.free_port) in str(error)
    assert owner_of(port) == ""


def test_without_proc_nothing_is_told(tmp_path: Path) -> None:
    """macOS and Windows: the message goes without."""
    error = port_taken("127.0.0.1", 9, tmp_path)
    assert error.owner == ""
    assert " by " not in str(error)


def test_another_users_process_is_passed_over(tmp_path: Path) -> None:
    """What may not be read is as if it were not there."""
    (tmp_path / "net").mkdir()
    (tmp_path / "net" / "tcp").write_text("head\n 0: 0100007F:0009 00000000:0000 0A 0 0 0 0 0 4242 1\n")
    (tmp_path / "7").mkdir()
    assert owner_of(9, tmp_path) == ""
    (tmp_path / "8" / "fd").mkdir(parents=True)
    (tmp_path / "8" / "fd" / "3").symlink_to("socket:[4242]")
    assert owner_of(9, tmp_path) == "a program (pid 8)"
    (tmp_path / "8" / "fd" / "1").write_text("closed between the listing and the look: no link any more")
    assert owner_of(9, tmp_path) == "a program (pid 8)"
    (tmp_path / "8" / "comm").write_text("node\n")
    assert owner_of(9, tmp_path) == "node (pid 8)"


def test_a_free_port_is_looked_for_above() -> None:
    """None when there is nothing left."""
    assert next_free("127.0.0.1", 65_535) is None
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        port = holder.getsockname()[1]
        found = next_free("127.0.0.1", port - 1)
    assert found is not None
    assert found > port
