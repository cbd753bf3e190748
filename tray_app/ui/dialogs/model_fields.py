"""Which model answers for which of Claude's: four lists that complete what is typed, filled from the provider on request."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QLineEdit, QPushButton, QSizePolicy

from tray_app.editing import ModelList, ProfileDraft
from tray_app.ui import theme
from tray_app.ui.dialogs.field import Field, combo, section, show_text
from tray_app.ui.dialogs.tab import Tab
from tray_app.ui.text import translate
from tray_app.ui.widgets import Quote, row

MODEL_FIELDS: Final = ("default_model", "opus", "sonnet", "haiku")


class ModelFields(QObject):
    """Rows of a tab's form.

    Signals:
        listRequested(): the provider shall be asked for its models.
    """

    listRequested = Signal()

    def __init__(self, tab: Tab, form: QFormLayout) -> None:
        super().__init__(tab)
        self.boxes = {name: combo(editable=True) for name in MODEL_FIELDS}
        self.fetch = QPushButton(translate("Editor", "Fetch &models"))
        self.fetch.setAutoDefault(False)  # Return saves, wherever the cursor is
        self._status = theme.muted()
        self._status.setWordWrap(False)
        self._refusal = Quote()
        self._refusal.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._refusal.hide()
        form.addRow(section(translate("Editor", "Models")))
        form.addRow(
            theme.muted(translate("Editor", "Which model answers when a client asks for Claude's. Empty: the default."))
        )
        labels = (translate("Editor", "&Default"), "&Opus", "Sonn&et", "&Haiku")
        for (name, box), label in zip(self.boxes.items(), labels, strict=True):
            tab.fields[name] = Field(box)
            form.addRow(label, tab.fields[name])
            _complete(box)
        form.addRow("", row(self.fetch, self._status, 1))
        form.addRow("", self._refusal)
        tab.listen_to(*self.boxes.values())
        self.fetch.clicked.connect(self._ask)

    def line(self, name: str) -> QLineEdit:
        """Where the name of a model is typed."""
        found = self.boxes[name].lineEdit()
        assert found is not None
        return found

    def show_draft(self, draft: ProfileDraft) -> None:
        """Fill the fields; what an earlier provider listed is gone."""
        self.show_models(ModelList())
        for name, box in self.boxes.items():
            show_text(box, getattr(draft, name))

    def apply(self, draft: ProfileDraft) -> ProfileDraft:
        """The draft with what the fields say."""
        names: dict[str, Any] = {name: box.currentText() for name, box in self.boxes.items()}
        return replace(draft, **names)

    def show_models(self, found: ModelList) -> None:
        """Offer what the provider lists, or show why it does not; what is typed stays."""
        self.fetch.setEnabled(True)
        for box in self.boxes.values():
            text = box.currentText()
            box.blockSignals(True)
            box.clear()
            box.addItems(list(found.models))
            show_text(box, text)
            box.blockSignals(False)
        number = translate("Editor", "%1 models to choose from").replace("%1", str(len(found.models)))
        self._status.setText(number if found.models else "")
        self._refusal.show_words(found.words)

    def _ask(self) -> None:
        self.fetch.setEnabled(False)
        self._refusal.hide()
        self._status.setText(translate("Editor", "Asking the provider…"))
        self.listRequested.emit()


def _complete(box: QComboBox) -> None:
    completer = box.completer()
    assert completer is not None
    completer.setFilterMode(Qt.MatchFlag.MatchContains)
    completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    completer.setCompletionMode(completer.CompletionMode.PopupCompletion)
    box.setMaxVisibleItems(16)
