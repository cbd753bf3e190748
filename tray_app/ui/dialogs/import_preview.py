"""Shows what a file would bring before anything is imported: each provider, what would happen, where its key comes from."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from tray_app.editing import Arrival, ArrivingKey, ImportLine, ImportPlan
from tray_app.ui import theme
from tray_app.ui.text import translate
from tray_app.ui.widgets import Panel, wrapped

SIZE: Final = QSize(820, 460)
WIDTHS: Final = (150, 230, 200)  # of all columns but the last


class ImportPreview(QDialog):
    """The question.

    Signals:
        wanted(frozenset[str]): the ids of what shall be imported.
    """

    wanted = Signal(object)

    def __init__(self, plan: ImportPlan, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(translate("Import", "Import providers"))
        self.resize(SIZE.boundedTo(self.screen().availableSize() - theme.FRAME))
        self.list = _make_list(plan)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.take = self.buttons.addButton(translate("Import", "&Import"), QDialogButtonBox.ButtonRole.AcceptRole)
        self._arrange(plan)
        self.list.itemChanged.connect(lambda *_: self._count())
        self.buttons.accepted.connect(self._take)
        self.buttons.rejected.connect(self.reject)
        self._count()

    def _arrange(self, plan: ImportPlan) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        body = Panel("plain")
        body.box.addWidget(wrapped(introduction(plan)))
        body.box.addWidget(self.list, 1)
        if plan.problems:
            body.box.addWidget(theme.muted(translate("Import", "Left out:") + "\n" + "\n".join(plan.problems)))
        foot = Panel("foot")
        foot.box.addWidget(self.buttons)
        column.addWidget(body, 1)
        column.addWidget(foot)
        self.take.setDefault(True)

    def _wanted(self) -> frozenset[str]:
        items = (self.list.topLevelItem(row) for row in range(self.list.topLevelItemCount()))
        return frozenset(
            str(item.data(0, Qt.ItemDataRole.UserRole))
            for item in items
            if item is not None and item.checkState(0) is Qt.CheckState.Checked
        )

    def _count(self) -> None:
        self.take.setEnabled(bool(self._wanted()))

    def _take(self) -> None:
        self.wanted.emit(self._wanted())
        self.accept()


def introduction(plan: ImportPlan) -> str:
    """Where it comes from, and what becomes of keys."""
    if plan.program:
        words = translate(
            "Import", "From %1. Keys go into the keyring of your system and nowhere else; the file stays as it is."
        )
        return words.replace("%1", plan.program)
    return translate("Import", "Exported providers come without keys; enter them afterwards.")


def arrival(line: ImportLine) -> str:
    """What would happen."""
    words = {
        Arrival.ADDED: translate("Import", "Added"),
        Arrival.CHANGED: translate("Import", "Replaces yours"),
        Arrival.CONFLICT: translate("Import", "Added under another name"),
        Arrival.SAME: translate("Import", "You have it"),
    }
    return line.problem or words[line.arrival]


def key(line: ImportLine) -> str:
    """Where its key would come from."""
    words = {
        ArrivingKey.INCLUDED: translate("Import", "In the file"),
        ArrivingKey.MISSING: translate("Import", "To be entered"),
        ArrivingKey.HERE: translate("Import", "Yours stays"),
        ArrivingKey.ENVIRONMENT: translate("Import", "Variable %1"),
        ArrivingKey.COMMAND: translate("Import", "Runs a command: %1"),
        ArrivingKey.NONE: translate("Import", "None"),
    }
    return words[line.key].replace("%1", line.key_source)


def _make_list(plan: ImportPlan) -> QTreeWidget:
    tree = QTreeWidget()
    tree.setAccessibleName(translate("Import", "Providers in the file"))
    tree.setRootIsDecorated(False)
    tree.setHeaderLabels(
        [
            translate("Import", "Name"),
            translate("Import", "Address"),
            translate("Import", "Key"),
            translate("Import", "What happens"),
        ]
    )
    for line in plan.lines:
        item = QTreeWidgetItem([line.name, line.address, key(line), arrival(line)])
        item.setData(0, Qt.ItemDataRole.UserRole, line.id)
        item.setCheckState(0, Qt.CheckState.Checked if line.wanted else Qt.CheckState.Unchecked)
        for column in range(4):
            item.setToolTip(column, item.text(column))
        if line.problem or line.arrival is Arrival.SAME:
            item.setFlags(Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled)  # told, not to be ticked
            item.setData(0, Qt.ItemDataRole.CheckStateRole, None)
        tree.addTopLevelItem(item)
    for column, width in enumerate(WIDTHS):
        tree.setColumnWidth(column, width)
    tree.setStyleSheet("QTreeWidget::item { padding: 4px; }")
    tree.setCurrentIndex(tree.model().index(0, 0))
    return tree
