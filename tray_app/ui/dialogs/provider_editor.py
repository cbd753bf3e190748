"""Adds or edits a provider: a form over a `ProfileDraft`, with the problems beside the fields and a test before saving.

The key stands in one password field while the dialog is open and leaves it by a signal only; it is wiped when the dialog
closes and is never read back from anywhere. Opened with `open()`. The form itself is `provider_form.py`.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QDialog, QDialogButtonBox, QMessageBox, QPushButton, QVBoxLayout, QWidget

from tray_app.editing import FieldProblem, ModelList, Pairs, PresetChoice, ProfileDraft, SaveResult
from tray_app.proxy.events import TrialReport, TrialStep
from tray_app.ui import theme
from tray_app.ui.dialogs.provider_form import ProviderForm
from tray_app.ui.text import translate
from tray_app.ui.trial_view import TrialView
from tray_app.ui.widgets import Panel

EDITOR_SIZE: Final = QSize(640, 740)


class ProviderEditor(QDialog):
    """One provider; a draft without an id, or none, is a new one.

    Signals:
        saveRequested(ProfileDraft, str, bool): the draft, the key or an empty string, and whether to use it from now on.
        testRequested(ProfileDraft, str), listRequested(ProfileDraft, str): the draft, and the key or an empty string.
        cancelRequested(): the test shall be given up.
    """

    saveRequested = Signal(object, str, bool)
    testRequested = Signal(object, str)
    listRequested = Signal(object, str)
    cancelRequested = Signal()

    def __init__(
        self,
        draft: ProfileDraft | None,
        presets: tuple[PresetChoice, ...],
        parent: QWidget | None = None,
        others: Pairs = (),
    ) -> None:
        super().__init__(parent)
        new = draft is None or not draft.id
        self.setWindowTitle(translate("Editor", "Add a provider") if new else translate("Editor", "Edit provider"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(EDITOR_SIZE.boundedTo(self.screen().availableSize() - theme.FRAME))
        self.form = ProviderForm(draft, presets, others)
        self.trial = TrialView()
        self.test = QPushButton()
        self.test.setAutoDefault(False)
        self.use = QCheckBox(translate("Editor", "&Use it from now on"))
        self.use.setChecked(new)
        self.use.setVisible(new)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel | QDialogButtonBox.StandardButton.Save)
        self.save = self.buttons.button(QDialogButtonBox.StandardButton.Save)
        self._testing = False
        self._set_testing(testing=False)
        self._arrange()
        self._connect()
        self.form.focus_first()

    def show_progress(self, steps: tuple[TrialStep, ...]) -> None:
        """How far the test is."""
        if self._testing:
            self.trial.show_progress(steps)

    def show_report(self, report: TrialReport) -> None:
        """The outcome of the test."""
        if self._testing:
            self._set_testing(testing=False)
            self.trial.show_report(report)

    def show_models(self, found: ModelList) -> None:
        """What the provider lists, or why it does not."""
        self.form.show_models(found)

    def show_result(self, result: SaveResult) -> None:
        """Close if the profile was saved, else show what is wrong."""
        self.save.setEnabled(True)
        if result.problems:
            self.show_problems(result.problems)
        else:
            self.accept()

    def show_problems(self, problems: tuple[FieldProblem, ...]) -> None:
        """Mark the fields; nothing typed is lost."""
        self._set_testing(testing=False)
        self.trial.show_nothing()
        self.form.show_problems(problems)

    def reject(self) -> None:
        """Close, after a question if something would be lost."""
        if self.form.is_touched():
            self._ask_discard()
        else:
            self.give_up()

    def give_up(self) -> None:
        """Close without a question."""
        if self._testing:
            self.cancelRequested.emit()
        super().reject()

    def _arrange(self) -> None:
        self.buttons.addButton(self.test, QDialogButtonBox.ButtonRole.ActionRole)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.form, 1)
        foot = Panel("foot", pad=theme.PAD)
        foot.box.addWidget(self.trial)
        foot.box.addWidget(self.use)
        foot.box.addWidget(self.buttons)
        column.addWidget(foot)
        self.save.setDefault(True)  # not before it stands in the dialog

    def _connect(self) -> None:
        self.form.changed.connect(self._forget_trial)
        self.form.listRequested.connect(self._ask_models)
        self.test.clicked.connect(self._toggle_test)
        self.buttons.accepted.connect(self._ask_save)
        self.buttons.rejected.connect(self.reject)
        self.finished.connect(lambda _: self.form.wipe_secret())

    def _ask_save(self) -> None:
        self.save.setEnabled(False)
        self.form.show_problems(())
        self.saveRequested.emit(self.form.draft(), self.form.secret(), self.use.isChecked())

    def _ask_models(self) -> None:
        self.form.show_problems(())
        self.listRequested.emit(self.form.draft(), self.form.secret())

    def _toggle_test(self) -> None:
        if self._testing:
            self._forget_trial()
            return
        self.form.show_problems(())
        self._set_testing(testing=True)
        self.trial.show_running()
        self.testRequested.emit(self.form.draft(), self.form.secret())

    def _forget_trial(self) -> None:
        """What was tested is not what stands in the form any more, or nobody wants to know."""
        if self._testing:
            self._set_testing(testing=False)
            self.cancelRequested.emit()
        self.trial.show_nothing()

    def _set_testing(self, *, testing: bool) -> None:
        self._testing = testing
        self.test.setText(translate("Editor", "Cancel &test") if testing else translate("Editor", "&Test"))

    def _ask_discard(self) -> None:
        words = translate("Editor", "What you changed has not been saved.")
        box = QMessageBox(QMessageBox.Icon.Question, self.windowTitle(), words, parent=self)
        stay = box.addButton(translate("Editor", "Keep editing"), QMessageBox.ButtonRole.RejectRole)
        box.addButton(translate("Editor", "Discard"), QMessageBox.ButtonRole.DestructiveRole).clicked.connect(
            self.give_up
        )
        box.setDefaultButton(stay)
        box.setEscapeButton(stay)
        box.finished.connect(box.deleteLater)
        box.open()
