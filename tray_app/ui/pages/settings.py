"""The page of the settings. A change takes effect at once; what is refused is said beside its field.

It shows an `AppState` and passes on what is wanted. Counterpart: `control/settings.py`; the cards are `setting_sections.py`.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QMessageBox, QScrollArea, QVBoxLayout, QWidget

from tray_app.state import AppState, SettingResult
from tray_app.ui import theme
from tray_app.ui.setting_sections import (
    AppearanceSection,
    DiagnosticsSection,
    EndpointSection,
    NotificationsSection,
    PrivacySection,
    Section,
    StartSection,
    TokenSection,
    UsageSection,
)
from tray_app.ui.text import translate

MAX_WIDTH = 820  # lines stay readable on a wide screen


class SettingsPage(QWidget):
    """All settings, on one page that scrolls.

    Signals:
        changed(str, object): a setting of `Settings` and the value the user wants.
        tokenRevealRequested(), tokenCopyRequested(), tokenRenewRequested(): the local token.
        pricesRequested(), diagnosticsRequested(), logFolderRequested().
    """

    changed = Signal(str, object)
    tokenRevealRequested = Signal()
    tokenCopyRequested = Signal()
    tokenRenewRequested = Signal()
    pricesRequested = Signal()
    diagnosticsRequested = Signal()
    logFolderRequested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.token = TokenSection()
        self.usage = UsageSection()
        self.diagnostics = DiagnosticsSection()
        self.sections: tuple[Section, ...] = (
            EndpointSection(),
            self.token,
            StartSection(),
            NotificationsSection(),
            self.usage,
            AppearanceSection(),
            PrivacySection(),
            self.diagnostics,
        )
        self._state = AppState()
        self._area = QScrollArea()
        self._arrange()
        self._connect()

    def render_state(self, state: AppState) -> None:
        """Show this state."""
        self._state = state
        for section in self.sections:
            section.render_state(state)

    def show_result(self, result: SettingResult) -> None:
        """The answer to a change; what was refused goes back to what is set."""
        for section in self.sections:
            section.show_result(result)
        self.render_state(self._state)

    def show_token(self, token: str) -> None:
        """The answer to `tokenRevealRequested`."""
        self.token.show_token(token)

    def take_place_of(self, other: SettingsPage) -> None:
        """Show the part that another page shows."""
        place, bar = other._area.verticalScrollBar().value(), self._area.verticalScrollBar()
        # How far it can be scrolled is known once it is laid out.
        bar.rangeChanged.connect(lambda: bar.setValue(place), Qt.ConnectionType.SingleShotConnection)

    def hideEvent(self, event: QHideEvent) -> None:
        self.token.cover()
        super().hideEvent(event)

    def _arrange(self) -> None:
        content = QWidget()
        content.setMaximumWidth(MAX_WIDTH)
        cards = QVBoxLayout(content)
        cards.setContentsMargins(0, 0, theme.GAP, 0)
        cards.setSpacing(theme.PAD)
        for section in self.sections:
            cards.addWidget(section)
        cards.addStretch(1)
        self._align_labels(content)
        self._area.setWidget(content)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(self._area)

    def _align_labels(self, content: QWidget) -> None:
        """One column for the labels of all cards."""
        labels = [label for label in content.findChildren(QLabel) if label.buddy() is not None]
        width = max(label.sizeHint().width() for label in labels)
        for label in labels:
            label.setMinimumWidth(width)

    def _keep_in_view(self, left: QWidget | None, entered: QWidget | None) -> None:
        # The area follows Tab by itself, but not the key of a label.
        if entered is not None and self._area.isAncestorOf(entered):
            self._area.ensureWidgetVisible(entered)

    def _connect(self) -> None:
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._keep_in_view)
        for section in self.sections:
            section.changed.connect(self.changed)
        self.token.revealRequested.connect(self.tokenRevealRequested)
        self.token.copyRequested.connect(self.tokenCopyRequested)
        self.token.renewRequested.connect(self._confirm_renewal)
        self.usage.pricesRequested.connect(self.pricesRequested)
        self.diagnostics.bundleRequested.connect(self.diagnosticsRequested)
        self.diagnostics.logFolderRequested.connect(self.logFolderRequested)

    def _confirm_renewal(self) -> None:
        title, words = translate("Settings", "New token"), translate("Settings", "Make a new token?")
        box = QMessageBox(QMessageBox.Icon.Question, title, words, parent=self)
        box.setInformativeText(
            translate("Settings", "Clients are refused until they are given the new setup. The old token ends at once.")
        )
        box.addButton(QMessageBox.StandardButton.Cancel)
        button = box.addButton(translate("Settings", "Make a new token"), QMessageBox.ButtonRole.AcceptRole)
        button.clicked.connect(self._renew)
        box.finished.connect(box.deleteLater)
        box.open()

    def _renew(self) -> None:
        self.token.cover()
        self.tokenRenewRequested.emit()
