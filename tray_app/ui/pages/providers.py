"""The page of the providers: choose, sort, add, edit, test, delete, bring back. What is asked for leaves by signals."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QListView,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from tray_app.proxy.events import TrialReport, TrialStep
from tray_app.state import AppState, Provider
from tray_app.ui import theme
from tray_app.ui.models.providers import ACTIVE_ROLE, PROVIDER_ROLE, ProviderDelegate, ProvidersModel
from tray_app.ui.pages.provider_card import ProviderCard
from tray_app.ui.text import translate
from tray_app.ui.undo_bar import UndoBar
from tray_app.ui.widgets import row

LIST_WIDTH: Final = 330


class ProvidersPage(QWidget):
    """The providers in the user's order, and what can be done with the selected one.

    Signals:
        chosen(str), editRequested(str), duplicateRequested(str), testRequested(str), deleteRequested(str): profile ids.
        moved(str, int): a profile id and its new place among the user's own.
        commandCopyRequested(str, str): a profile id, and a shell out of `tray_menu.SHELLS`.
        addRequested(), importRequested(), exportRequested(), undoRequested(), cancelRequested().
    """

    chosen = Signal(str)
    addRequested = Signal()
    editRequested = Signal(str)
    duplicateRequested = Signal(str)
    testRequested = Signal(str)
    deleteRequested = Signal(str)
    moved = Signal(str, int)
    commandCopyRequested = Signal(str, str)
    importRequested = Signal()
    exportRequested = Signal()
    undoRequested = Signal()
    cancelRequested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._model = ProvidersModel(self)
        self._tested_id = ""
        self.list = self._make_list()
        self.add = QPushButton(translate("Providers", "&Add a provider…"))
        self.more = QPushButton(translate("Providers", "&More"))
        self.card = ProviderCard()
        self.undo = UndoBar()
        self._arrange()
        self._connect()
        self._add_keys()

    def render_state(self, state: AppState) -> None:
        """Show this state; the selection stays, or goes to the active provider."""
        selected = self.selected
        self._model.render_state(state)
        if selected is None or not self._select(selected.id):
            self._select(state.active_id or "")
        self._show_selected()
        self.undo.show_deleted(state.deleted.name if state.deleted is not None else "")

    def select(self, provider_id: str) -> None:
        """Show this provider, if it is there."""
        self._select(provider_id)

    def take_place_of(self, old: ProvidersPage) -> None:
        """Select what was selected there."""
        if old.selected is not None:
            self._select(old.selected.id)

    @property
    def selected(self) -> Provider | None:
        """The provider the buttons act on."""
        index = self.list.currentIndex()
        provider = index.data(PROVIDER_ROLE) if index.isValid() else None
        return provider if isinstance(provider, Provider) else None

    def show_progress(self, steps: tuple[TrialStep, ...]) -> None:
        """How far the test is that was asked for here."""
        if self._tested_id and self._is_tested():
            self.card.show_progress(steps)

    def show_provider(self, profile_id: str) -> None:
        """Select one, if it is still there."""
        self._select(profile_id)

    def show_report(self, report: TrialReport) -> None:
        """The outcome of the test that was asked for here."""
        if self._tested_id and self._is_tested():
            self.card.show_report(report)
        self._tested_id = ""

    def _is_tested(self) -> bool:
        return self.selected is not None and self.selected.id == self._tested_id

    def _make_list(self) -> QListView:
        view = QListView()
        view.setObjectName("list")
        view.setAccessibleName(translate("Providers", "Providers"))
        view.setModel(self._model)
        view.setItemDelegate(ProviderDelegate(view))
        view.setFrameShape(QFrame.Shape.NoFrame)
        view.setMouseTracking(True)
        view.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        view.setDefaultDropAction(Qt.DropAction.MoveAction)
        return view

    def _arrange(self) -> None:
        menu = QMenu(self.more)
        menu.addAction(translate("Providers", "&Import…")).triggered.connect(self.importRequested)
        menu.addAction(translate("Providers", "&Export without keys…")).triggered.connect(self.exportRequested)
        self.more.setMenu(menu)
        left = QVBoxLayout()
        left.setSpacing(theme.GAP)
        left.setContentsMargins(0, 0, 0, 0)
        left.addWidget(self.list)
        buttons = row()
        buttons.addWidget(self.add, 1)
        buttons.addWidget(self.more)
        left.addLayout(buttons)
        holder = QWidget()
        holder.setLayout(left)
        holder.setFixedWidth(LIST_WIDTH)
        upper = QHBoxLayout()
        upper.setSpacing(theme.PAD)
        upper.addWidget(holder)
        upper.addWidget(self.card, 1)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(theme.GAP)
        page.addLayout(upper, 1)
        page.addWidget(self.undo)

    def _connect(self) -> None:
        card = self.card
        self.list.selectionModel().currentChanged.connect(self._selection_changed)
        self.list.activated.connect(lambda index: self.chosen.emit(index.data(PROVIDER_ROLE).id))
        self._model.moved.connect(self.moved)
        self.add.clicked.connect(self.addRequested)
        self.undo.undone.connect(self.undoRequested)
        for button, act in (
            (card.use, self._choose),
            (card.edit, self._edit),
            (card.duplicate, self._duplicate),
            (card.test, self._test),
            (card.delete, self._delete),
        ):
            button.clicked.connect(act)
        card.commandCopyRequested.connect(self._copy_command)
        card.cancelRequested.connect(self._cancel_test)

    def _add_keys(self) -> None:
        """The same by keyboard and by the right mouse button; the keys are shown in the menu."""
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        for words, keys, act in (
            (translate("Providers", "Edit…"), "F2", self._edit),
            (translate("Providers", "Duplicate…"), "Ctrl+D", self._duplicate),
            (translate("Providers", "Test"), "F5", self._test),
            (translate("Providers", "Move up"), "Alt+Up", lambda: self._move(-1)),
            (translate("Providers", "Move down"), "Alt+Down", lambda: self._move(1)),
            (translate("Providers", "Delete"), "Del", self._delete),
        ):
            action = QAction(words, self.list)
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.triggered.connect(act)
            self.list.addAction(action)
        undo = QShortcut(QKeySequence("Ctrl+Z"), self)
        undo.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        undo.activated.connect(lambda: self.undoRequested.emit() if self.undo.isVisible() else None)

    def _choose(self) -> None:
        if self.selected is not None:
            self.chosen.emit(self.selected.id)

    def _edit(self) -> None:
        if self.selected is not None and not self.selected.demo:
            self.editRequested.emit(self.selected.id)

    def _duplicate(self) -> None:
        if self.selected is not None and not self.selected.demo:
            self.duplicateRequested.emit(self.selected.id)

    def _delete(self) -> None:
        if self.selected is not None and not self.selected.demo:
            self.deleteRequested.emit(self.selected.id)

    def _test(self) -> None:
        if self.selected is not None:
            self._tested_id = self.selected.id
            self.card.show_running()
            self.testRequested.emit(self._tested_id)

    def _cancel_test(self) -> None:
        self._tested_id = ""
        self.card.show_no_trial()
        self.cancelRequested.emit()

    def _copy_command(self, shell: str) -> None:
        if self.selected is not None:
            self.commandCopyRequested.emit(self.selected.id, shell)

    def _move(self, step: int) -> None:
        at = self.list.currentIndex().row()
        before = at + 2 if step > 0 else at - 1
        if at >= 0 and before >= 0:
            self._model.moveRow(QModelIndex(), at, QModelIndex(), before)

    def _select(self, provider_id: str) -> bool:
        row_number = self._model.row_of(provider_id)
        if row_number is None:
            return False
        if self.list.currentIndex().row() != row_number:
            self.list.setCurrentIndex(self._model.index(row_number))
        return True

    def _selection_changed(self, current: QModelIndex, previous: QModelIndex) -> None:
        self.card.show_no_trial()
        self._show_selected()

    def _show_selected(self) -> None:
        provider = self.selected
        active = bool(self.list.currentIndex().data(ACTIVE_ROLE))
        self.card.show_provider(provider, self._model.health_of(provider.id if provider else ""), active=active)
