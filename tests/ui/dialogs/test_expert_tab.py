"""Overrides and notes."""

from __future__ import annotations

import tomllib

import pytest
from pytestqt.qtbot import QtBot

from tray_app.editing import ProfileDraft
from tray_app.translation.capabilities import resolve
from tray_app.ui.dialogs.expert_tab import EXAMPLE, ExpertTab

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def test_texts_go_in_and_out(qtbot: QtBot) -> None:
    """As they are."""
    tab = ExpertTab()
    qtbot.addWidget(tab)
    draft = ProfileDraft(overrides="max_tools = 3\n", notes="mine\n")
    tab.show_draft(draft)
    assert tab.apply(ProfileDraft()) == draft


def test_the_example_is_a_good_one() -> None:
    """It would be accepted as it stands."""
    assert resolve("x.example", "", overrides=tomllib.loads(EXAMPLE)).context_window == 131_072
