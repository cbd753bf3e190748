"""Qt's messages reach the log with the right level."""

from __future__ import annotations

import logging
import subprocess
import sys

import pytest
from PySide6.QtCore import QtMsgType

from tray_app.runtime.qt_messages import LEVELS


def test_every_kind_of_message_has_a_level() -> None:
    """No kind that Qt has is missing, and a warning is a warning."""
    kinds = {QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg, QtMsgType.QtWarningMsg, QtMsgType.QtCriticalMsg}
    assert kinds < set(LEVELS)
    assert LEVELS[QtMsgType.QtWarningMsg] == logging.WARNING


@pytest.mark.parametrize(("call", "level"), [("qWarning", "WARNING"), ("qCritical", "ERROR")])
def test_a_message_of_qt_is_logged(call: str, level: str) -> None:
    """In a program of its own (the handler is the process's) a message comes out of the logging module."""
    program = (
        "import logging, PySide6.QtCore as core\n"
        "from tray_app.runtime.qt_messages import log_qt_messages\n"
        "logging.basicConfig(format='%(levelname)s %(name)s %(message)s')\n"
        f"log_qt_messages()\ncore.{call}('something is odd')\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stderr == f"{level} qt default: something is odd\n"
