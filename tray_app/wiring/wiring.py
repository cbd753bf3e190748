"""Connects the tray and the window with the controller, and owns what they show.

The window is made when it is first needed, and so is each of its pages. Counterpart: `program.py`, which owns this.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from tray_app.control.controller import Controller
from tray_app.proxy.hub import Batch, EventHub
from tray_app.state import AppState
from tray_app.ui.bridge import Bridge
from tray_app.ui.main_window import MainWindow, Page
from tray_app.ui.models.requests import RequestsModel
from tray_app.ui.pages.overview import OverviewPage
from tray_app.ui.pages.providers import ProvidersPage
from tray_app.ui.pages.requests import RequestsPage
from tray_app.ui.pages.settings import SettingsPage
from tray_app.ui.tray import Tray
from tray_app.wiring.appearance import Appearance
from tray_app.wiring.arrangement import Arrangement
from tray_app.wiring.clipboard import Clipboard
from tray_app.wiring.connecting import Connecting
from tray_app.wiring.editing import Editing
from tray_app.wiring.notifying import Notifying
from tray_app.wiring.overviewing import Overviewing
from tray_app.wiring.preferences import Preferences
from tray_app.wiring.pricing import Pricing
from tray_app.wiring.providing import connect_providers
from tray_app.wiring.recordings import connect_recordings
from tray_app.wiring.tidying import Tidying
from tray_app.wiring.transferring import Transferring


class Wiring(QObject):
    """Owns the window, the models and the bridge.

    Signals:
        quitRequested(): from the window.
    """

    quitRequested = Signal()

    def __init__(self, tray: Tray, controller: Controller, hub: EventHub, arrangement: Path | None = None) -> None:
        super().__init__()
        self._tray = tray
        self._controller = controller
        self._window: MainWindow | None = None
        self._requests = RequestsModel(parent=self)
        self._requests.use_prices(controller.prices.current)
        controller.prices.changed.connect(self._requests.use_prices)
        self._bridge = Bridge(hub, self)
        self._clipboard = Clipboard(controller.proxy)
        self._editing = Editing(controller, lambda: self._window, self)
        self._transferring = Transferring(controller.transfers, lambda: self._window, self)
        self._connecting = Connecting(controller.clients, self._clipboard, self.open_window, self)
        self._notifying = Notifying(controller, tray, self)
        self._pricing = Pricing(controller, lambda: self._window, self)
        self._overviewing = Overviewing(controller, lambda: self._window, self)
        self._preferences = Preferences(controller, self._clipboard, lambda: self._window, self)
        self._appearance = Appearance(controller.board, self)
        self._tidying = Tidying(self)
        self._arrangement = Arrangement(arrangement)
        self._connect: dict[type[Page], Callable[[Any], None]] = {
            OverviewPage: self._connect_overview,
            RequestsPage: self._connect_requests,
            ProvidersPage: self._connect_providers,
            SettingsPage: self._connect_settings,
        }
        self._connect_tray()
        self._appearance.languageChanged.connect(self._retranslate)
        controller.board.stateChanged.connect(self._render)
        self._bridge.arrived.connect(self._arrived)

    def start(self) -> None:
        """Show the present state and begin to listen to the hub."""
        self._appearance.start()
        self._render(self._controller.state)
        self._bridge.start()

    def stop(self) -> None:
        """Fetch what the hub still has, and go deaf and silent."""
        self._bridge.stop()
        self._notifying.notifications.close()

    def open_window(self) -> MainWindow:
        """Show the window, made at the first call."""
        if self._window is None:
            self._window = self._make_window()
            self._arrangement.restore(self._window)
        self._window.render_state(self._controller.state)
        self._window.come_forward()
        self._controller.clients.refresh()
        return self._window

    def close_window(self) -> None:
        """Hide everything, for a quick goodbye."""
        self._close_dialogs()
        if self._window is not None:
            self._arrangement.keep(self._window)
            self._window.hide()

    def _close_dialogs(self) -> None:
        for owner in (self._editing, self._pricing, self._transferring, self._connecting, self._preferences):
            owner.close()

    def open_request(self, request_id: str) -> None:
        """Show one request in the window."""
        self._bridge.pull()
        self.open_window().show_request(request_id)
        self._controller.activity.look_at(request_id)

    def _open_provider(self, profile_id: str) -> None:
        self.open_window().show_provider(profile_id)

    def _copy_unseen(self) -> None:
        self._clipboard.copy_endpoint()
        self._notifying.say_copied(self._controller.proxy.endpoint())

    def _connect_tray(self) -> None:
        menu, controller = self._tray.menu, self._controller
        self._tray.opened.connect(self.open_window)
        self._tray.endpointCopyRequested.connect(self._clipboard.copy_endpoint)
        self._tray.middleClicked.connect(self._copy_unseen)
        self._notifying.requestWanted.connect(self.open_request)
        self._notifying.providerWanted.connect(self._open_provider)
        self._notifying.windowWanted.connect(self.open_window)
        menu.providerChosen.connect(controller.providers.activate)
        menu.startRequested.connect(controller.proxy.start)
        menu.stopRequested.connect(controller.proxy.stop)
        menu.setupCopyRequested.connect(self._clipboard.copy_setup)
        menu.claudeChosen.connect(self._connecting.choose)
        menu.errorOpened.connect(self.open_request)
        menu.autostartChosen.connect(controller.settings.set_autostart)

    def _make_window(self) -> MainWindow:
        window = MainWindow(self._requests)
        self._requests.setParent(window)  # so that it is destroyed after the views on it
        window.visibilityChanged.connect(self._bridge.set_visible)
        window.visibilityChanged.connect(self._tidying.put_off)
        window.quitRequested.connect(self.quitRequested)
        window.pageMade.connect(self._connect_page)
        self._connect_header(window)
        return window

    def _retranslate(self) -> None:
        """Views speak the language they were made in: the tray says its words again, the window is made anew."""
        self._tray.retranslate()
        old = self._window
        if old is None:
            return
        self._close_dialogs()  # they belong to the old window and would go with it, unknown to their owners
        old.visibilityChanged.disconnect()
        self._requests.setParent(self)
        new = self._window = self._make_window()
        new.render_state(self._controller.state)
        new.take_place_of(old)
        old.hide()
        old.deleteLater()

    def _connect_header(self, window: MainWindow) -> None:
        window.header.endpointCopyRequested.connect(self._clipboard.copy_endpoint)
        window.header.startRequested.connect(self._controller.proxy.start)
        window.header.stopRequested.connect(self._controller.proxy.stop)

    def _connect_page(self, page: Page) -> None:
        self._connect[type(page)](page)

    def _connect_overview(self, page: OverviewPage) -> None:
        self._connecting.attach(page.connect_card)
        self._overviewing.connect_page(page, self._clipboard, self._editing)
        page.pricesRequested.connect(self._pricing.open)

    def _connect_requests(self, page: RequestsPage) -> None:
        self._arrangement.restore_requests(page)
        page.testMessageRequested.connect(self._controller.proxy.send_test_message)
        page.setupCopyRequested.connect(self._clipboard.copy_setup)
        page.curlCopyRequested.connect(self._clipboard.copy_curl)
        page.looked.connect(self._controller.activity.look_at)
        connect_recordings(page, self._controller)

    def _connect_providers(self, page: ProvidersPage) -> None:
        connect_providers(page, self._controller, self._editing, self._transferring, self._clipboard)

    def _connect_settings(self, page: SettingsPage) -> None:
        self._preferences.connect_page(page)
        page.pricesRequested.connect(self._pricing.open)

    def _render(self, state: AppState) -> None:
        self._tray.render_state(state)
        if self._window is not None:
            self._window.render_state(state)

    def _arrived(self, batch: Batch) -> None:
        self._requests.feed(batch.events)
        self._controller.observe(batch)
        self._tidying.put_off()
