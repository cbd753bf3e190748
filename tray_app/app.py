"""Starts the tray application: checks, one instance, the icon, then everything else.

The icon comes first: what is not needed for it is imported while it is on the screen. Counterparts: `cli.py`, which calls
this, and `program.py`, which lives on from here.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Final

from tray_app.runtime.versions import broken_pair

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from tray_app.desktop.paths import Paths
    from tray_app.desktop.single_instance import SingleInstance

FAILED: Final = 1


def main(*, minimized: bool = False, quit_running: bool = False) -> int:
    """Run the tray application until it is told to end; returns the exit status."""
    if problem := broken_pair():
        return _refuse(problem)
    from tray_app.desktop.paths import DirectoryError, paths

    try:
        locations = paths(os.environ).create()
    except DirectoryError as error:
        return _refuse(str(error))
    app = _make_application()
    from tray_app.desktop.single_instance import NotAnsweringError, SingleInstance, Wish

    instance = SingleInstance(locations.runtime)
    try:
        if not instance.acquire():
            instance.hand_over(Wish.QUIT if quit_running else Wish.RAISE)
            return 0
    except (NotAnsweringError, OSError) as error:
        return _refuse(str(error))
    if quit_running:
        instance.release()
        return 0
    try:
        return _run(app, instance, locations, minimized=minimized)
    finally:
        instance.release()


def _refuse(message: str) -> int:
    sys.stderr.write(f"dragoman: {message}\n")
    return FAILED


def _make_application() -> QApplication:
    from PySide6.QtWidgets import QApplication

    from tray_app.runtime.pyside import restore_import

    restore_import()
    from tray_app.runtime.qt_messages import log_qt_messages

    log_qt_messages()
    app = QApplication(sys.argv[:1])
    app.setApplicationName("Dragoman")
    app.setDesktopFileName("dragoman")
    app.setQuitOnLastWindowClosed(False)
    return app


def _run(app: QApplication, instance: SingleInstance, locations: Paths, *, minimized: bool) -> int:
    from tray_app.ui import language
    from tray_app.ui.tray import Tray

    language.use("")  # as the system says, until the settings are read
    tray = Tray()
    tray.show()
    try:
        instance.listen()
    except OSError as error:
        return _refuse(str(error))
    from tray_app.program import Program
    from tray_app.runtime import logs
    from tray_app.runtime.loop import run
    from tray_app.translation.redaction import redact

    logs.to_file(locations.state, redact)
    logs.log_uncaught()
    try:
        return run(app, Program(app, instance, tray, locations, minimized=minimized).run())
    finally:
        tray.hide()
        logs.stop()
