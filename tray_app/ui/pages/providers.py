"""The page of the providers: choose, add, edit, test, delete. What is asked for leaves by signals."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListView, QMessageBox, QPushButton, QVBoxLayout, QWidget

from tray_app.proxy.events import TrialReport
from tray_app.state import AppState, Provider
from tray_app.ui import theme
from tray_app.ui.models.providers import ACTIVE_ROLE, PROVIDER_ROLE, ProviderDelegate, ProvidersModel, facts, subtitle
from tray_app.ui.text import translate
from tray_app.ui.trial_view import TrialView
from tray_app.ui.widgets import Dot, Panel, facts_layout, row, show_facts

LIST_WIDTH = 330


class ProvidersPage(QWidget):
    """The providers in the user's order, and what can be done with the selected one.

    Signals:
        chosen(str), editRequested(str), testRequested(str), deleteRequested(str): profile ids.
        addRequested(): a new one.
    """

    chosen = Signal(str)
    addRequested = Signal()
    editRequested = Signal(str)
    testRequested = Signal(str)
    deleteRequested = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._model = ProvidersModel(self)
        self._tested_id = ""
        self.list = self._make_list()
        self.add = QPushButton(translate("Providers", "&Add a provider…"))
        self.use = QPushButton(translate("Providers", "&Use"))
        self.edit = QPushButton(translate("Providers", "&Edit…"))
        self.test = QPushButton(translate("Providers", "&Test"))
        self.delete = QPushButton(translate("Providers", "&Delete…"))
        self.trial = TrialView()
        self._dot = Dot()
        self._name = theme.heading("", 1.25)
        self._subtitle = theme.muted()
        self._facts = facts_layout()
        self._arrange()
        self._connect()

    def render_state(self, state: AppState) -> None:
        """Show this state; the selection stays, or goes to the active provider."""
        selected = self.selected
        self._model.render_state(state)
        if selected is None or not self._select(selected.id):
            self._select(state.active_id or "")
        self._show_selected()

    @property
    def selected(self) -> Provider | None:
        """The provider the buttons act on."""
        index = self.list.currentIndex()
        provider = index.data(PROVIDER_ROLE) if index.isValid() else None
        return provider if isinstance(provider, Provider) else None

    def take_place_of(self, other: ProvidersPage) -> None:
        """Show what another page shows."""
        if other.selected is not None:
            self._select(other.selected.id)

    def show_provider(self, profile_id: str) -> None:
        """Select one, if it is still there."""
        self._select(profile_id)

    def show_report(self, report: TrialReport) -> None:
        """The outcome of the test that was asked for here."""
        if self.selected is not None and self.selected.id == self._tested_id:
            self.trial.show_report(report)

    def _make_list(self) -> QListView:
        view = QListView()
        view.setObjectName("list")
        view.setAccessibleName(translate("Providers", "Providers"))
        view.setModel(self._model)
        view.setItemDelegate(ProviderDelegate(view))
        view.setFrameShape(QFrame.Shape.NoFrame)
        view.setMouseTracking(True)
        return view

    def _arrange(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(theme.GAP)
        left.addWidget(self.list)
        left.addWidget(self.add)
        card = Panel()
        card.box.addLayout(row(self._dot, self._name, 1))
        card.box.addWidget(self._subtitle)
        card.box.addSpacing(theme.GAP)
        card.box.addLayout(row(self.use, self.test, self.edit, 1, self.delete))
        card.box.addSpacing(theme.GAP)
        card.box.addLayout(self._facts)
        card.box.addSpacing(theme.GAP)
        card.box.addWidget(self.trial)
        card.box.addStretch(1)
        page = QHBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(theme.PAD)
        holder = QWidget()
        holder.setLayout(left)
        holder.setFixedWidth(LIST_WIDTH)
        left.setContentsMargins(0, 0, 0, 0)
        page.addWidget(holder)
        page.addWidget(card, 1)

    def _connect(self) -> None:
        self.list.selectionModel().currentChanged.connect(self._selection_changed)
        self.list.activated.connect(lambda index: self.chosen.emit(index.data(PROVIDER_ROLE).id))
        self.add.clicked.connect(self.addRequested)
        for button, signal in (
            (self.use, self.chosen),
            (self.edit, self.editRequested),
            (self.test, self.testRequested),
        ):
            button.clicked.connect(lambda _=False, signal=signal: self._emit(signal))
        self.test.clicked.connect(self._await_report)
        self.delete.clicked.connect(self._confirm_delete)

    def _emit(self, signal: object) -> None:
        if self.selected is not None:
            signal.emit(self.selected.id)  # type: ignore[attr-defined]

    def _await_report(self) -> None:
        self._tested_id = self.selected.id if self.selected else ""
        self.trial.show_running()

    def _confirm_delete(self) -> None:
        provider = self.selected
        if provider is None:
            return
        words = translate("Providers", "Delete %1 and its key?").replace("%1", provider.name)
        box = QMessageBox(QMessageBox.Icon.Question, translate("Providers", "Delete provider"), words, parent=self)
        box.addButton(QMessageBox.StandardButton.Cancel)
        button = box.addButton(translate("Providers", "Delete"), QMessageBox.ButtonRole.DestructiveRole)
        button.clicked.connect(lambda: self.deleteRequested.emit(provider.id))
        box.finished.connect(box.deleteLater)
        box.open()

    def _select(self, provider_id: str) -> bool:
        row_number = self._model.row_of(provider_id)
        if row_number is None:
            return False
        if self.list.currentIndex().row() != row_number:
            self.list.setCurrentIndex(self._model.index(row_number))
        return True

    def _selection_changed(self, current: QModelIndex, previous: QModelIndex) -> None:
        self.trial.show_nothing()
        self._show_selected()

    def _show_selected(self) -> None:
        provider = self.selected
        for button in (self.use, self.edit, self.test, self.delete):
            button.setEnabled(provider is not None)
        if provider is None:
            return
        active = bool(self.list.currentIndex().data(ACTIVE_ROLE))
        self._dot.set_color(provider.color)
        self._name.setText(provider.name)
        self._subtitle.setText(subtitle(provider))
        show_facts(self._facts, facts(provider))
        self.use.setText(translate("Providers", "In use") if active else translate("Providers", "&Use"))
        self.use.setEnabled(not active)
        self.edit.setEnabled(not provider.demo)
        self.delete.setEnabled(not provider.demo)
