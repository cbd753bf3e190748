"""The tray application: builds it, wires it, runs it, and takes it down in order.

The icon comes first; what takes long to import follows while it is on the screen. Every way to end the program (menu,
keyboard, `--quit`, SIGTERM, SIGINT, the end of the session) sets one event, after which running answers get a few seconds
to finish and the exit code is 0.
"""

from __future__ import annotations

import asyncio
import importlib
import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final

from tray_app.runtime.versions import broken_pair

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from tray_app.controller import Controller
    from tray_app.desktop.paths import Paths
    from tray_app.desktop.single_instance import SingleInstance
    from tray_app.services import Built
    from tray_app.ui.tray import Tray
    from tray_app.wiring import Wiring

FAILED: Final = 1
DRAIN_S: Final = 5.0
TRAY_GRACE_MS: Final = 1_500
LOGIN_TRAY_GRACE_MS: Final = 15_000  # at login the panel may well start after us

_log = logging.getLogger(__name__)


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

    from tray_app.runtime.qt_messages import log_qt_messages

    log_qt_messages()
    app = QApplication(sys.argv[:1])
    app.setApplicationName("Dragoman")
    app.setDesktopFileName("dragoman")
    app.setQuitOnLastWindowClosed(False)
    return app


def _run(app: QApplication, instance: SingleInstance, locations: Paths, *, minimized: bool) -> int:
    from tray_app.ui.tray import Tray

    tray = Tray()
    tray.show()
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


class Program:
    """One run of the application, from the first icon to the last goodbye."""

    def __init__(
        self, app: QApplication, instance: SingleInstance, tray: Tray, locations: Paths, *, minimized: bool
    ) -> None:
        self._app = app
        self._instance = instance
        self._tray = tray
        self._locations = locations
        self._minimized = minimized
        self._ended = asyncio.Event()
        self._raise_wished = False
        self._controller: Controller | None = None
        self._wiring: Wiring | None = None

    async def run(self) -> int:
        """Everything between the icon and the exit status."""
        stop_listening = self._listen_for_the_end()
        try:
            await self._live()
        finally:
            stop_listening()
        return 0

    async def _live(self) -> None:
        # On a thread, so that the icon and its menu answer meanwhile.
        services = await asyncio.to_thread(importlib.import_module, "tray_app.services")
        built: Built = await services.build(self._locations, os.environ, Path.home())
        try:
            if not self._ended.is_set():
                await self._wire(built)
                await self._ended.wait()
            await self._say_goodbye()
        finally:
            await built.close()

    async def _wire(self, built: Built) -> None:
        from tray_app.controller import Controller
        from tray_app.wiring import Wiring

        controller = self._controller = Controller(built.services)
        wiring = self._wiring = Wiring(self._tray, controller, built.hub, built.services.settings)
        controller.quitRequested.connect(self._ended.set)
        wiring.quitRequested.connect(self._ended.set)
        self._show_uncaught()
        wiring.start()
        await controller.start()
        if self._raise_wished or (built.first_start and not self._minimized):
            wiring.open_window()
        self._watch_tray_host()

    async def _say_goodbye(self) -> None:
        if self._wiring is None or self._controller is None:
            return
        self._wiring.close_window()
        await self._controller.stop(DRAIN_S)
        self._wiring.stop()

    # -- ways to end, and to come back

    def _listen_for_the_end(self) -> Callable[[], None]:
        from tray_app.desktop.unix_signals import UnixSignals

        signals = UnixSignals()
        signals.received.connect(self._ended.set)
        signals.start()
        self._instance.wished.connect(self._grant)
        self._tray.menu.quitRequested.connect(self._ended.set)
        self._app.aboutToQuit.connect(self._ended.set)
        return signals.stop

    def _grant(self, wish: object) -> None:
        from tray_app.desktop.single_instance import Wish

        if wish is Wish.QUIT:
            self._ended.set()
        elif self._wiring is not None:
            self._wiring.open_window()
        else:
            self._raise_wished = True

    # -- the tray host

    def _watch_tray_host(self) -> None:
        from PySide6.QtCore import QTimer

        from tray_app.desktop.tray_host import TrayHostWatcher

        watcher = TrayHostWatcher(self._wiring)
        watcher.arrived.connect(self._tray_host_arrived)
        watcher.start()
        grace_ms = LOGIN_TRAY_GRACE_MS if self._minimized else TRAY_GRACE_MS
        QTimer.singleShot(grace_ms, watcher, self._check_tray)

    def _tray_host_arrived(self) -> None:
        self._tray.remake()
        self._check_tray()

    def _check_tray(self) -> None:
        from tray_app.state import Problem, ProblemKind

        assert self._controller is not None
        assert self._wiring is not None
        if self._tray.is_available():
            self._controller.settle(ProblemKind.NO_TRAY)
        else:
            self._controller.report(Problem(ProblemKind.NO_TRAY))
            self._wiring.open_window()

    # -- errors nobody caught

    def _show_uncaught(self) -> None:
        from tray_app.state import Problem, ProblemKind

        log_it, controller = sys.excepthook, self._controller

        def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> Any:
            log_it(kind, error, trace)
            if controller is not None and not issubclass(kind, KeyboardInterrupt):
                controller.report(Problem(ProblemKind.UNEXPECTED, f"{kind.__name__} (see the log)"))

        sys.excepthook = hook
