"""One run of the tray application, from the first icon to the last goodbye.

Every way to end it (menu, keyboard, `--quit`, SIGTERM, SIGINT, the end of the session) sets one event, after which running
answers get a few seconds to finish. Imported when the icon is already on the screen; what takes longer still (aiohttp) is
imported on a thread, while the keyring is asked. Counterpart: `app.py`, which starts it.
"""

from __future__ import annotations

import asyncio
import importlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtWidgets import QApplication

from tray_app.desktop.paths import Paths
from tray_app.desktop.single_instance import SingleInstance, Wish
from tray_app.desktop.tray_host import TrayHostWatcher
from tray_app.desktop.unix_signals import UnixSignals
from tray_app.desktop.wake_watch import WakeWatch
from tray_app.profiles.keyring_process import system_keyring
from tray_app.runtime import garbage
from tray_app.state import Problem, ProblemKind
from tray_app.ui.tray import Tray

if TYPE_CHECKING:  # heavy: imported on a thread, see `_live`
    from tray_app.control.controller import Controller
    from tray_app.services import Built
    from tray_app.wiring.wiring import Wiring

DRAIN_S: Final = 5.0
WINDOW_FILE: Final = "window.ini"  # how the user has arranged the window
TRAY_GRACE_MS: Final = 1_500
LOGIN_TRAY_GRACE_MS: Final = 15_000  # at login the panel may well start after us


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
        self._tray_hosts = TrayHostWatcher()
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
        keyring = system_keyring(sys.platform)
        # On a thread and in a process, so that the icon and its menu answer meanwhile.
        services, status = await asyncio.gather(
            asyncio.to_thread(importlib.import_module, "tray_app.services"), keyring.status()
        )
        built: Built = await services.build(self._locations, os.environ, Path.home(), keyring, status)
        try:
            if not self._ended.is_set():
                await self._wire(built)
                await self._ended.wait()
            await self._say_goodbye()
        finally:
            await built.close()

    async def _wire(self, built: Built) -> None:
        from tray_app.control.controller import Controller
        from tray_app.wiring.wiring import Wiring

        controller = self._controller = Controller(built.services)
        wiring = self._wiring = Wiring(self._tray, controller, built.hub, self._locations.state / WINDOW_FILE)
        controller.quitRequested.connect(self._ended.set)
        wiring.quitRequested.connect(self._ended.set)
        self._show_uncaught()
        wiring.start()
        await controller.start()
        shown = built.first_start or controller.state.settings.show_window
        if self._raise_wished or (shown and not self._minimized):
            wiring.open_window()
        self._watch_tray_host()
        self._watch_network()
        garbage.settle()

    async def _say_goodbye(self) -> None:
        if self._wiring is None or self._controller is None:
            return
        # PySide calls a method of an object that is gone, and the process ends with a crash instead of its status.
        self._tray_hosts.stop()
        self._wiring.close_window()
        await self._controller.stop(DRAIN_S)
        self._wiring.stop()

    # -- ways to end, and to come back

    def _listen_for_the_end(self) -> Callable[[], None]:
        signals = UnixSignals()
        signals.received.connect(self._ended.set)
        signals.start()
        self._instance.wished.connect(self._grant)
        self._tray.menu.quitRequested.connect(self._ended.set)
        self._app.aboutToQuit.connect(self._ended.set)
        return signals.stop

    def _grant(self, wish: object) -> None:
        if wish is Wish.QUIT:
            self._ended.set()
        elif self._wiring is not None:
            self._wiring.open_window()
        else:
            self._raise_wished = True

    # -- the tray host

    def _watch_tray_host(self) -> None:
        self._tray_hosts.arrived.connect(self._tray_host_arrived)
        self._tray_hosts.missing.connect(self._check_tray)
        self._tray_hosts.start(LOGIN_TRAY_GRACE_MS if self._minimized else TRAY_GRACE_MS)

    def _watch_network(self) -> None:
        assert self._controller is not None
        watch = WakeWatch(self._wiring)
        watch.changed.connect(self._controller.providers.reset_connections)
        watch.start()

    def _tray_host_arrived(self) -> None:
        self._tray.remake()
        self._check_tray()

    def _check_tray(self) -> None:
        assert self._controller is not None
        assert self._wiring is not None
        if self._tray.is_available():
            self._controller.board.settle(ProblemKind.NO_TRAY)
        else:
            self._controller.board.report(Problem(ProblemKind.NO_TRAY))
            self._wiring.open_window()

    # -- errors nobody caught

    def _show_uncaught(self) -> None:
        log_it, controller = sys.excepthook, self._controller

        def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> Any:
            log_it(kind, error, trace)
            if controller is not None and not issubclass(kind, KeyboardInterrupt):
                controller.board.report(Problem(ProblemKind.UNEXPECTED, f"{kind.__name__} (see the log)"))

        sys.excepthook = hook
