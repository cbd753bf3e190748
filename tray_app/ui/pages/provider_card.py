"""What the page of the providers says of the selected one, and the buttons that act on it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QPushButton, QScrollArea, QVBoxLayout, QWidget

from tray_app.proxy.events import TrialReport, TrialStep
from tray_app.state import Health, HealthKind, Provider
from tray_app.ui import provider_text, theme
from tray_app.ui.models.providers import facts, subtitle
from tray_app.ui.text import translate
from tray_app.ui.tray_menu import SHELLS
from tray_app.ui.trial_view import TrialView
from tray_app.ui.widgets import Dot, Panel, facts_layout, row, show_facts

HEALTH_COLORS = {HealthKind.UNTESTED: theme.OFF, HealthKind.OK: theme.OK, HealthKind.FAILING: theme.BAD}


class ProviderCard(Panel):
    """The card; who is selected is told from outside.

    Signals:
        commandCopyRequested(str): for a shell out of `tray_menu.SHELLS`.
        cancelRequested(): the test shall be given up.
    """

    commandCopyRequested = Signal(str)
    cancelRequested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.use = QPushButton(translate("Providers", "&Use"))
        self.test = QPushButton(translate("Providers", "&Test"))
        self.edit = QPushButton(translate("Providers", "&Edit…"))
        self.copy = QPushButton(translate("Providers", "Copy &command"))
        self.copy.setToolTip(
            translate("Providers", "A line that starts Claude Code on this provider, whichever is active elsewhere")
        )
        self.duplicate = QPushButton(translate("Providers", "Dup&licate…"))
        self.delete = QPushButton(translate("Providers", "&Delete"))
        self.cancel = QPushButton(translate("Providers", "Cancel test"))
        self.trial = TrialView()
        self._dot = Dot()
        self._name = theme.heading("", 1.25)
        self._subtitle = theme.muted()
        self._health_dot = Dot()
        self._health = theme.muted()
        self._health.setWordWrap(True)
        self._facts = facts_layout()
        self._arrange()
        self.cancel.clicked.connect(self.cancelRequested)
        self.cancel.hide()

    @property
    def buttons(self) -> tuple[QPushButton, ...]:
        """Those that need a selected provider."""
        return (self.use, self.test, self.edit, self.copy, self.duplicate, self.delete)

    def show_provider(self, provider: Provider | None, health: Health, *, active: bool) -> None:
        """Show this one, or that none is selected."""
        for button in self.buttons:
            button.setEnabled(provider is not None)
        if provider is None:
            return
        self._dot.set_color(provider.color)
        self._name.setText(provider.name)
        self._subtitle.setText(subtitle(provider))
        self._health_dot.set_color(HEALTH_COLORS[health.kind], ring=health.kind is HealthKind.UNTESTED)
        self._health.setText(provider_text.health_sentence(health))
        show_facts(self._facts, facts(provider))
        self.use.setText(translate("Providers", "In use") if active else translate("Providers", "&Use"))
        self.use.setEnabled(not active)
        for button in (self.edit, self.duplicate, self.delete):
            button.setEnabled(not provider.demo)

    def show_running(self) -> None:
        """A test was asked for."""
        self.trial.show_running()
        self.cancel.show()

    def show_progress(self, steps: tuple[TrialStep, ...]) -> None:
        """How far it is."""
        self.trial.show_progress(steps)

    def show_report(self, report: TrialReport) -> None:
        """What came of it."""
        self.trial.show_report(report)
        self.cancel.hide()

    def show_no_trial(self) -> None:
        """Another provider is selected, or the test was given up."""
        self.trial.show_nothing()
        self.cancel.hide()

    def _arrange(self) -> None:
        menu = QMenu(self.copy)
        for name, label in SHELLS:
            menu.addAction(label).triggered.connect(lambda _=False, name=name: self.commandCopyRequested.emit(name))
        self.copy.setMenu(menu)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP)
        column.addLayout(row(self._dot, self._name, 1))
        column.addWidget(self._subtitle)
        health = row(self._health_dot)
        health.addWidget(self._health, 1)
        column.addLayout(health)
        column.addSpacing(theme.GAP)
        column.addLayout(row(self.use, self.test, self.edit, self.duplicate, 1))
        column.addLayout(row(self.copy, 1, self.delete))
        column.addSpacing(theme.GAP)
        column.addLayout(self._facts)
        column.addSpacing(theme.GAP)
        column.addWidget(self.trial)
        column.addLayout(row(self.cancel, 1))
        column.addStretch(1)
        area = QScrollArea()
        area.setObjectName("plain")
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setWidget(inside)
        area.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)
        self.box.addWidget(area)
