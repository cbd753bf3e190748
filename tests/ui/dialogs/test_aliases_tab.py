"""Model names beyond the roles."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tray_app.editing import ProfileDraft
from tray_app.ui.dialogs.aliases_tab import AliasesTab

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def test_the_table_goes_in_and_out_and_is_explained(qtbot: QtBot) -> None:
    """The long-context ending too."""
    tab = AliasesTab()
    qtbot.addWidget(tab)
    draft = ProfileDraft(aliases=(("claude-x", "big"), ("gpt-*", "other")))
    tab.show_draft(draft)
    assert tab.apply(ProfileDraft()) == draft
    assert any("[1m]" in label.text() for label in tab.findChildren(QLabel))
