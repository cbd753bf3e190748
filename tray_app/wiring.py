"""Connects the views with the controller: what is asked for goes one way, the state the other. It decides nothing.

All connections of the program are made here, in one place. The window and the editor are made when they are first needed.
Counterpart: `app.py`, which owns this.
"""

from __future__ import annotations

import time
from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from tray_app.controller import Controller
from tray_app.desktop.notifications import Notifications
from tray_app.history.prices import load_prices
from tray_app.profiles.presets import presets
from tray_app.profiles.settings import Settings
from tray_app.provider_lines import preset_choices
from tray_app.proxy.hub import Batch, EventHub
from tray_app.state import AppState, Notice, NoticeKind, Problem, ProblemKind, SaveResult
from tray_app.ui import text
from tray_app.ui.bridge import Bridge
from tray_app.ui.dialogs.provider_editor import ProviderEditor
from tray_app.ui.main_window import MainWindow
from tray_app.ui.models.request_log import RequestRow
from tray_app.ui.models.requests import RequestsModel
from tray_app.ui.tray import Tray

ABOUT_UPSTREAM: Final = frozenset({NoticeKind.KEY_REJECTED, NoticeKind.UPSTREAM_DOWN})


class Wiring(QObject):
    """Owns the window, the models and the bridge.

    Signals:
        quitRequested(): from the window.
    """

    quitRequested = Signal()

    def __init__(self, tray: Tray, controller: Controller, hub: EventHub, settings: Settings) -> None:
        super().__init__()
        self._tray = tray
        self._controller = controller
        self._settings = settings
        self._window: MainWindow | None = None
        self._editor: ProviderEditor | None = None
        self._requests = RequestsModel(parent=self)
        self._requests.use_prices(load_prices())
        self._bridge = Bridge(hub, self)
        self._notifications = Notifications(time.monotonic, tray, parent=self)
        self._connect_tray()
        self._connect_controller()

    def start(self) -> None:
        """Show the present state and begin to listen to the hub."""
        self._render(self._controller.state)
        self._bridge.start()

    def stop(self) -> None:
        """Fetch what the hub still has, and go deaf."""
        self._bridge.stop()

    def open_window(self) -> None:
        """Show the window, made at the first call."""
        if self._window is None:
            self._window = self._make_window()
        self._window.render_state(self._controller.state)
        self._window.come_forward()

    def close_window(self) -> None:
        """Hide everything, for a quick goodbye."""
        if self._editor is not None:
            self._editor.reject()
        if self._window is not None:
            self._window.hide()

    def open_request(self, request_id: str) -> None:
        """Show one request in the window."""
        self._bridge.pull()
        self.open_window()
        if self._window is not None:
            self._window.show_request(request_id)
        self._controller.look_at(request_id)

    def _connect_tray(self) -> None:
        menu, controller = self._tray.menu, self._controller
        self._tray.opened.connect(self.open_window)
        self._tray.endpointCopyRequested.connect(self._copy_endpoint)
        menu.providerChosen.connect(controller.activate_profile)
        menu.startRequested.connect(controller.start_proxy)
        menu.stopRequested.connect(controller.stop_proxy)
        menu.setupCopyRequested.connect(self._copy_setup)
        menu.errorOpened.connect(self.open_request)
        menu.autostartChosen.connect(controller.set_autostart)

    def _connect_controller(self) -> None:
        self._controller.stateChanged.connect(self._render)
        self._controller.noticeRaised.connect(self._notify)
        self._controller.saveFinished.connect(self._save_finished)
        self._controller.trialFinished.connect(self._trial_finished)
        self._bridge.arrived.connect(self._arrived)

    def _make_window(self) -> MainWindow:
        window, controller = MainWindow(self._requests), self._controller
        self._requests.setParent(window)  # so that it is destroyed after the views on it
        window.visibilityChanged.connect(self._bridge.set_visible)
        window.quitRequested.connect(self.quitRequested)
        window.header.endpointCopyRequested.connect(self._copy_endpoint)
        window.header.startRequested.connect(controller.start_proxy)
        window.header.stopRequested.connect(controller.stop_proxy)
        window.requests.testMessageRequested.connect(controller.send_test_message)
        window.requests.setupCopyRequested.connect(self._copy_setup)
        window.requests.curlCopyRequested.connect(self._copy_curl)
        window.requests.looked.connect(controller.look_at)
        window.providers.chosen.connect(controller.activate_profile)
        window.providers.addRequested.connect(self._open_editor)
        window.providers.editRequested.connect(self._open_editor)
        window.providers.testRequested.connect(controller.test_stored)
        window.providers.deleteRequested.connect(controller.delete_profile)
        return window

    def _open_editor(self, profile_id: str = "") -> None:
        draft = self._controller.draft(profile_id) if profile_id else None
        editor = ProviderEditor(draft, preset_choices(presets()), self._window)
        editor.saveRequested.connect(self._controller.save_profile)
        editor.testRequested.connect(self._controller.test_profile)
        editor.finished.connect(self._forget_editor)
        self._editor = editor
        editor.open()

    def _forget_editor(self) -> None:
        self._editor = None

    def _render(self, state: AppState) -> None:
        self._tray.render_state(state)
        if self._window is not None:
            self._window.render_state(state)

    def _arrived(self, batch: Batch) -> None:
        self._requests.feed(batch.events)
        self._controller.observe(batch)

    def _save_finished(self, result: SaveResult) -> None:
        if self._editor is not None:
            self._editor.show_result(result)
        elif result.problems:
            words = "; ".join(f"{problem.field}: {text.field_problem(problem)}" for problem in result.problems)
            self._controller.report(Problem(ProblemKind.SAVE_FAILED, words))

    def _trial_finished(self, report: object) -> None:
        target = self._editor or (self._window.providers if self._window is not None else None)
        if target is not None:
            target.show_report(report)  # type: ignore[arg-type]  # Qt's signals carry objects

    def _notify(self, notice: Notice) -> None:
        wanted = self._settings.notify_upstream if notice.kind in ABOUT_UPSTREAM else self._settings.notify_errors
        if wanted:
            self._notifications.say((notice.kind, notice.provider_id), *text.notice(notice))

    def _copy_endpoint(self) -> None:
        QGuiApplication.clipboard().setText(self._controller.endpoint())

    def _copy_curl(self, row: RequestRow) -> None:
        started = row.started
        line = self._controller.curl_text(started.profile_id, started.asked_model, stream=started.stream)
        QGuiApplication.clipboard().setText(line)

    def _copy_setup(self, shell: str) -> None:
        QGuiApplication.clipboard().setText(self._controller.setup_text(shell))  # type: ignore[arg-type]  # from SHELLS
