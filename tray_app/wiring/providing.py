"""Connects the page of the providers with those who act."""

from __future__ import annotations

from tray_app.control.controller import Controller
from tray_app.ui.pages.providers import ProvidersPage
from tray_app.wiring.clipboard import Clipboard
from tray_app.wiring.editing import Editing
from tray_app.wiring.transferring import Transferring


def connect_providers(
    page: ProvidersPage, controller: Controller, editing: Editing, transferring: Transferring, clipboard: Clipboard
) -> None:
    """For as long as the page lives."""
    providers = controller.providers
    page.chosen.connect(providers.activate)
    page.moved.connect(providers.move)
    page.testRequested.connect(providers.test_stored)
    page.cancelRequested.connect(providers.cancel_test)
    page.deleteRequested.connect(providers.delete)
    page.undoRequested.connect(providers.restore)
    page.addRequested.connect(editing.add)
    page.editRequested.connect(editing.edit)
    page.duplicateRequested.connect(editing.duplicate)
    page.importRequested.connect(transferring.ask_import)
    page.exportRequested.connect(transferring.ask_export)
    page.commandCopyRequested.connect(clipboard.copy_command)
