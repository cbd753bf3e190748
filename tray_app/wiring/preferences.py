"""Connects the Settings page with the controller, and opens what it asks for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from tray_app.control.controller import Controller
from tray_app.state import DiagnosticPart
from tray_app.ui.dialogs.diagnostics import DiagnosticsDialog
from tray_app.ui.pages.settings import SettingsPage
from tray_app.ui.screen import facts
from tray_app.wiring.clipboard import Clipboard


class Preferences(QObject):
    """`window` gives the parent of dialogs, if there is one."""

    def __init__(
        self, controller: Controller, clipboard: Clipboard, window: Callable[[], QWidget | None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._controller = controller
        self._clipboard = clipboard
        self._window = window
        self.dialog: DiagnosticsDialog | None = None
        controller.diagnostics.collected.connect(self._show_parts)
        controller.diagnostics.saved.connect(self._show_saved)

    def connect_page(self, page: SettingsPage) -> None:
        """For as long as the page lives."""
        controller = self._controller
        controller.settings.changeFinished.connect(page.show_result)
        controller.proxy.portFound.connect(page.show_result)
        page.changed.connect(controller.settings.change)
        page.tokenRevealRequested.connect(lambda: page.show_token(controller.proxy.token()))
        page.tokenCopyRequested.connect(self._clipboard.copy_token)
        page.tokenRenewRequested.connect(controller.proxy.rotate_token)
        page.show_result(controller.proxy.port_found)
        page.diagnosticsRequested.connect(lambda: controller.diagnostics.collect(facts()))
        page.logFolderRequested.connect(self._open_log_folder)

    def close(self) -> None:
        """Put the dialog away."""
        if self.dialog is not None:
            self.dialog.reject()

    def _open_log_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._controller.diagnostics.log_folder)))

    def _show_parts(self, parts: tuple[DiagnosticPart, ...]) -> None:
        dialog = self.dialog = DiagnosticsDialog(parts, self._window())
        dialog.saveRequested.connect(lambda file: self._controller.diagnostics.save(parts, Path(file)))
        dialog.finished.connect(self._forget)
        dialog.open()

    def _show_saved(self, problem: str) -> None:
        if self.dialog is not None:
            self.dialog.show_saved(problem)

    def _forget(self) -> None:
        self.dialog = None
