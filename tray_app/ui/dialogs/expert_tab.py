"""The tab for what only experts change: overrides of the capability record; and for notes."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QPlainTextEdit

from tray_app.editing import ProfileDraft
from tray_app.ui import theme
from tray_app.ui.dialogs.field import Field, section
from tray_app.ui.dialogs.tab import Tab
from tray_app.ui.text import translate

EXAMPLE = 'max_tokens_field = "max_completion_tokens"\ncontext_window = 131072\ndrop = ["parallel_tool_calls"]'
LINES = 8


class ExpertTab(Tab):
    """Two texts."""

    def __init__(self) -> None:
        super().__init__()
        self.overrides = QPlainTextEdit()
        self.overrides.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.overrides.setPlaceholderText(EXAMPLE)
        self.notes = QPlainTextEdit()
        for box, lines in ((self.overrides, LINES), (self.notes, LINES // 2)):
            box.setTabChangesFocus(True)
            box.setMinimumHeight(box.fontMetrics().lineSpacing() * lines + 12)
        self.fields["overrides"] = Field(self.overrides, name=translate("Editor", "Capability overrides"))
        self.fields["notes"] = Field(self.notes, name=translate("Editor", "Notes"))
        self.body.addWidget(section(translate("Editor", "Capability overrides")))
        self.body.addWidget(
            theme.muted(
                translate(
                    "Editor",
                    "What this provider accepts is known for most. Where it is not, say it here in TOML, a key a line; the keys "
                    "are those of capabilities.toml.",
                )
            )
        )
        self.body.addWidget(self.fields["overrides"], 2)
        self.body.addWidget(section(translate("Editor", "Notes")))
        self.body.addWidget(self.fields["notes"], 1)
        self.listen_to(self.overrides, self.notes)

    def show_draft(self, draft: ProfileDraft) -> None:
        self.overrides.setPlainText(draft.overrides)
        self.notes.setPlainText(draft.notes)

    def apply(self, draft: ProfileDraft) -> ProfileDraft:
        return replace(draft, overrides=self.overrides.toPlainText(), notes=self.notes.toPlainText())
