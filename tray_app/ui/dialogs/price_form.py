"""Adds or edits one price of the user's own, with the problems beside the fields. Opened with `open()`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QFormLayout, QLineEdit, QVBoxLayout, QWidget

from tray_app.editing import FieldProblem, PriceDraft, SaveResult
from tray_app.ui import problem_text, theme
from tray_app.ui.dialogs.field import Field
from tray_app.ui.text import translate

WIDTH: Final = 460
LINES: Final = ("model", "input", "output", "cache_read", "cache_write", "above", "since")


class PriceForm(QDialog):
    """One price.

    Signals:
        saveRequested(PriceDraft): as it was typed.
    """

    saveRequested = Signal(object)

    def __init__(self, draft: PriceDraft, providers: Iterable[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        new = draft.number is None
        self.setWindowTitle(translate("Prices", "Add a price") if new else translate("Prices", "Edit price"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._draft = draft
        self.lines = {name: QLineEdit(getattr(draft, name)) for name in LINES}
        self.provider = QComboBox()
        self._fill_providers(providers)
        self._fields = {name: Field(line) for name, line in self.lines.items()}
        self._rest = Field(QWidget())
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel | QDialogButtonBox.StandardButton.Save)
        self.save = self.buttons.button(QDialogButtonBox.StandardButton.Save)
        self._arrange()
        self.buttons.accepted.connect(self._ask_save)
        self.buttons.rejected.connect(self.reject)

    def draft(self) -> PriceDraft:
        """What the form says."""
        texts: dict[str, Any] = {name: line.text() for name, line in self.lines.items()}
        return replace(self._draft, profile=self.provider.currentData(), **texts)

    def show_result(self, result: SaveResult) -> None:
        """Close if the price was saved, else show what is wrong; nothing typed is lost."""
        self.save.setEnabled(True)
        if result.problems:
            self._show_problems(result.problems)
        else:
            self.accept()

    def _show_problems(self, problems: tuple[FieldProblem, ...]) -> None:
        words = {problem.field: problem_text.field_problem(problem) for problem in problems}
        for name, field in self._fields.items():
            field.show_problem(words.pop(name, ""))
        self._rest.show_problem("\n".join(words.values()))
        first = next((self._fields[problem.field] for problem in problems if problem.field in self._fields), None)
        if first is not None:
            first.setFocus()

    def _fill_providers(self, providers: Iterable[tuple[str, str]]) -> None:
        self.provider.addItem(translate("Prices", "Any provider"), "")
        for profile_id, name in providers:
            self.provider.addItem(name, profile_id)
        if self.provider.findData(self._draft.profile) < 0:  # it is gone, but the price is still there
            self.provider.addItem(self._draft.profile, self._draft.profile)
        self.provider.setCurrentIndex(self.provider.findData(self._draft.profile))

    def _arrange(self) -> None:
        hints = {
            "model": translate("Prices", "The provider's name for the model; * stands for anything."),
            "cache_read": translate("Prices", "Dollars per million tokens. Empty: as input."),
            "cache_write": translate("Prices", "Dollars per million tokens. Empty: as input."),
            "above": translate("Prices", "Only for prompts of more tokens than this. Empty: for all."),
        }
        for name, hint in hints.items():
            self.lines[name].setToolTip(hint)
            self.lines[name].setAccessibleDescription(hint)
        form = QFormLayout()
        form.setVerticalSpacing(10)
        form.setHorizontalSpacing(theme.PAD)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        form.addRow(translate("Prices", "&Model"), self._fields["model"])
        form.addRow("", theme.muted(hints["model"]))
        form.addRow(translate("Prices", "&Provider"), self.provider)
        form.addRow(translate("Prices", "&Input"), self._fields["input"])
        form.addRow(translate("Prices", "&Output"), self._fields["output"])
        form.addRow(translate("Prices", "Cache &read"), self._fields["cache_read"])
        form.addRow(translate("Prices", "Cache &write"), self._fields["cache_write"])
        form.addRow("", theme.muted(hints["cache_read"]))
        form.addRow(translate("Prices", "Prompts &above"), self._fields["above"])
        form.addRow("", theme.muted(hints["above"]))
        form.addRow(translate("Prices", "&Valid from"), self._fields["since"])
        form.addRow(self._rest)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.PAD, theme.PAD, theme.PAD, theme.PAD)
        column.setSpacing(theme.PAD)
        column.addLayout(form)
        column.addStretch(1)
        column.addWidget(self.buttons)
        self.save.setDefault(True)
        self.setMinimumWidth(WIDTH)

    def _ask_save(self) -> None:
        self.save.setEnabled(False)
        self._show_problems(())
        self.saveRequested.emit(self.draft())
