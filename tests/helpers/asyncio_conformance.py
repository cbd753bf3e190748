"""Runs the tests that CPython has for its event loops against ours; a program of its own, for it needs signals."""

from __future__ import annotations

import os
import unittest

import test.test_asyncio.test_events as events
import test.test_asyncio.test_server as servers
import test.test_asyncio.test_sock_lowlevel as sockets

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import QCoreApplication

from tray_app.runtime.loop import QtLoop

APP = QCoreApplication([])


class EventTests(events.UnixEventLoopTestsMixin, events.SubprocessTestsMixin, events.test_utils.TestCase):
    """Callbacks, timers, sockets, pipes, signals, subprocesses."""

    def create_event_loop(self) -> QtLoop:
        return QtLoop(APP)


class SocketTests(sockets.BaseSockTestsMixin, events.test_utils.TestCase):
    """The low-level socket calls."""

    def create_event_loop(self) -> QtLoop:
        return QtLoop(APP)


class ServerTests(servers.BaseStartServer, unittest.TestCase):
    """Servers and their ends."""

    def new_loop(self) -> QtLoop:
        return QtLoop(APP)


if __name__ == "__main__":
    unittest.main()
