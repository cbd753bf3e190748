"""Connects the Overview page with the ledger: asks for sums when something has happened and somebody looks, not more often.

One question is under way at a time. Counterparts: `control/usage.py` and `ui/pages/overview.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final, cast

from PySide6.QtCore import QElapsedTimer, QObject, QTimer
from PySide6.QtWidgets import QFileDialog

from tray_app.control.controller import Controller
from tray_app.history.export import Form, Kind
from tray_app.history.overview import Overview
from tray_app.ui.main_window import MainWindow
from tray_app.ui.pages.overview import OverviewPage
from tray_app.ui.text import translate
from tray_app.wiring.clipboard import Clipboard
from tray_app.wiring.editing import Editing
from tray_app.wiring.welcoming import connect_welcome

PACE_MS: Final = 1_000  # between two readings while requests come and go …
SHARE: Final = 10  # … and so many times as long as a reading takes: a month of a busy machine takes half a second


class Overviewing(QObject):
    """Keeps the page up to date. `window` gives the main window if there is one."""

    def __init__(self, controller: Controller, window: Callable[[], MainWindow | None], parent: QObject) -> None:
        super().__init__(parent)
        self._usage = controller.usage
        self._proxy = controller.proxy
        self._window = window
        self._asking = self._stale = False
        self._last: Overview | None = None
        self.dialog: QFileDialog | None = None
        self._since_asked = QElapsedTimer()
        self._pause = QTimer(self, singleShot=True)
        self._pause.timeout.connect(self._refresh)
        self._usage.changed.connect(self._changed)
        self._usage.overviewRead.connect(self._read)
        self._usage.unavailable.connect(self._unavailable)
        self._usage.exported.connect(self._exported)

    def connect_page(self, page: OverviewPage, clipboard: Clipboard, editing: Editing) -> None:
        """For as long as the page lives."""
        page.shown.connect(self._ask)
        page.spanChosen.connect(self._ask)
        page.exportRequested.connect(self._choose_file)
        page.endpointCopyRequested.connect(clipboard.copy_endpoint)
        page.testMessageRequested.connect(self._proxy.send_test_message)
        connect_welcome(page.welcome, self._proxy, editing, clipboard)
        if self._last is not None:
            page.show_reading(self._last)

    def _page(self) -> OverviewPage | None:
        window = self._window()
        return window.overview if window is not None else None

    def _changed(self) -> None:
        self._stale = True
        page = self._page()
        if page is not None and page.isVisible() and not self._pause.isActive() and not self._asking:
            self._ask()

    def _refresh(self) -> None:
        if self._stale:
            self._changed()

    def _ask(self) -> None:
        page = self._page()
        if page is None or self._asking:
            self._stale = True
            return
        self._asking, self._stale = True, False
        self._since_asked.start()
        self._usage.read(page.span)

    def _read(self, reading: Overview) -> None:
        self._last = reading
        page = self._page()
        if page is not None:
            page.show_note("")
            page.show_reading(reading)
        self._answered(again=page is not None and page.span is not reading.span)

    def _unavailable(self, problem: str) -> None:
        page = self._page()
        if page is not None:
            page.show_unavailable(translate("Overview", "Nothing can be shown: %1").replace("%1", problem))
        self._answered(again=False)

    def _answered(self, *, again: bool) -> None:
        self._asking = False
        if again:
            self._ask()
        else:
            self._pause.start(max(PACE_MS, SHARE * self._since_asked.elapsed()))

    # -- exporting

    def _choose_file(self, kind: str, form: str) -> None:
        dialog = QFileDialog(self._window(), translate("Overview", "Export usage"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(form)
        dialog.setNameFilter(f"{form.upper()} (*.{form})")
        dialog.selectFile(f"dragoman-{kind}-{date.today().isoformat()}.{form}")  # noqa: DTZ011 - the user's own day
        dialog.fileSelected.connect(lambda path: self._usage.export(cast("Kind", kind), cast("Form", form), path))
        dialog.finished.connect(dialog.deleteLater)
        self.dialog = dialog
        dialog.open()

    def _exported(self, path: str) -> None:
        page = self._page()
        if page is not None:
            page.show_note(translate("Overview", "Saved as %1").replace("%1", path))
