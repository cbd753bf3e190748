"""The tab for model names beyond the four roles: exact aliases and patterns."""

from __future__ import annotations

from dataclasses import replace

from tray_app.editing import ProfileDraft
from tray_app.ui.dialogs.field import Field
from tray_app.ui.dialogs.pairs_table import PairsTable
from tray_app.ui.dialogs.tab import Tab
from tray_app.ui.text import translate
from tray_app.ui.widgets import wrapped


class AliasesTab(Tab):
    """A table, and how it is read."""

    def __init__(self) -> None:
        super().__init__()
        self.table = PairsTable(
            (translate("Editor", "When a client asks for"), translate("Editor", "Send")),
            rows=6,
        )
        self.fields["aliases"] = Field(self.table, name=translate("Editor", "Model names"))
        self.body.addWidget(
            wrapped(
                translate(
                    "Editor",
                    "These rows count before the four roles. Exact names come first, then patterns with * and ? from top to "
                    "bottom, then the role in the name, then the default; what nothing matches is sent as it is.",
                )
            )
        )
        self.body.addWidget(self.fields["aliases"])
        self.body.addWidget(
            wrapped(
                translate(
                    "Editor",
                    "Claude Code adds [1m] to a name to ask for a context of a million tokens. The ending is taken off before "
                    "names are compared, so leave it out here; whether so much fits is up to the model.",
                )
            )
        )
        self.body.addStretch(1)
        self.listen_to(self.table)

    def show_draft(self, draft: ProfileDraft) -> None:
        self.table.show_pairs(draft.aliases)

    def apply(self, draft: ProfileDraft) -> ProfileDraft:
        return replace(draft, aliases=self.table.pairs())
