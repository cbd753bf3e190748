"""Adds or edits a provider: a form over a `ProfileDraft`, with the problems beside the fields and a test before saving.

The key stands in one password field while the dialog is open and leaves it by a signal only; it is wiped when the dialog
closes and is never read back from anywhere. Opened with `open()`. The form itself is `provider_form.py`.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFrame, QPushButton, QScrollArea, QVBoxLayout, QWidget

from tray_app.editing import FieldProblem, PresetChoice, ProfileDraft, SaveResult
from tray_app.proxy.events import TrialReport
from tray_app.ui import theme
from tray_app.ui.dialogs.provider_form import ProviderForm
from tray_app.ui.text import translate
from tray_app.ui.trial_view import TrialView
from tray_app.ui.widgets import Panel

EDITOR_SIZE = (600, 700)


class ProviderEditor(QDialog):
    """One provider.

    Signals:
        saveRequested(ProfileDraft, str), testRequested(ProfileDraft, str): the draft, and the key or an empty string.
    """

    saveRequested = Signal(object, str)
    testRequested = Signal(object, str)

    def __init__(
        self, draft: ProfileDraft | None, presets: tuple[PresetChoice, ...], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        new = draft is None
        self.setWindowTitle(translate("Editor", "Add a provider") if new else translate("Editor", "Edit provider"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*EDITOR_SIZE)
        self.form = ProviderForm(draft, presets)
        self.trial = TrialView()
        self.test = QPushButton(translate("Editor", "&Test"))
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel | QDialogButtonBox.StandardButton.Save)
        self.save = self.buttons.button(QDialogButtonBox.StandardButton.Save)
        self._arrange()
        self.form.changed.connect(self.trial.show_nothing)
        self.test.clicked.connect(self._ask_test)
        self.buttons.accepted.connect(self._ask_save)
        self.buttons.rejected.connect(self.reject)
        self.finished.connect(lambda _: self.form.wipe_secret())

    def show_report(self, report: TrialReport) -> None:
        """The outcome of the test."""
        self.test.setEnabled(True)
        self.trial.show_report(report)

    def show_result(self, result: SaveResult) -> None:
        """Close if the profile was saved, else show what is wrong."""
        self._set_busy(busy=False)
        if result.problems:
            self.show_problems(result.problems)
        else:
            self.accept()

    def show_problems(self, problems: tuple[FieldProblem, ...]) -> None:
        """Mark the fields; nothing typed is lost."""
        self._set_busy(busy=False)
        self.trial.show_nothing()
        self.form.show_problems(problems)

    def _arrange(self) -> None:
        body = Panel("plain", pad=theme.PAD)
        body.box.addWidget(self.form)
        body.box.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(body)
        self.buttons.addButton(self.test, QDialogButtonBox.ButtonRole.ActionRole)
        self.save.setDefault(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(area, 1)
        foot = Panel("foot", pad=theme.PAD)
        foot.box.addWidget(self.trial)
        foot.box.addWidget(self.buttons)
        column.addWidget(foot)

    def _ask_save(self) -> None:
        self._set_busy(busy=True)
        self.form.show_problems(())
        self.saveRequested.emit(self.form.draft(), self.form.secret())

    def _ask_test(self) -> None:
        self.form.show_problems(())
        self.trial.show_running()
        self.test.setEnabled(False)
        self.testRequested.emit(self.form.draft(), self.form.secret())

    def _set_busy(self, *, busy: bool) -> None:
        self.save.setEnabled(not busy)
        self.test.setEnabled(not busy)
