"""Connects the page of the requests with what is recorded of them."""

from __future__ import annotations

from tray_app.control.controller import Controller
from tray_app.ui.pages.requests import RequestsPage


def connect_recordings(page: RequestsPage, controller: Controller) -> None:
    """For as long as the page lives."""
    recordings, settings = controller.recordings, controller.settings
    page.recordedWanted.connect(recordings.fetch)
    page.captureChosen.connect(lambda wanted: settings.change("body_capture", wanted))
    page.cleared.connect(recordings.forget)
    recordings.found.connect(page.show_recorded)
