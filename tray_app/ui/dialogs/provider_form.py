"""The tabs of the provider editor as one form: a draft in, a draft out, and problems beside their fields, wherever they are."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QTabWidget, QVBoxLayout, QWidget

from tray_app.editing import FieldProblem, ModelList, Pairs, PresetChoice, ProfileDraft
from tray_app.ui import problem_text, theme
from tray_app.ui.dialogs.aliases_tab import AliasesTab
from tray_app.ui.dialogs.basics_tab import BasicsTab
from tray_app.ui.dialogs.connection_tab import ConnectionTab
from tray_app.ui.dialogs.expert_tab import ExpertTab
from tray_app.ui.dialogs.tab import Tab
from tray_app.ui.text import translate


class ProviderForm(QWidget):
    """The form. `others` are ids and names of the other providers.

    Signals:
        changed(): the user changed something.
        listRequested(): the provider shall be asked for its models.
    """

    changed = Signal()
    listRequested = Signal()

    def __init__(self, draft: ProfileDraft | None, presets: tuple[PresetChoice, ...], others: Pairs = ()) -> None:
        super().__init__()
        self.basics = BasicsTab(draft, presets)
        self.aliases = AliasesTab()
        self.connection = ConnectionTab(others)
        self.expert = ExpertTab()
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self._tabs: tuple[tuple[Tab, str], ...] = (
            (self.basics, translate("Editor", "Provider")),
            (self.aliases, translate("Editor", "Model names")),
            (self.connection, translate("Editor", "Connection")),
            (self.expert, translate("Editor", "Overrides and notes")),
        )
        self._rest = QLabel()
        self._rest.setObjectName("problem")
        self._rest.setWordWrap(True)
        self._rest.setTextFormat(Qt.TextFormat.PlainText)
        self._rest.setContentsMargins(theme.PAD, 0, theme.PAD, theme.GAP)
        self._rest.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.tabs)
        column.addWidget(self._rest)
        for tab, title in self._tabs:
            self.tabs.addTab(tab, title)
            tab.changed.connect(self.changed)
        self.basics.presetChosen.connect(self._take_preset)
        self.basics.models.listRequested.connect(self.listRequested)
        self._base = draft or (presets[0].draft if presets else ProfileDraft())
        self._show(self._base)
        self._as_opened = self.draft()
        self._first: QWidget = self.basics.preset if draft is None else self.line("name")

    def focus_first(self) -> None:
        """Put the cursor where one begins."""
        self._first.setFocus()

    def line(self, name: str) -> QLineEdit:
        """The text field of an attribute of the draft."""
        tab = next((tab for tab, _ in self._tabs if name in tab.lines), self.basics)
        return tab.lines[name] if name in tab.lines else self.basics.line(name)

    def draft(self) -> ProfileDraft:
        """What the form says."""
        draft = self._base
        for tab, _ in self._tabs:
            draft = tab.apply(draft)
        return draft

    def is_touched(self) -> bool:
        """Whether something would be lost by closing: a change, or a key."""
        return self.draft() != self._as_opened or bool(self.secret())

    def secret(self) -> str:
        """The key as typed; empty if the stored one stays."""
        return self.basics.keys.secret()

    def wipe_secret(self) -> None:
        """Forget the key."""
        self.basics.keys.key.clear()

    def show_models(self, found: ModelList) -> None:
        """What the provider lists, or why it does not."""
        self.basics.models.show_models(found)

    def show_problems(self, problems: tuple[FieldProblem, ...]) -> None:
        """Mark the wrong fields and their tabs and put the cursor into the first; what has no field stands below."""
        words = {problem.field: problem_text.field_problem(problem) for problem in problems}
        first = True
        for number, (tab, title) in enumerate(self._tabs):
            wrong = [name for name in tab.fields if name in words]
            self.tabs.setTabText(number, f"{title} ⚠" if wrong else title)
            for name, field in tab.fields.items():
                field.show_problem(words.get(name, ""))
            if wrong and first:
                first = False
                self.tabs.setCurrentIndex(number)
                tab.reveal(wrong[0])
        known = {name for tab, _ in self._tabs for name in tab.fields}
        rest = [text for name, text in words.items() if name not in known]
        self._rest.setText("\n".join(rest))
        self._rest.setVisible(bool(rest))

    def _take_preset(self, choice: PresetChoice) -> None:
        self._show(choice.draft)
        self._as_opened = self.draft()

    def _show(self, draft: ProfileDraft) -> None:
        self._base = draft
        for tab, _ in self._tabs:
            tab.show_draft(draft)
