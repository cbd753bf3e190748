"""Puts the areas together: what the services are is handed in, the state is one value, starting and stopping have an order.

Qt's core only: it knows no window. Counterparts: `tray_app/wiring` (the views) and `services.py` (which builds them).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from tray_app.clients.claude_code import ClaudeCode
from tray_app.control.activity import Activity
from tray_app.control.board import Board
from tray_app.control.clients import ClientsControl
from tray_app.control.diagnostics import DiagnosticsControl, Sources
from tray_app.control.library import Library
from tray_app.control.prices import PricesControl
from tray_app.control.providers import ListModels, ProvidersControl, TryProfile
from tray_app.control.proxy import ProxyControl, SendTestMessage
from tray_app.control.recordings import Recordings
from tray_app.control.settings import SettingsControl
from tray_app.control.transfers import TransfersControl
from tray_app.control.usage import UsageControl
from tray_app.desktop.autostart import Autostart
from tray_app.history.ledger import Ledger
from tray_app.history.price_file import PriceFile
from tray_app.profiles.secrets import Secrets
from tray_app.profiles.settings import Settings, SettingsStore
from tray_app.proxy.endpoint.server import ProxyServer
from tray_app.proxy.events import RequestProgress
from tray_app.proxy.hub import Batch
from tray_app.proxy.recorder import Recorder
from tray_app.state import AppState, Problem, TokenStatus


@dataclass(frozen=True, kw_only=True)
class Services:
    """What the controller works with. `now` is Unix time in seconds."""

    server: ProxyServer
    recorder: Recorder
    library: Library
    secrets: Secrets
    settings: Settings
    settings_store: SettingsStore
    autostart: Autostart
    claude: ClaudeCode
    try_profile: TryProfile
    list_models: ListModels
    send_test_message: SendTestMessage
    now: Callable[[], float]
    token: TokenStatus
    ledger: Ledger
    price_file: PriceFile
    diagnostics: Sources
    problems: tuple[Problem, ...] = ()


class Controller(QObject):
    """The areas, by name, and the `board` they publish to.

    Signals:
        quitRequested(): the program shall end.
    """

    quitRequested = Signal()

    def __init__(self, services: Services, parent: QObject | None = None) -> None:
        super().__init__(parent)
        state = AppState(ready=True, token=services.token, settings=services.settings, problems=services.problems)
        board = self.board = Board(state, self)
        self.proxy = ProxyControl(board, services.server, services.secrets, services.send_test_message)
        self.settings = SettingsControl(board, services.settings_store, services.autostart, self.proxy)
        self.providers = ProvidersControl(
            board, services.library, services.try_profile, services.list_models, services.now
        )
        self.clients = ClientsControl(board, services.claude, self.proxy)
        self.transfers = TransfersControl(board, services.library)
        self.activity = Activity(board, services.now)
        self.usage = UsageControl(board, services.ledger, self.activity, services.now)
        self.recordings = Recordings(board, services.recorder)
        self.prices = PricesControl(board, services.price_file, services.ledger, self.activity)
        self.diagnostics = DiagnosticsControl(
            board, services.diagnostics, services.library, services.ledger, self.proxy
        )

    @property
    def state(self) -> AppState:
        """The newest state."""
        return self.board.state

    async def start(self) -> None:
        """Bring up the providers and, unless the user does not want it, the proxy."""
        await self.prices.open()
        self.usage.open()
        self.activity.watch_calendar()
        await self.settings.open()
        await self.providers.guarded(self.providers.open())
        if self.state.settings.start_proxy:
            await self.proxy.guarded(self.proxy.bring_up())
        await self.clients.guarded(self.clients.repair())

    def observe(self, batch: Batch) -> None:
        """Take in what the hub told: the ledger first, so that whoever asks it next finds it there."""
        if not batch.lost and all(isinstance(event, RequestProgress) for event in batch.events):
            return  # ten times a second while answers come, and nothing here depends on it
        self.usage.observe(batch)
        self.providers.observe(batch)
        self.activity.observe(batch)

    async def stop(self, drain_s: float) -> None:
        """Let running answers end, for at most `drain_s` seconds, and close the door. Idempotent."""
        await self.providers.close()
        await self.proxy.shut_down(drain_s)
        self.activity.rest()
        self.usage.rest()

    def quit(self) -> None:
        """End the program, by the one road there is."""
        self.quitRequested.emit()
